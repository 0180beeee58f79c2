// oracle: leak class=goroutine kind="chan receive" line=21 func=Log.Write rate=1/10 driver=call entries=FuzzWrite,TestWrite
//
// One call in ten leaves a goroutine behind.

package perten

import "sync"

// Log rotates after every tenth line.
type Log struct {
	mu    sync.Mutex
	lines int
}

// Write adds a line.
func (l *Log) Write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines++; l.lines%10 == 0 {
		packed := make(chan int)
		go func() { // culprit
			l.pack(<-packed)
		}()
	}
}

func (l *Log) pack(lines int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines -= lines
}
