package deadlines

import "testing"

func FuzzAsk(f *testing.F) {
	f.Add("why?")
	f.Fuzz(func(t *testing.T, question string) { Ask(question) })
}

func TestAsk(t *testing.T) { Ask("why?") }
