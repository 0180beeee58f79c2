// oracle: leak class=cache kind=map line=45 or=40 func=Import rate=1 driver=call input="name,port,x where port is a number and x is no duration" entries=FuzzImport
//
// A record whose third field is broken is reported, and its place in the table of open records is kept.

package thirdfield

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Service is one line of a table of services.
type Service struct {
	Name    string
	Port    uint16
	Timeout time.Duration
}

var errFields = errors.New("a record has three fields")

var (
	mu   sync.Mutex
	next int
	open = map[int]*Service{}
)

// Import reads one record: name, port, time-out.
func Import(record string) (Service, error) {
	fields := strings.Split(record, ",")
	if len(fields) != 3 || fields[0] == "" {
		return Service{}, errFields
	}
	port, err := strconv.ParseUint(fields[1], 10, 16)
	if err != nil {
		return Service{}, err
	}
	s := &Service{Name: fields[0], Port: uint16(port)} // also right
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	open[id] = s // culprit
	if s.Timeout, err = time.ParseDuration(fields[2]); err != nil {
		return Service{}, err
	}
	delete(open, id)
	return *s, nil
}
