// oracle: leak class=goroutine kind="chan send" line=33 func=Board.Announce rate=1 driver=call entries=TestBoard
//
// Who announces holds the board's lock while nobody listens any more; whoever wants to change the board waits for that
// lock in a goroutine that another function started. One cause.

package sendunderlock

import "sync"

// Board tells its listener what is posted.
type Board struct {
	mu     sync.Mutex
	posts  []string
	listen chan string
	done   chan struct{}
	told   sync.WaitGroup
}

// New returns a board with a listener.
func New() *Board { return &Board{listen: make(chan string), done: make(chan struct{})} }

// Announce tells the listener of a post, in the background.
func (b *Board) Announce(post string) {
	locked := make(chan struct{})
	announce := func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		close(locked)
		b.posts = append(b.posts, post)
		b.listen <- post
	}
	b.told.Add(1)
	go func() { // culprit
		defer b.told.Done()
		announce()
	}()
	<-locked
}

// Clean forgets all posts, in the background.
func (b *Board) Clean() {
	go func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.posts = nil
	}()
}

// Close ends the board.
func (b *Board) Close() { close(b.done) }
