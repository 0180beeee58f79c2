package producererror

import (
	"strings"
	"sync/atomic"
	"testing"
)

func FuzzLoad(f *testing.F) {
	f.Add("a,1\nb,2")
	f.Fuzz(func(t *testing.T, text string) {
		var stored atomic.Int64
		rows := strings.Split(text, "\n")
		if err := Load(rows, func(string, string) { stored.Add(1) }); err == nil && stored.Load() > int64(len(rows)) {
			t.Error("more was stored than was there")
		}
	})
}

func TestFailure(t *testing.T) {
	if err := Load([]string{"a,1", "b"}, func(string, string) {}); err != errRow {
		t.Errorf("Load: %v", err)
	}
}
