// Package deep leaks a goroutine behind conditions that random inputs do not meet.
package deep

import "encoding/json"

type message struct {
	Op   string   `json:"op"`
	Tags []string `json:"tags"`
}

// Leak leaks for command "subscribe", token 0xC0FFEE00 plus the length of a JSON body with op "watch" and three tags.
func Leak(command string, token uint32, body []byte) {
	if command != "subscribe" {
		return
	}
	var m message
	if json.Unmarshal(body, &m) != nil || m.Op != "watch" {
		return
	}
	if token>>8 != 0xC0FFEE || len(m.Tags) < 3 {
		return
	}
	go func() { select {} }()
}
