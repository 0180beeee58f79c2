// Package h2 holds one HTTP/2 connection to a server of its own for as long as the process lives.
package h2

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"time"

	"golang.org/x/net/http2"
)

// Dial starts a server that gives up idle connections after `idle` (0: never) and returns the one connection to it, which
// pings after 15 silent seconds and gives up if no answer comes within five, and the server's URL.
func Dial(handler http.Handler, idle time.Duration) (*http2.ClientConn, string) {
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.IdleTimeout = idle
	if err := http2.ConfigureServer(server.Config, &http2.Server{MaxConcurrentStreams: 1 << 20}); err != nil {
		panic(err)
	}
	server.TLS = server.Config.TLSConfig
	server.StartTLS()
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{http2.NextProtoTLS}}
	conn, err := tls.Dial("tcp", server.Listener.Addr().String(), config)
	if err != nil {
		panic(err)
	}
	transport := &http2.Transport{ReadIdleTimeout: 15 * time.Second, PingTimeout: 5 * time.Second}
	client, err := transport.NewClientConn(conn)
	if err != nil {
		panic(err)
	}
	return client, server.URL
}
