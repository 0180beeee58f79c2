// oracle: clean entries=FuzzOpen
//
// An expired session is closed at once.

package token

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"sync"
)

type session struct {
	user string
	year int
	keys [48]byte
}

var errToken = errors.New("bad token")

var (
	mu       sync.Mutex
	next     int
	sessions = map[int]*session{}
)

// Open opens a session with a token: base64 of role, name and year of expiry, with colons between them.
func Open(token string) (int, error) {
	text, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return 0, err
	}
	fields := strings.Split(string(text), ":")
	if len(fields) != 3 || fields[0] != "adm" {
		return 0, errToken
	}
	year, err := strconv.Atoi(fields[2])
	if err != nil {
		return 0, err
	}
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	s := &session{user: fields[1], year: year}
	sessions[id] = s
	if s.year < 2020 {
		delete(sessions, id)
		return 0, errToken
	}
	defer delete(sessions, id)
	return id, nil
}
