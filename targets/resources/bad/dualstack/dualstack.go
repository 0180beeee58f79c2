// oracle: leak class=resource kind=socket line=14 func=Connect rate=1 driver=call entries=TestConnect
//
// An address of both families is dialled by goroutines of package net: no frame of ours is on the stack that makes the
// socket.

package dualstack

import "net"

var kept []net.Conn

// Connect keeps a connection to a port of this machine open.
func Connect(port string) error {
	conn, err := net.Dial("tcp", "[::]:"+port) // culprit
	if err != nil {
		return err
	}
	kept = append(kept, conn)
	return nil
}
