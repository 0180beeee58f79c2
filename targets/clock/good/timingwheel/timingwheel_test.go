package timingwheel

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	wheel = sync.OnceValue(NewWheel)
	ids   atomic.Int64
)

func TestLogin(t *testing.T) { wheel().Add(fmt.Sprint("session ", ids.Add(1)), "ada") }
