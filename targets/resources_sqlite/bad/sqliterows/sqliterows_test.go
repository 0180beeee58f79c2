package sqliterows

import (
	"fmt"
	"os"
	"testing"
)

var notes *Notes

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "notes")
	if err == nil {
		notes, err = Open(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func TestFind(t *testing.T) {
	if text, err := notes.Find("ada"); err != nil || text != "call ada" {
		t.Errorf("Find: %q, %v", text, err)
	}
}
