// oracle: clean entries=TestGiveUp
//
// Waiting for the lock and for the end of the context happen in one select, without a goroutine.

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
	select {
	case m.token <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Unlock gives back the lock.
func (m *Mutex) Unlock() { <-m.token }

// WithLater runs f under the lock in the background.
func (m *Mutex) WithLater(f func()) {
	go func() {
		if m.Lock(context.Background()) == nil {
			defer m.Unlock()
			f()
		}
	}()
}
