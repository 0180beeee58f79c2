// oracle: clean entries=TestSay note="the keep-alives are answered while the clock is moved"
//
// One QUIC connection for all calls, kept alive every ten seconds.

package quic

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
