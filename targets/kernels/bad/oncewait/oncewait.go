// oracle: leak class=goroutine kind=sync.Mutex.Lock line=30 func=DB.init rate=1 driver=call entries=TestPreload
// oracle: leak class=goroutine kind="chan receive" line=20 id=caller func=DB.Preload rate=1 driver=call entries=TestPreload
//
// Opening a database happens once and waits for its first checkpoint; the goroutine that makes the checkpoint
// opens the database first.

package oncewait

import "sync"

// DB opens itself at the first use.
type DB struct {
	once    sync.Once
	pages   map[int][]byte
	checked bool
}

// Preload opens the database before its first use.
func (db *DB) Preload() {
	go db.open() // culprit: caller
}

func (db *DB) open() {
	db.once.Do(db.init)
}

func (db *DB) init() {
	db.pages = map[int][]byte{0: []byte("header")}
	first := make(chan bool)
	go func() { // culprit
		first <- db.checkpoint()
	}()
	db.checked = <-first
}

func (db *DB) checkpoint() bool {
	db.open()
	return len(db.pages[0]) > 0
}
