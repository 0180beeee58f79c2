// Command greet greets its arguments.
package main

import (
	"fmt"
	"os"

	"example.com/plain/shop"
)

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println(shop.Greet(name))
	}
}
