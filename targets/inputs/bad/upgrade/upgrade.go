// oracle: leak class=goroutine kind="chan receive" line=29 func=Subscribe rate=0..1/3 driver=call input="a call of Subscribe with a topic, one of Upgrade to version 2, one of Close, in this order" entries=FuzzSubscribe+FuzzUpgrade+FuzzClose
// oracle: clean entries=FuzzSubscribe,FuzzUpgrade,FuzzClose
//
// A client has one subscription at a time. Closing one that was upgraded ends the upgraded feed alone: the plain
// one, which goes on below it, is lost. No function of the package leaks without the others.

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
		if current.below != nil {
			current.below.end()
		}
	}
	plain := &feed{lines: make(chan string)}
	go func() { // culprit
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

func (f *feed) end() { close(f.lines) }
