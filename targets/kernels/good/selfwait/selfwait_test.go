package selfwait

import "testing"

func TestRun(t *testing.T) {
	new(Import).Run([]string{"a\nb\n", "c\n"})
}
