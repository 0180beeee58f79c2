package children

import "testing"

func TestNotify(t *testing.T) {
	if err := Notify("/bin/true", "deployed"); err != nil {
		t.Error(err)
	}
}
