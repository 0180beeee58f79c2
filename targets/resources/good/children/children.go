// oracle: clean entries=TestNotify
//
// The hook is waited for in the background.

package children

import "os/exec"

// Notify runs a hook with an event; nobody waits for its end.
func Notify(hook, event string) error {
	cmd := exec.Command(hook, event)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}
