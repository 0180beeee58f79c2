// oracle: clean entries=TestFind
//
// A done channel tells the stages that nobody reads any more.

package pipelineabandoned

import "strings"

func split(done <-chan struct{}, text string) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for _, line := range strings.Split(text, "\n") {
			select {
			case lines <- line:
			case <-done:
				return
			}
		}
	}()
	return lines
}

func trim(done <-chan struct{}, lines <-chan string) <-chan string {
	trimmed := make(chan string)
	go func() {
		defer close(trimmed)
		for line := range lines {
			select {
			case trimmed <- strings.TrimSpace(line):
			case <-done:
				return
			}
		}
	}()
	return trimmed
}

// Find returns the first line that begins with the prefix.
func Find(text, prefix string) (string, bool) {
	done := make(chan struct{})
	defer close(done)
	for line := range trim(done, split(done, text)) {
		if strings.HasPrefix(line, prefix) {
			return line, true
		}
	}
	return "", false
}
