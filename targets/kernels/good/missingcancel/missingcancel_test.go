package missingcancel

import (
	"context"
	"testing"
)

var server = NewServer(context.Background())

func TestSession(t *testing.T) {
	session := server.Open()
	session.Send("hello")
	session.Close()
}
