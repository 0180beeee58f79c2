// oracle: clean entries=TestAppend
//
// The channel has room for all acknowledgements.

package quorum

// Log is replicated to its followers.
type Log struct {
	followers []func(entry string) bool
}

// NewLog returns a log with n followers that acknowledge every entry.
func NewLog(n int) *Log {
	l := &Log{}
	for range n {
		l.followers = append(l.followers, func(entry string) bool { return entry != "" })
	}
	return l
}

// Append returns once most followers have acknowledged the entry.
func (l *Log) Append(entry string) bool {
	acks := make(chan bool, len(l.followers))
	for _, follower := range l.followers {
		go func() {
			acks <- follower(entry)
		}()
	}
	got := 0
	for range len(l.followers)/2 + 1 {
		if <-acks {
			got++
		}
	}
	return got > len(l.followers)/2
}
