// oracle: clean entries=TestSay note="thirty idle seconds cost the connection: judged in real time"
//
// One QUIC connection for all calls, given up after thirty idle seconds.

package quicidle

import (
	"context"
	"io"

	"github.com/quic-go/quic-go"
)

// Echo repeats what comes until it ends.
func Echo(stream *quic.Stream) {
	io.Copy(stream, stream)
	stream.Close()
}

// Say has a text repeated, on a stream of its own.
func Say(conn *quic.Conn, text string) (string, error) {
	stream, err := conn.OpenStreamSync(context.Background())
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(stream, text); err != nil {
		return "", err
	}
	if err := stream.Close(); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(stream)
	return string(answer), err
}
