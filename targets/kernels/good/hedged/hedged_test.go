package hedged

import (
	"strings"
	"testing"
)

func TestGet(t *testing.T) {
	client := NewClient(strings.ToUpper, strings.ToUpper)
	if got := client.Get("a"); got != "A" {
		t.Errorf("Get: %q", got)
	}
}
