// oracle: leak class=goroutine kind="chan send" line=16 func=Ask rate=1/1500 driver=call entries=TestAskOnce
// oracle: clean entries=TestAskAgain
//
// One answer in 1,500 comes too late, and nobody takes it any more. Too rare for statistics on some thousand calls; the
// runtime knows that each of these goroutines waits for ever.

package rareblocked

import "math/rand/v2"

const late = 1500

// Ask asks for something, and takes the answer unless it is late.
func Ask(isLate bool) int {
	answer := make(chan int)
	go func() { answer <- 42 }() // culprit
	if isLate {
		return 0
	}
	return <-answer
}

func once() bool { return rand.IntN(late) == 0 }
