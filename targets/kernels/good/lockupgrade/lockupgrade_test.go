package lockupgrade

import (
	"strings"
	"testing"
)

func TestWarm(t *testing.T) {
	NewRouter(strings.ToUpper).Warm("/index")
}
