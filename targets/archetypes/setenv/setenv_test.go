package setenv

import (
	"os"
	"testing"
)

func TestLevel(t *testing.T) {
	t.Setenv("APP_LOG", "3")
	if level, err := Level(); err != nil || level != 3 {
		t.Fatalf("level %d, %v", level, err)
	}
}

func TestHome(t *testing.T) {
	t.Setenv("APP_HOME", t.TempDir())
	os.Setenv("APP_LOG", "many")
	defer os.Unsetenv("APP_LOG")
	if _, err := Level(); err == nil {
		t.Fatal("APP_LOG=many is no level")
	}
}
