// oracle: leak class=goroutine kind="chan receive" line=23 func=Reload rate=1 driver=call entries=FuzzServe,TestServe
//
// 500 goroutines are left behind at once by one call in 500.

package lump

import "sync/atomic"

var requests atomic.Int64

// Serve handles a request; the configuration is loaded anew after every 500.
func Serve(path string) string {
	if requests.Add(1)%500 == 0 {
		Reload(500)
	}
	return "page " + path
}

// Reload starts the watchers of the new configuration and forgets those of the old one.
func Reload(files int) {
	changed := make(chan string)
	for range files {
		go func() { // culprit
			<-changed
		}()
	}
}
