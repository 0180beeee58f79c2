package replylost

import (
	"strings"
	"testing"
	"time"
)

func TestGo(t *testing.T) {
	select {
	case answer := <-Dial(1, strings.ToUpper).Go("hello"):
		if answer != "HELLO" {
			t.Errorf("answer %q", answer)
		}
	case <-time.After(time.Millisecond):
	}
}
