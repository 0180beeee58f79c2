// oracle: leak class=goroutine kind="chan send" line=21 func=Client.Get rate=1 driver=call entries=TestGet
//
// A slow backend is asked a second time elsewhere; the answer that comes later has no taker.

package hedged

// Client asks two backends and takes the first answer.
type Client struct {
	backends [2]func(key string) string
}

// NewClient returns a client of two backends.
func NewClient(one, other func(string) string) *Client {
	return &Client{backends: [2]func(string) string{one, other}}
}

// Get returns the value of a key.
func (c *Client) Get(key string) string {
	answers := make(chan string)
	for _, backend := range c.backends {
		go func() { // culprit
			answers <- backend(key)
		}()
	}
	return <-answers
}
