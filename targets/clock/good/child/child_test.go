package child

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

func TestAnswer(t *testing.T) {
	text, err := Answer(3*time.Second, "sh", "-c", "sleep 0.15; echo ready; sleep 60")
	if err != nil || text != "ready\n" {
		t.Fatalf("%q, %v", text, err)
	}
}

func TestStarts(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := exec.CommandContext(ctx, "sleep", "0.15").Run(); err != nil {
		t.Fatal(err)
	}
}
