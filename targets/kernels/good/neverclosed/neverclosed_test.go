package neverclosed

import (
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	var got []string
	<-Tail([]string{"a", "b", "c"}, 2, func(line string) { got = append(got, line) })
	if strings.Join(got, "") != "bc" {
		t.Errorf("got %q", got)
	}
}
