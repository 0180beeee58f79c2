package smallerrbuffer

import (
	"errors"
	"testing"
)

var errFull = errors.New("disk is full")

type fullDisk struct{}

func (fullDisk) Store(string) error { return errFull }

func TestReplicate(t *testing.T) {
	if err := Replicate([]Replica{fullDisk{}, fullDisk{}, fullDisk{}}, "record"); err != errFull {
		t.Errorf("Replicate: %v", err)
	}
}
