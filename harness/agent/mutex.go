package agent

import "sync"

// mutex is a sync.Mutex that does not yield while it is free: yields are for the locks of the program under test.
type mutex struct{ sync.Mutex }

func (m *mutex) Lock() {
	if !m.TryLock() {
		m.Mutex.Lock()
	}
}
