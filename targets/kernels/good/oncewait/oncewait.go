// oracle: clean entries=TestPreload
//
// The checkpoint uses the database that is being opened.

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
	go db.open()
}

func (db *DB) open() {
	db.once.Do(db.init)
}

func (db *DB) init() {
	db.pages = map[int][]byte{0: []byte("header")}
	first := make(chan bool)
	go func() {
		first <- db.check()
	}()
	db.checked = <-first
}

func (db *DB) check() bool {
	return len(db.pages[0]) > 0
}
