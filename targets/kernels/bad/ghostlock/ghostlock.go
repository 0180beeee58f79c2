// oracle: leak class=goroutine kind="chan receive" line=39 func=Mutex.WithLater rate=0..1 driver=call stock=1.8 random=1.6 yield=1.7 entries=TestGiveUp
// oracle: leak class=goroutine kind="chan send" line=22 id=ghost func=Mutex.Lock rate=0..1 driver=call entries=TestGiveUp
//
// Who gives up waiting for the lock leaves a goroutine behind that still waits for it, gets it, and has
// nobody to give it back.

package ghostlock

import "context"

// Mutex is a lock for which one can stop waiting.
type Mutex struct {
	token chan struct{}
}

// New returns an open lock.
func New() *Mutex { return &Mutex{token: make(chan struct{}, 1)} }

// Lock waits for the lock until the context ends.
func (m *Mutex) Lock(ctx context.Context) error {
	got := make(chan struct{})
	go func() { // culprit: ghost
		m.token <- struct{}{}
		close(got)
	}()
	select {
	case <-got:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Unlock gives back the lock.
func (m *Mutex) Unlock() { <-m.token }

// WithLater runs f under the lock in the background.
func (m *Mutex) WithLater(f func()) {
	go func() { // culprit
		if m.Lock(context.Background()) == nil {
			defer m.Unlock()
			f()
		}
	}()
}
