// oracle: leak class=cache kind=map file=../../cache.go line=36 or=41,44 func=Get rate=1 driver=call entries=main

// Command cache greets a user; one without an account gets a name of their own.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"

	"example.com/textbook"
)

func main() {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	name := "Guest " + hex.EncodeToString(id[:])
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	fmt.Println(textbook.Get(name).Greeting)
}
