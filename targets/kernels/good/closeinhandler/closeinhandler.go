// oracle: clean entries=TestConsume
//
// The loop gives up an event when it is closed.

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
	go w.run(changes)
	return w
}

func (w *Watcher) run(changes []string) {
	defer close(w.ended)
	for _, change := range changes {
		select {
		case <-w.quit:
			return
		case w.Events <- change:
		}
	}
}

// Close ends the watcher.
func (w *Watcher) Close() {
	close(w.quit)
	<-w.ended
}

// Consume reads events in the background until one of them is about the given file.
func Consume(w *Watcher, last string) {
	go func() {
		for event := range w.Events {
			if event == last {
				w.Close()
				return
			}
		}
	}()
}
