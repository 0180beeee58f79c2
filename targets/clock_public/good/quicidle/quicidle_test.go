package quicidle

import (
	"sync"
	"testing"

	"example.com/clock_public/internal/echo"
	"github.com/quic-go/quic-go"
)

var conn = sync.OnceValue(func() *quic.Conn { return echo.Dial(0, Echo) })

func TestSay(t *testing.T) {
	if answer, err := Say(conn(), "hello"); err != nil || answer != "hello" {
		t.Errorf("Say: %q, %v", answer, err)
	}
}
