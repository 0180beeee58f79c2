package erroronly

import (
	"sync/atomic"
	"testing"
)

func FuzzLogin(f *testing.F) {
	f.Add("ada", "open sesame")
	f.Add("ada", "1234")
	f.Fuzz(func(t *testing.T, user, password string) { Login(user, password) })
}

var calls atomic.Int64

func TestEveryTenthFails(t *testing.T) {
	password := "open sesame"
	if calls.Add(1)%10 == 0 {
		password = "1234"
	}
	Login("ada", password)
}

func TestSucceeds(t *testing.T) {
	if err := Login("ada", "open sesame"); err != nil {
		t.Error(err)
	}
}
