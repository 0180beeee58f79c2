// oracle: leak class=resource kind=ticker line=21 or=22 func=Watch rate=1 driver=call entries=TestWatch
//
// Every monitor has a ticker and a goroutine that waits for it; closing the monitor stops neither.

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
	ticker := time.NewTicker(30 * time.Second) // culprit
	go func() {                                // also right
		for range ticker.C {
			if check() {
				m.checks.Add(1)
			}
		}
	}()
	return m
}

// Close ends the monitor.
func (m *Monitor) Close() { close(m.closed) }
