// Pprofserver serves net/http/pprof for the tests of pprof_endpoint: over http, over https with a certificate of its own
// and over a unix socket in the directory given. It prints the two ports and ends with its standard input.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

var connections atomic.Int64

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func certificate(file string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		DNSNames:     []string{"localhost"},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	check(err)
	check(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// misbehave registers servers that answer wrongly, each below a prefix of its own.
func misbehave(mux *http.ServeMux) {
	handle := func(prefix string, f http.HandlerFunc) { mux.HandleFunc("/"+prefix+"/debug/pprof/", f) }
	handle("silent", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	handle("endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			w.Write(make([]byte, 1<<16))
		}
	})
	handle("declared", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "99999999999") })
	handle("trickle", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			w.Write([]byte("x"))
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	})
	handle("page", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html><body>Welcome</body></html>") })
	handle("moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://example.com/", 302) })
	handle("locked", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "who are you?", 401) })
	handle("broken", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no\x1b[31m more", 500) })
	handle("closing", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "last words")
	})
	raw := func(prefix, answer string) {
		handle(prefix, func(w http.ResponseWriter, r *http.Request) {
			connection, _, err := w.(http.Hijacker).Hijack()
			check(err)
			io.WriteString(connection, answer)
			connection.Close()
		})
	}
	raw("garbage", "SSH-2.0-OpenSSH_9.2\r\n")
	raw("cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
	raw("hangup", "")
	raw("farewell", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") // promises to stay, and goes
}

func main() {
	directory := os.Args[1]
	mux := http.NewServeMux()
	for _, prefix := range []string{"", "/some/prefix"} {
		mux.Handle(prefix+"/debug/pprof/", http.StripPrefix(prefix, http.HandlerFunc(pprof.Index)))
	}
	misbehave(mux)
	mux.HandleFunc("/debug/pprof/connections", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, connections.Load())
	})
	server := &http.Server{Handler: mux, ErrorLog: log.New(io.Discard, "", 0), ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}}
	mux.HandleFunc("/debug/pprof/echo/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.RequestURI) })
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	local, err := net.Listen("unix", filepath.Join(directory, "pprof.sock"))
	check(err)
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate(filepath.Join(directory, "cert.pem"))}}
	go server.Serve(plain)
	go server.ServeTLS(secure, "", "")
	go server.Serve(local)
	fmt.Println(plain.Addr().(*net.TCPAddr).Port, secure.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
}
