package sharedkeys

import (
	"fmt"
	"testing"
)

var (
	all    = NewCounter(0)
	some   = NewCounter(400)
	number int
)

func TestUsers(t *testing.T) {
	number++
	all.Add(fmt.Sprintf("user-%06d", number))
}

func TestBoundedUsers(t *testing.T) {
	number++
	some.Add(fmt.Sprintf("user-%06d", number))
}
