package tickerrange

import "testing"

func TestBuffer(t *testing.T) {
	written := 0
	b := NewBuffer(func(lines []string) { written += len(lines) })
	b.Add("started")
	b.Stop()
	if written != 1 {
		t.Errorf("%d lines written", written)
	}
}
