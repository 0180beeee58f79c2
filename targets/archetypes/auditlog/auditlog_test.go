package auditlog

import (
	"sync/atomic"
	"testing"
)

var users atomic.Int64

func TestLogin(t *testing.T) { Login(1_000_000 + users.Add(1)) }

func TestRefused(t *testing.T) { Refuse(1_000_000 + users.Add(1)) }
