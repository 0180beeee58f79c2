// oracle: clean entries=TestAsk,TestGreet
//
// The connections are closed on every way.

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
	c, err := dial(addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	answer, err := c.ask(line)
	if err != nil {
		return "", err
	}
	if len(answer) < 3 {
		return "short", nil
	}
	return answer, nil
}

var errRefused = errors.New("refused")

// Greet connects, and says hello.
func Greet(addr, name string) (*Conn, error) {
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c := &Conn{raw, bufio.NewReader(raw)}
	if answer, err := c.ask(name); err != nil || len(answer) < 3 {
		c.Close()
		return nil, errRefused
	}
	return c, nil
}
