package agent

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// call makes one call of f through a worker, as an entry of the kind.
func call(t *testing.T, kind int, f func([]any) (bool, bool, string)) (int, string) {
	t.Helper()
	wantKind, entry = kind, f
	return newWorker().call(nil)
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func([]any) (bool, bool, string)
		want int
		text string
	}{
		{"ok", func([]any) (bool, bool, string) { return false, false, "" }, outcomeOK, ""},
		{"failed", func([]any) (bool, bool, string) { return true, false, "why" }, outcomeFailed, "why"},
		{"skipped", func([]any) (bool, bool, string) { return false, true, "" }, outcomeSkipped, ""},
		{"panic", func([]any) (bool, bool, string) { panic("boom") }, outcomePanicked, "boom"},
		{"goexit", func([]any) (bool, bool, string) { runtime.Goexit(); return false, false, "" }, outcomeFailed, "Goexit"},
	} {
		if got, text := call(t, KindMain, c.f); got != c.want || !strings.Contains(text, c.text) {
			t.Errorf("%s: outcome %d %q, want %d %q", c.name, got, text, c.want, c.text)
		}
	}
}

func TestNotesAreBounded(t *testing.T) {
	r := &run{}
	for i := uint64(0); i < 100; i++ {
		r.add(i, outcomeFailed, strings.Repeat("x", 1<<20), 1, 0)
	}
	if len(r.outcomes) != 100 || r.noted != maxNotes || len(r.notes) > maxNotes*(maxNoteText+32) {
		t.Errorf("%d outcomes, %d notes of %d bytes", len(r.outcomes), r.noted, len(r.notes))
	}
}

func TestSettleWaitsForGoroutines(t *testing.T) {
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.Gosched()
			}
		}
	}()
	if quiet, waited := settle(20e6); quiet && schedulerKnown {
		t.Errorf("quiet after %v with a busy goroutine", time.Duration(waited))
	}
	close(stop)
	if quiet, waited := settle(2e9); !quiet {
		t.Errorf("not quiet after %v", time.Duration(waited))
	}
}

func TestFdProfileFollowsReuse(t *testing.T) {
	fdCreated(1000, "file")
	fdCreated(1000, "file") // closed behind our back, then opened anew
	p := kindNamed("fd.file")
	if p.total() != 1 {
		t.Errorf("%d open, want 1", p.total())
	}
	fdClosed(1000)
	fdClosed(1000)
	fdClosed(-1)
	fdCreated(1<<20, "file")
	if p.total() != 0 {
		t.Errorf("%d open, want 0", p.total())
	}
}
