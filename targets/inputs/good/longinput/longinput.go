// oracle: clean entries=FuzzSend
//
// The goroutine ends with the last part.

package longinput

const (
	limit    = 2000
	partSize = 512
)

// Send returns the sum of a message's bytes, computed by parts if it is long.
func Send(message []byte) int {
	if len(message) <= limit {
		return sum(message)
	}
	var parts [][]byte
	for len(message) > partSize {
		parts = append(parts, message[:partSize])
		message = message[partSize:]
	}
	parts = append(parts, message)
	sums := make(chan int, len(parts))
	total := make(chan int, 1)
	go func() {
		t := 0
		for i := 1; ; i++ {
			t += <-sums
			if i == len(parts) {
				total <- t
				return
			}
		}
	}()
	for _, part := range parts {
		sums <- sum(part)
	}
	return <-total
}

func sum(bytes []byte) int {
	n := 0
	for _, b := range bytes {
		n += int(b)
	}
	return n
}
