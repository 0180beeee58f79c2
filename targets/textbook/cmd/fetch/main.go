// oracle: leak class=goroutine kind="chan receive" file=../../fetch.go line=28 func=Start rate=1 driver=call entries=main

// Command fetch prints one document.
package main

import (
	"fmt"
	"os"

	"example.com/textbook"
)

func main() {
	path := "/index.html"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	body, err := textbook.Handle(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Printf("%s", body)
}
