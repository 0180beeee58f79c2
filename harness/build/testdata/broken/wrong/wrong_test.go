package wrong

import "testing"

func TestWrong(t *testing.T) { Wrong() }
