package textbook

import "testing"

func FuzzFetch(f *testing.F) {
	f.Add("/index.html")
	f.Add("")
	f.Fuzz(func(t *testing.T, path string) {
		body, err := Handle(path)
		if err == nil && len(body) == 0 {
			t.Errorf("Handle(%q) returned an empty document", path)
		}
	})
}

func TestFetch(t *testing.T) {
	body, err := Handle("/index.html")
	if err != nil || string(body) != "document index.html\n" {
		t.Errorf("Handle: %q, %v", body, err)
	}
}
