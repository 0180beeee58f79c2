package gocache

import (
	"fmt"
	"sync/atomic"
	"testing"
)

var names atomic.Int64

func TestNewName(t *testing.T) { Greet(fmt.Sprint("name ", names.Add(1))) }

func TestNewVisitor(t *testing.T) { Welcome(fmt.Sprint("visitor ", names.Add(1))) }
