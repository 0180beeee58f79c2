// oracle: clean entries=FuzzRun
//
// Closing a file stops its follower.

package script

type machine struct {
	opened bool
	lines  chan string
}

// Run runs a script of at most 64 letters: o open, f follow, s stop, c close.
func Run(script string) {
	var m machine
	for _, letter := range script[:min(len(script), 64)] {
		m.step(letter)
	}
	m.stop()
}

func (m *machine) step(letter rune) {
	switch letter {
	case 'o':
		m.opened = true
	case 'f':
		if m.opened && m.lines == nil {
			lines := make(chan string)
			m.lines = lines
			go func() {
				for range lines {
				}
			}()
		}
	case 's':
		m.stop()
	case 'c':
		if m.opened {
			m.opened = false
			m.stop()
			m.lines = nil
		}
	}
}

func (m *machine) stop() {
	if m.lines != nil {
		close(m.lines)
		m.lines = nil
	}
}
