// oracle: delayed hold=80s entries=FuzzAsk,TestAsk
//
// Every call starts a goroutine that waits for an answer with a deadline of 80 seconds.

package deadlines

import (
	"context"
	"sync/atomic"
	"time"
)

var answers = make(chan string)

// Expired counts the questions that were not answered in time.
var Expired atomic.Int64

// Ask waits for an answer in the background.
func Ask(question string) {
	ctx, cancel := context.WithTimeout(context.Background(), 80*time.Second)
	go func() {
		defer cancel()
		select {
		case <-answers:
		case <-ctx.Done():
			Expired.Add(1)
		}
	}()
}
