package shop_test

import (
	"os"
	"strings"
	"testing"

	"example.com/plain/shop"
)

func TestOutside(t *testing.T) {
	names, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := shop.Greet(strings.TrimSpace(string(names))); got != "good day Ada, that is 3 coins" {
		t.Fatal(got)
	}
}
