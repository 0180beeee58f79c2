// oracle: leak class=goroutine kind="chan send" line=12 id=split func=split rate=1 driver=call entries=TestFind
// oracle: leak class=goroutine kind="chan send" line=23 id=trim func=trim rate=1 driver=call entries=TestFind
//
// The search stops at the first match and leaves the stages before it blocked in their sends.

package pipelineabandoned

import "strings"

func split(text string) <-chan string {
	lines := make(chan string)
	go func() { // culprit: split
		defer close(lines)
		for _, line := range strings.Split(text, "\n") {
			lines <- line
		}
	}()
	return lines
}

func trim(lines <-chan string) <-chan string {
	trimmed := make(chan string)
	go func() { // culprit: trim
		defer close(trimmed)
		for line := range lines {
			trimmed <- strings.TrimSpace(line)
		}
	}()
	return trimmed
}

// Find returns the first line that begins with the prefix.
func Find(text, prefix string) (string, bool) {
	for line := range trim(split(text)) {
		if strings.HasPrefix(line, prefix) {
			return line, true
		}
	}
	return "", false
}
