package rearmed

import "testing"

func TestWatch(t *testing.T) { Watch() }

func TestWatchUntilDone(t *testing.T) { Watch().Done() }
