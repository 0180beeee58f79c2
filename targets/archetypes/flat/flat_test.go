package flat

import (
	"fmt"
	"testing"
)

func FuzzChecksum(f *testing.F) {
	f.Add("some text")
	f.Fuzz(func(t *testing.T, text string) { Checksum(text) })
}

func TestChecksum(t *testing.T) {
	if Checksum("a b") == Checksum("b a") {
		t.Error("the order of the words does not matter")
	}
}

func BenchmarkChecksum(b *testing.B) {
	for range b.N {
		Checksum("some text")
	}
}

func ExampleChecksum() {
	fmt.Println(Checksum(""))
	// Output: 0
}
