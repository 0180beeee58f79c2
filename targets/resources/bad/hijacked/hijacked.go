// oracle: leak class=resource kind=socket line=25 func=Hub.ServeHTTP rate=1 driver=call entries=TestHello
//
// A hijacked connection belongs to the handler, which keeps it for news and forgets it when its client has
// gone.

package hijacked

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Hub keeps the connections of its clients to send them news.
type Hub struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

// ServeHTTP takes over the connection of a client.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, buffered, err := http.NewResponseController(w).Hijack() // culprit
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h.mu.Lock()
	if h.conns == nil {
		h.conns = map[net.Conn]bool{}
	}
	h.conns[conn] = true
	h.mu.Unlock()
	fmt.Fprint(buffered, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: news\r\nConnection: Upgrade\r\n\r\nhello\n")
	buffered.Flush()
	io.Copy(io.Discard, buffered) // until the client goes
}

// Hello asks for news and leaves after the first line.
func Hello(address string) (string, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /news HTTP/1.1\r\nHost: hub\r\nUpgrade: news\r\nConnection: Upgrade\r\n\r\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() && lines.Text() != "" {
	}
	lines.Scan()
	return lines.Text(), lines.Err()
}
