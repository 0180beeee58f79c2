// oracle: clean entries=TestUpdate
//
// The key is taken off when nobody holds the lock or waits for it.

package keylock

import "sync"

type keyLock struct {
	token chan struct{}
	users int
}

// Locks has a lock for every key in use.
type Locks struct {
	mu    sync.Mutex
	locks map[string]*keyLock
}

// Lock locks a key.
func (l *Locks) Lock(key string) {
	l.mu.Lock()
	lock, ok := l.locks[key]
	if !ok {
		lock = &keyLock{token: make(chan struct{}, 1)}
		l.locks[key] = lock
	}
	lock.users++
	l.mu.Unlock()
	lock.token <- struct{}{}
}

// Unlock unlocks a key.
func (l *Locks) Unlock(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock := l.locks[key]
	<-lock.token
	if lock.users--; lock.users == 0 {
		delete(l.locks, key)
	}
}

// Update lets n users write under one key, side by side.
func Update(n int, key string, rows chan string) (done <-chan struct{}) {
	locks := Locks{locks: map[string]*keyLock{}}
	end := make(chan struct{}, n)
	for range n {
		go func() {
			locks.Lock(key)
			rows <- key
			locks.Unlock(key)
			end <- struct{}{}
		}()
	}
	return end
}
