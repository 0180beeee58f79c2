// oracle: gc-only class=resource kind=socket line=16 func=Ask rate=1 driver=call entries=TestAsk
//
// A connection is asked one question and forgotten; only the garbage collector closes it.

package socketsdropped

import (
	"bufio"
	"fmt"
	"net"
	"strings"
)

// Ask sends a question to a server and returns its answer.
func Ask(address, question string) (string, error) {
	conn, err := net.Dial("unix", address) // culprit
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(conn, question); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(answer), err
}

// Serve answers one question of each client, in capitals, and waits for the client to hang up.
func Serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			questions := bufio.NewScanner(conn)
			for questions.Scan() {
				fmt.Fprintln(conn, strings.ToUpper(questions.Text()))
			}
		}()
	}
}
