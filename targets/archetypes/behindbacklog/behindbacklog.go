// oracle: leak class=cache kind=map line=41 func=Handle rate=1 driver=call entries=FuzzHandle,TestHandle
//
// A backlog of 4,000 jobs from the start drains while every call leaves one object for good.

package behindbacklog

import "sync"

type job struct {
	id      int
	payload [96]byte
}

type receipt struct {
	id   int
	note [96]byte
}

var (
	mu       sync.Mutex
	backlog  []*job
	receipts = map[int]*receipt{}
	handled  int
)

func init() {
	for i := range 4000 {
		backlog = append(backlog, &job{id: i})
	}
}

// Handle takes a request and does two jobs of the backlog beside it.
func Handle(request string) {
	mu.Lock()
	defer mu.Unlock()
	for range min(2, len(backlog)) {
		backlog[0] = nil
		backlog = backlog[1:]
	}
	handled++
	receipts[handled] = &receipt{id: handled} // culprit
}
