package quic

import (
	"sync"
	"testing"
	"time"

	"example.com/clock_public/internal/echo"
	"github.com/quic-go/quic-go"
)

var conn = sync.OnceValue(func() *quic.Conn { return echo.Dial(10*time.Second, Echo) })

func TestSay(t *testing.T) {
	if answer, err := Say(conn(), "hello"); err != nil || answer != "hello" {
		t.Errorf("Say: %q, %v", answer, err)
	}
}
