// Package echo holds one QUIC connection to a server of its own for as long as the process lives.
package echo

import (
	"context"
	"crypto/tls"
	"net/http/httptest"
	"time"

	"github.com/quic-go/quic-go"
)

const protocol = "echo"

// Dial starts a server that hands every stream to `serve` in a goroutine, and returns the one connection to it. Either end gives
// up after 30 silent seconds; `keepAlive` is how often the client says something (0: never).
func Dial(keepAlive time.Duration, serve func(*quic.Stream)) *quic.Conn {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	listener, err := quic.ListenAddr("127.0.0.1:0",
		&tls.Config{Certificates: web.TLS.Certificates, NextProtos: []string{protocol}},
		&quic.Config{MaxIdleTimeout: 30 * time.Second, MaxIncomingStreams: 1 << 20})
	if err != nil {
		panic(err)
	}
	go accept(listener, serve)
	conn, err := quic.DialAddr(context.Background(), listener.Addr().String(),
		&tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}},
		&quic.Config{MaxIdleTimeout: 30 * time.Second, KeepAlivePeriod: keepAlive})
	if err != nil {
		panic(err)
	}
	return conn
}

func accept(listener *quic.Listener, serve func(*quic.Stream)) {
	for {
		conn, err := listener.Accept(context.Background())
		if err != nil {
			return
		}
		go streams(conn, serve)
	}
}

func streams(conn *quic.Conn, serve func(*quic.Stream)) {
	for {
		stream, err := conn.AcceptStream(context.Background())
		if err != nil {
			return
		}
		go serve(stream)
	}
}
