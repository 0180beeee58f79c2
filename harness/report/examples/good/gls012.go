package good

import "os/exec"

func notify(hook, event string) error {
	cmd := exec.Command(hook, event)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}
