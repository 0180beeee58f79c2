// oracle: not-leak entries=TestSend,TestSafetyTimer
//
// Calls that take longer than anybody waits, in many short waits of their own: they do not hang, and what would end the process if
// one of them did comes last.

package longcalls

import "time"

// Send calls beat so many times, one every so often.
func Send(times int, every time.Duration, beat func()) {
	for range times {
		time.Sleep(every)
		beat()
	}
}
