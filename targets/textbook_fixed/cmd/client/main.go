// oracle: clean entries=main

// Command client checks the health of a service that it serves itself.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	textbook "example.com/textbook_fixed"
)

// service starts the service, once in the life of the process.
var service = sync.OnceValues(func() (*textbook.Client, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", textbook.Health)
	go http.Serve(listener, mux)
	return textbook.NewClient("http://" + listener.Addr().String()), nil
})

func main() {
	client, err := service()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	if err := client.Check(context.Background(), "database"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Println("database is up")
}
