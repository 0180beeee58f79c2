// oracle: clean entries=FuzzName,TestBadName,TestGoodName
//
// The constructor validates first.

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
	if name == "" || strings.Contains(name, " ") {
		return nil, errName
	}
	t := &Topic{name: name, messages: make(chan string, 16)}
	go t.write()
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
