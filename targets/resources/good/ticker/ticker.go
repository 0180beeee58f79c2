// oracle: clean entries=TestWatch
//
// Closing the monitor stops both.

package ticker

import (
	"sync/atomic"
	"time"
)

// Monitor checks something every half minute.
type Monitor struct {
	closed chan struct{}
	checks atomic.Int64
}

// Watch starts a monitor.
func Watch(check func() bool) *Monitor {
	m := &Monitor{closed: make(chan struct{})}
	ticker := time.NewTicker(30 * time.Second)
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if check() {
					m.checks.Add(1)
				}
			case <-m.closed:
				return
			}
		}
	}()
	return m
}

// Close ends the monitor.
func (m *Monitor) Close() { close(m.closed) }
