package bodyerror

import "testing"

func TestLoad(t *testing.T) {
	if _, err := Load(server.URL); err == nil {
		t.Error("the answer is whole")
	}
}
