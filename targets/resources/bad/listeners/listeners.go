// oracle: leak class=resource kind=socket line=25 func=NewSession rate=1 driver=call entries=TestSession
//
// Every session opens a control socket; the end of the session ends the loop's owner, but not the socket.

package listeners

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
)

var number atomic.Int64

// Session can be controlled over a socket of its own.
type Session struct {
	control  net.Listener
	commands chan string
}

// NewSession starts a session.
func NewSession() (*Session, error) {
	name := fmt.Sprintf("@session-%d-%d", os.Getpid(), number.Add(1))
	control, err := net.Listen("unix", name) // culprit
	if err != nil {
		return nil, err
	}
	s := &Session{control, make(chan string, 1)}
	go s.accept()
	return s, nil
}

func (s *Session) accept() {
	for {
		conn, err := s.control.Accept()
		if err != nil {
			return
		}
		command := make([]byte, 64)
		n, _ := conn.Read(command)
		conn.Close()
		select {
		case s.commands <- string(command[:n]):
		default:
		}
	}
}

// End ends the session.
func (s *Session) End() {
	s.commands <- "end"
}
