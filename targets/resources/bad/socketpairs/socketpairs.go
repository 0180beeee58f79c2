// oracle: leak class=resource kind=socket line=11 func=Ask rate=1 driver=call entries=TestAsk
//
// One end of a pair of sockets stays open.

package socketpairs

import "syscall"

// Ask sends the question to answer over a pair of sockets and returns what came back.
func Ask(question string, answer func(fd int)) (string, error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0) // culprit
	if err != nil {
		return "", err
	}
	defer syscall.Close(pair[1])
	if _, err := syscall.Write(pair[0], []byte(question)); err != nil {
		return "", err
	}
	answer(pair[1])
	buffer := make([]byte, 64)
	n, err := syscall.Read(pair[0], buffer)
	return string(buffer[:max(n, 0)]), err
}
