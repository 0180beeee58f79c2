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
