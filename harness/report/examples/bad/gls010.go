package bad

import "runtime"

func device() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread() // this goroutine has a thread of its own
		for f := range work {  // and nobody ever closes work
			f()
		}
	}()
	return work
}
