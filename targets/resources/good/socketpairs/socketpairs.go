// oracle: clean entries=TestAsk
//
// Both ends are closed.

package socketpairs

import "syscall"

// Ask sends the question to answer over a pair of sockets and returns what came back.
func Ask(question string, answer func(fd int)) (string, error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return "", err
	}
	defer syscall.Close(pair[1])
	defer syscall.Close(pair[0])
	if _, err := syscall.Write(pair[0], []byte(question)); err != nil {
		return "", err
	}
	answer(pair[1])
	buffer := make([]byte, 64)
	n, err := syscall.Read(pair[0], buffer)
	return string(buffer[:max(n, 0)]), err
}
