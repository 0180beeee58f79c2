// oracle: leak class=resource kind=socket line=60 func=First rate=1 driver=call entries=TestFirst id=first
// oracle: leak class=resource kind=socket line=74 func=Remember rate=1 driver=call entries=TestRemember id=remember
//
// A session has a connection, who reads from it, and who looks after it. Both are started by functions of their own, and end
// when the session is closed: one cause. A global list keeps the second kind.

package session

import (
	"bufio"
	"net"
	"sync"
)

// Session receives lines from a peer.
type Session struct {
	conn  net.Conn
	lines chan string
	done  chan struct{}
	once  sync.Once
}

// Open connects to a peer.
func Open(addr string) (*Session, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Session{conn: conn, lines: make(chan string, 1), done: make(chan struct{})}
	s.startReading()
	s.lookAfter()
	return s, nil
}

func (s *Session) startReading() { go s.read() }

func (s *Session) read() {
	scanner := bufio.NewScanner(s.conn)
	for scanner.Scan() {
		select {
		case s.lines <- scanner.Text():
		case <-s.done:
			return
		}
	}
}

func (s *Session) lookAfter() {
	go func() {
		<-s.done
		s.conn.Close()
	}()
}

// Close ends the session.
func (s *Session) Close() { s.once.Do(func() { close(s.done) }) }

// First returns the first line that a peer sends.
func First(addr string) (string, error) {
	s, err := Open(addr) // culprit: first
	if err != nil {
		return "", err
	}
	return <-s.lines, nil
}

var sessions struct {
	sync.Mutex
	open []*Session
}

// Remember opens a session for later.
func Remember(addr string) error {
	s, err := Open(addr) // culprit: remember
	if err != nil {
		return err
	}
	sessions.Lock()
	defer sessions.Unlock()
	sessions.open = append(sessions.open, s)
	return nil
}
