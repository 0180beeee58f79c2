package good

import "time"

type session struct{ timeout *time.Timer }

func newSession(end func()) *session {
	return &session{time.AfterFunc(24*time.Hour, end)}
}

func (s *session) close() { s.timeout.Stop() }
