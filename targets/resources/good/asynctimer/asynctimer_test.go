// Go 1.27 has removed the setting.

//go:build !go1.27

//go:debug asynctimerchan=1

package asynctimer

import "testing"

func TestAnswer(t *testing.T) {
	customer := make(chan string)
	go func() { customer <- "yes" }()
	if answer, err := Answer(customer); answer != "yes" || err != nil {
		t.Error(answer, err)
	}
}
