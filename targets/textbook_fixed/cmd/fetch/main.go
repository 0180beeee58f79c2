// oracle: clean entries=main

// Command fetch prints one document.
package main

import (
	"fmt"
	"os"

	textbook "example.com/textbook_fixed"
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
