package bytebuffer

import "testing"

func TestTrace(t *testing.T) { Trace(17) }

func TestLog(t *testing.T) { Log(17) }
