// oracle: delayed hold=40s entries=TestTalk
//
// Each client says one thing and then waits to be hung up on. The server is patient for 40 seconds.

package readdeadline

import (
	"io"
	"net"
	"time"
)

const patience = 40 * time.Second

// Serve repeats what clients say, until they have been silent for too long.
func Serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, 64)
	for {
		conn.SetReadDeadline(time.Now().Add(patience))
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		if _, err := conn.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// Talk says something and returns the answer. The connection is closed when the server hangs up.
func Talk(addr, text string) (string, error) {
	answer := make([]byte, len(text))
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte(text)); err != nil {
		conn.Close()
		return "", err
	}
	if _, err := io.ReadFull(conn, answer); err != nil {
		conn.Close()
		return "", err
	}
	go drain(conn)
	return string(answer), nil
}

func drain(conn net.Conn) {
	defer conn.Close()
	io.Copy(io.Discard, conn)
}
