// oracle: leak class=goroutine kind="chan receive" line=43 func=Server.Ask rate=0..1 driver=call stock=0.00013 random=5e-05 yield=0.15 entries=TestStop
//
// The server has a request and the order to stop before it and picks either; whoever sent the request waits
// for its answer.

package stopserver

type request struct {
	key   string
	reply chan string
}

// Server answers requests one at a time.
type Server struct {
	requests chan request
	stop     chan struct{}
	stopped  chan struct{}
}

// Start runs a server.
func Start() *Server {
	s := &Server{requests: make(chan request, 4), stop: make(chan struct{}), stopped: make(chan struct{})}
	go s.run()
	return s
}

func (s *Server) run() {
	defer close(s.stopped)
	for {
		select {
		case r := <-s.requests:
			r.reply <- "value of " + r.key
		case <-s.stop:
			return
		}
	}
}

// Ask sends a request in the background; the answer is passed to then.
func (s *Server) Ask(key string, then func(string)) {
	r := request{key, make(chan string, 1)}
	s.requests <- r
	go func() { // culprit
		then(<-r.reply)
	}()
}

// Stop ends the server.
func (s *Server) Stop() { close(s.stop) }
