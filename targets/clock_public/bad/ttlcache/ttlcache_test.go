package ttlcache

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	tokens = sync.OnceValue(NewTokens)
	issued atomic.Int64
)

func TestIssue(t *testing.T) { tokens().Issue(fmt.Sprint("token ", issued.Add(1)), "ada") }

func TestOnce(t *testing.T) {
	if !Once("token") {
		t.Error("the token is not there")
	}
}
