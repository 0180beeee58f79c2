// oracle: clean entries=TestGet
//
// The later answer gives up when the caller has gone.

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
	gone := make(chan struct{})
	defer close(gone)
	for _, backend := range c.backends {
		go func() {
			select {
			case answers <- backend(key):
			case <-gone:
			}
		}()
	}
	return <-answers
}
