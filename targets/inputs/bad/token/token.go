// oracle: leak class=cache kind=map line=48 or=47 func=Open rate=1 driver=call input="base64 of adm:NAME:YEAR with a year before 2020" entries=FuzzOpen
//
// A token in base64 for an admin opens a session that is never closed when it has already expired.

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
	s := &session{user: fields[1], year: year} // also right
	sessions[id] = s                           // culprit
	if s.year < 2020 {
		return 0, errToken
	}
	defer delete(sessions, id)
	return id, nil
}
