// oracle: leak class=goroutine kind="chan send" line=18 func=Watch rate=0..1 driver=call stock=1.8 random=1.2 yield=1.1 entries=TestConsume
// oracle: leak class=goroutine kind="chan receive" line=42 id=close func=Consume rate=0..1 driver=call entries=TestConsume
//
// Close waits for the event loop, and the loop waits for its consumer, who has called Close.

package closeinhandler

// Watcher tells of changed files.
type Watcher struct {
	Events chan string
	quit   chan struct{}
	ended  chan struct{}
}

// Watch starts a watcher that tells of the given changes.
func Watch(changes ...string) *Watcher {
	w := &Watcher{Events: make(chan string), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.run(changes) // culprit
	return w
}

func (w *Watcher) run(changes []string) {
	defer close(w.ended)
	for _, change := range changes {
		select {
		case <-w.quit:
			return
		default:
		}
		w.Events <- change
	}
}

// Close ends the watcher.
func (w *Watcher) Close() {
	close(w.quit)
	<-w.ended
}

// Consume reads events in the background until one of them is about the given file.
func Consume(w *Watcher, last string) {
	go func() { // culprit: close
		for event := range w.Events {
			if event == last {
				w.Close()
				return
			}
		}
	}()
}
