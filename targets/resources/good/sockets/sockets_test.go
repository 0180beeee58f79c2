package sockets

import (
	"net"
	"sync"
	"testing"
)

var shared = sync.OnceValues(func() (*Client, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go Serve(listener)
	return NewClient(listener.Addr().String()), nil
})

func TestRefused(t *testing.T) {
	client, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Connect("mallory"); err != errRefused {
		t.Error(err)
	}
}

func TestWelcome(t *testing.T) {
	client, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := client.Connect("ada")
	if err != nil {
		t.Fatal(err)
	}
	client.Close(conn)
}
