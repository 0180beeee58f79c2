package besides

import "testing"

var calls int

func TestHandle(*testing.T) { calls++; handle(calls) }

func TestOpen(t *testing.T) {
	calls++
	if err := open(calls); err != nil {
		t.Error(err)
	}
}

func TestSubscribe(*testing.T) { calls++; subscribe(calls) }
