// oracle: clean entries=FuzzSubscribe,FuzzUpgrade,FuzzClose,FuzzSubscribe+FuzzUpgrade+FuzzClose
//
// Ending an upgraded feed ends the plain one below it as well, whoever does it.

package upgrade

// A feed delivers lines until it is ended.
type feed struct {
	lines chan string
	below *feed // of an upgraded feed: the plain one that it was made from
}

var current *feed

// Subscribe ends the subscription that there is and begins one to the topic.
func Subscribe(topic string) bool {
	if topic == "" {
		return false
	}
	if current != nil {
		current.end()
	}
	plain := &feed{lines: make(chan string)}
	go func() {
		for range plain.lines {
		}
	}()
	current = plain
	return true
}

// Upgrade puts a feed of protocol version 2 over the plain one.
func Upgrade(version int) bool {
	if current == nil || current.below != nil || version != 2 {
		return false
	}
	upgraded := &feed{lines: make(chan string), below: current}
	go func() {
		for range upgraded.lines {
		}
	}()
	current = upgraded
	return true
}

// Close ends the subscription, if there is one.
func Close() {
	if current != nil {
		current.end()
		current = nil
	}
}

func (f *feed) end() {
	close(f.lines)
	if f.below != nil {
		f.below.end()
	}
}
