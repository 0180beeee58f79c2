// oracle: not-leak entries=TestAnswer,TestStarts
//
// What comes from another process takes real time: timers of seconds are not to be due before it.

package child

import (
	"bufio"
	"errors"
	"os/exec"
	"time"
)

// Answer is what a child process says, if it does in time.
func Answer(patience time.Duration, name string, args ...string) (string, error) {
	child := exec.Command(name, args...)
	out, err := child.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := child.Start(); err != nil {
		return "", err
	}
	defer child.Wait()
	defer child.Process.Kill()
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(out).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		return text, nil
	case <-time.After(patience):
		return "", errors.New("no answer in time")
	}
}
