// oracle: not-leak entries=TestLevel,TestHome
//
// A test sets a variable for its time, as package testing has it: what package syscall keeps of it is no growth of the caller's.

package setenv

import (
	"fmt"
	"os"
)

// Level returns how much is to be logged: 0 unless APP_LOG says otherwise.
func Level() (int, error) {
	text := os.Getenv("APP_LOG")
	if text == "" {
		return 0, nil
	}
	level := 0
	if _, err := fmt.Sscanf(text, "%d", &level); err != nil {
		return 0, fmt.Errorf("APP_LOG=%s: %w", text, err)
	}
	return level, nil
}
