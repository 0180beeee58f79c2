// oracle: leak class=cache kind=map line=37 func=Counter.count rate=3 driver=call entries=TestUsers
// oracle: not-leak entries=TestBoundedUsers
//
// Three maps that one line fills share their keys, so none of them alone keeps those alive, and whoever made them is not on the
// stack of who fills the maps: still one cause. The bounded ones are emptied when they are large.

package sharedkeys

// Counter counts what users do: in the last minute, today, and ever.
type Counter struct {
	most    int // users in one map; 0: any number
	periods [3]map[string]int
	seen    chan string
}

// NewCounter returns one that keeps so many users.
func NewCounter(most int) *Counter {
	c := &Counter{most, [3]map[string]int{{}, {}, {}}, make(chan string)}
	go func() {
		for user := range c.seen {
			c.count(user)
		}
	}()
	return c
}

// Add counts the user.
func (c *Counter) Add(user string) {
	c.seen <- user
}

func (c *Counter) count(user string) {
	for _, period := range c.periods {
		if c.most > 0 && len(period) >= c.most {
			clear(period)
		}
		period[user]++ // culprit
	}
}
