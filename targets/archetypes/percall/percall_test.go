package percall

import (
	"fmt"
	"testing"
)

func FuzzOrder(f *testing.F) {
	f.Add("book")
	f.Fuzz(func(t *testing.T, article string) { Order(article) })
}

func TestOrder(t *testing.T) { Order("book") }

func BenchmarkOrder(b *testing.B) {
	for range b.N {
		Order("book")
	}
}

func ExampleOrder() {
	fmt.Println(Order("book"))
	// Output: order of book
}
