// oracle: clean entries=TestRefused,TestWelcome
//
// A connection that fails its hand-shake is closed and taken off the list.

package sockets

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"sync"
)

var errRefused = errors.New("server refused")

// Client has some connections to a server.
type Client struct {
	address string
	mu      sync.Mutex
	conns   map[net.Conn]bool
}

// NewClient returns a client without connections.
func NewClient(address string) *Client {
	return &Client{address: address, conns: map[net.Conn]bool{}}
}

// Connect opens a connection for a user.
func (c *Client) Connect(user string) (net.Conn, error) {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.conns[conn] = true
	c.mu.Unlock()
	fmt.Fprintln(conn, user)
	reply, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || reply != "welcome\n" {
		c.Close(conn)
		return nil, errRefused
	}
	return conn, nil
}

// Close closes one connection.
func (c *Client) Close(conn net.Conn) {
	c.mu.Lock()
	delete(c.conns, conn)
	c.mu.Unlock()
	conn.Close()
}

// Serve welcomes everybody but mallory, and keeps each connection until the client closes it.
func Serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			lines := bufio.NewScanner(conn)
			for lines.Scan() {
				if lines.Text() == "mallory" {
					fmt.Fprintln(conn, "go away")
				} else {
					fmt.Fprintln(conn, "welcome")
				}
			}
		}()
	}
}
