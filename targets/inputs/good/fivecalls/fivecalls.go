// oracle: clean entries=FuzzDo
//
// Dropping the connection ends the keeper of its lock.

package fivecalls

// The commands of a session, in the order in which they make sense.
const (
	Connect = iota
	Login
	Select
	Lock
	Drop
	commands
)

// Session is what a server knows of its one client.
type Session struct {
	state int
	done  chan struct{}
}

// Do carries out a command; one that does not fit ends the session.
func (s *Session) Do(command int) bool {
	if command != s.state {
		if s.done != nil {
			close(s.done)
			s.done = nil
		}
		s.state = Connect
		return false
	}
	switch command {
	case Lock:
		done := make(chan struct{})
		s.done = done
		go func() {
			<-done // the lock is kept until then
		}()
	case Drop:
		close(s.done)
		s.done = nil
	}
	s.state = (s.state + 1) % commands
	return true
}
