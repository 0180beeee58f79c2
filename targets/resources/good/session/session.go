// oracle: clean entries=TestFirst,TestRemember
//
// As bad/session, and the sessions are closed.

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
	s, err := Open(addr)
	if err != nil {
		return "", err
	}
	defer s.Close()
	return <-s.lines, nil
}

var sessions struct {
	sync.Mutex
	open []*Session
}

// Remember opens a session for later.
func Remember(addr string) error {
	s, err := Open(addr)
	if err != nil {
		return err
	}
	sessions.Lock()
	defer sessions.Unlock()
	for _, old := range sessions.open {
		old.Close()
	}
	sessions.open = append(sessions.open[:0], s)
	return nil
}
