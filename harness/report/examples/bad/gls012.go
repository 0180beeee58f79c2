package bad

import "os/exec"

func notify(hook, event string) error {
	return exec.Command(hook, event).Start() // stays behind as a zombie
}
