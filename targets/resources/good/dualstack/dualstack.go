// oracle: clean entries=TestConnect

package dualstack

import "net"

// Connect sees whether a port of this machine is open.
func Connect(port string) error {
	conn, err := net.Dial("tcp", "[::]:"+port)
	if err != nil {
		return err
	}
	return conn.Close()
}
