package reload

import "testing"

func TestReload(t *testing.T) {
	store, err := Load(".")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Reload("."); err != nil {
		t.Fatal(err)
	}
}
