package wrapped

import (
	"bufio"
	"net"
	"sync"
	"testing"
)

var addr = sync.OnceValue(func() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for in := bufio.NewScanner(c); in.Scan(); {
					c.Write(append(in.Bytes(), '\n'))
				}
			}()
		}
	}()
	return l.Addr().String()
})

var calls int

// word is a short one in a third of the calls.
func word() string {
	calls++
	if calls%3 == 0 {
		return "x"
	}
	return "hello"
}

func TestAsk(t *testing.T) {
	if _, err := Ask(addr(), word()); err != nil {
		t.Error(err)
	}
}

func TestGreet(t *testing.T) {
	if c, err := Greet(addr(), word()); err == nil {
		c.Close()
	}
}
