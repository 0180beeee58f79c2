// oracle: leak class=goroutine kind=select line=22 func=Say rate=1 driver=call entries=TestSay
//
// One QUIC connection for all calls, kept alive every ten seconds. Nobody says that a stream has come to its end.

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
	stream, err := conn.OpenStreamSync(context.Background()) // culprit
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(stream, text); err != nil {
		return "", err
	}
	answer := make([]byte, len(text))
	_, err = io.ReadFull(stream, answer)
	return string(answer), err
}
