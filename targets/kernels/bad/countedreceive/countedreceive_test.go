package countedreceive

import "testing"

func TestDelete(t *testing.T) {
	failed := Delete([]string{"a", "b", "c"}, func(name string) error {
		if name == "b" {
			return errBusy
		}
		return nil
	})
	if failed != 1 {
		t.Errorf("%d failed", failed)
	}
}
