package agent

import (
	"bytes"
	"runtime"
	"testing"
)

func TestTheYoungestGoroutinesAreInTheText(t *testing.T) {
	limit := uint64(64 << 10)
	if text := readStacks(limit); !bytes.HasPrefix(text, []byte("goroutine ")) || !bytes.Contains(text[:64], []byte("running")) {
		t.Errorf("the caller's is not the first:\n%s", text)
	}
	end := make(chan int)
	defer close(end)
	for range 2000 {
		go func() { <-end }()
	}
	go theYoungest(end)
	for before := 0; before != runtime.NumGoroutine(); runtime.Gosched() {
		before = runtime.NumGoroutine()
	}
	text := readStacks(limit)
	if uint64(len(text)) > limit || !bytes.HasPrefix(text, []byte(leftOut+"goroutine ")) {
		t.Errorf("%d bytes, %.80s", len(text), text)
	}
	if !bytes.Contains(text, []byte("theYoungest(")) {
		t.Error("the youngest is left out")
	}
	if uint64(len(stackBuffer)) > limit {
		t.Error("the memory for all of them is kept")
	}
}

func theYoungest(end chan int) { <-end }
