// oracle: gc-only class=resource kind=socket line=41 func=Ask rate=0.33 driver=call entries=TestAsk
// oracle: gc-only class=resource kind=socket line=60 func=Greet rate=0.33 driver=call entries=TestGreet
//
// A connection in a type of our own. Who asks forgets to close that on one way; a constructor forgets what it wraps on another.

package wrapped

import (
	"bufio"
	"errors"
	"io"
	"net"
)

// Conn is a connection that speaks in lines.
type Conn struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(addr string) (*Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, in: bufio.NewReader(conn)}, nil
}

// Close closes the connection.
func (c *Conn) Close() error { return c.conn.Close() }

func (c *Conn) ask(line string) (string, error) {
	if _, err := io.WriteString(c.conn, line+"\n"); err != nil {
		return "", err
	}
	return c.in.ReadString('\n')
}

// Ask asks for a line.
func Ask(addr, line string) (string, error) {
	c, err := dial(addr) // culprit
	if err != nil {
		return "", err
	}
	answer, err := c.ask(line)
	if err != nil {
		c.Close()
		return "", err
	}
	if len(answer) < 3 {
		return "short", nil
	}
	return answer, c.Close()
}

var errRefused = errors.New("refused")

// Greet connects, and says hello.
func Greet(addr, name string) (*Conn, error) {
	raw, err := net.Dial("tcp", addr) // culprit
	if err != nil {
		return nil, err
	}
	c := &Conn{raw, bufio.NewReader(raw)}
	if answer, err := c.ask(name); err != nil || len(answer) < 3 {
		return nil, errRefused
	}
	return c, nil
}
