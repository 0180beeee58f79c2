package expirable

import (
	"fmt"
	"sync/atomic"
	"testing"
)

var questions atomic.Int64

func question() string { return fmt.Sprint("question ", questions.Add(1)) }

func TestRemember(t *testing.T) {
	if Remember(question(), "42") != "42" {
		t.Error("forgotten")
	}
}

func TestRememberLong(t *testing.T) {
	if RememberLong(question(), "42") != "42" {
		t.Error("forgotten")
	}
}
