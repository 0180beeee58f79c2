// oracle: leak class=resource kind="child process" line=12 func=Notify rate=1 driver=call entries=TestNotify
//
// A hook is started and never waited for: it stays behind as a zombie.

package children

import "os/exec"

// Notify runs a hook with an event; nobody waits for its end.
func Notify(hook, event string) error {
	cmd := exec.Command(hook, event)
	return cmd.Start() // culprit
}
