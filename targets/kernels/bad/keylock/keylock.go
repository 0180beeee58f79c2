// oracle: leak class=goroutine kind="chan receive (nil chan)|chan receive|sync.Mutex.Lock|chan send" line=43 func=Update rate=0..3 driver=call stock=0.00075 random=0.0001 yield=0.89 entries=TestUpdate
//
// Unlock takes the key off the table while another one waits for its lock; that one will look for a lock that
// is no longer there.

package keylock

import "sync"

type keyLock chan struct{}

// Locks has a lock for every key in use.
type Locks struct {
	mu    sync.Mutex
	locks map[string]keyLock
}

// Lock locks a key.
func (l *Locks) Lock(key string) {
	l.mu.Lock()
	lock, ok := l.locks[key]
	if !ok {
		lock = make(keyLock, 1)
		l.locks[key] = lock
	}
	l.mu.Unlock()
	lock <- struct{}{}
}

// Unlock unlocks a key.
func (l *Locks) Unlock(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	<-l.locks[key]
	delete(l.locks, key)
}

// Update lets n users write under one key, side by side.
func Update(n int, key string, rows chan string) (done <-chan struct{}) {
	locks := Locks{locks: map[string]keyLock{}}
	end := make(chan struct{}, n)
	for range n {
		go func() { // culprit
			locks.Lock(key)
			rows <- key
			locks.Unlock(key)
			end <- struct{}{}
		}()
	}
	return end
}
