package transfer

import (
	"testing"
	"time"
)

func TestSettle(t *testing.T) {
	one, other := &Account{number: 1}, &Account{number: 2}
	transfers := []Transfer{{one, other, 10}, {other, one, 7}}
	settled := NewBank(len(transfers)).Settle(transfers)
	timeout := time.After(time.Millisecond)
	for range transfers {
		select {
		case <-settled:
		case <-timeout:
			return
		}
	}
}
