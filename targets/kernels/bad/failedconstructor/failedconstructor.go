// oracle: leak class=goroutine kind="chan receive" line=27 func=NewTopic rate=1 driver=call entries=TestBadName
// oracle: leak class=goroutine kind="chan receive" line=27 func=NewTopic rate=0..1 driver=call input="a name with a space, or none" entries=FuzzName
// oracle: clean entries=TestGoodName
//
// The constructor starts the writer before it validates, and returns nil on an error: nobody can stop the
// writer.

package failedconstructor

import (
	"errors"
	"strings"
)

var errName = errors.New("topic: bad name")

// Topic writes messages in order.
type Topic struct {
	name     string
	messages chan string
	written  []string
}

// NewTopic opens a topic.
func NewTopic(name string) (*Topic, error) {
	t := &Topic{name: name, messages: make(chan string, 16)}
	go t.write() // culprit
	if name == "" || strings.Contains(name, " ") {
		return nil, errName
	}
	return t, nil
}

func (t *Topic) write() {
	for message := range t.messages {
		t.written = append(t.written, message)
	}
}

// Publish queues a message.
func (t *Topic) Publish(message string) { t.messages <- message }

// Close ends the topic.
func (t *Topic) Close() { close(t.messages) }
