package walk

import "testing"

func FuzzStep(f *testing.F) {
	f.Add("step")
	f.Fuzz(func(t *testing.T, name string) { Step(name) })
}

func TestStep(t *testing.T) { Step("step") }
