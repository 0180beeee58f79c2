// oracle: not-leak entries=TestBuffers,TestTenants
//
// Bounded at some 200 things, and it takes many calls for each new one: a pool whose buffers grow when a large request comes,
// one of 67, and a worker for each of 200 tenants, of which a new one calls each 100 calls.

package slowpool

import "bytes"

const buffers = 200

var (
	pool     = newPool()
	requests int
)

func newPool() chan *bytes.Buffer {
	c := make(chan *bytes.Buffer, buffers)
	for range buffers {
		c <- new(bytes.Buffer)
	}
	return c
}

// Serve answers a request with a buffer of the pool.
func Serve() {
	b := <-pool
	b.Reset()
	if requests++; requests%67 == 0 {
		b.Write(make([]byte, 1000))
	}
	pool <- b
}

const tenants = 200

var (
	workers = map[int]chan int{}
	calls   int
)

// Submit hands work to the tenant's worker.
func Submit() {
	calls++
	tenant := calls / 100 % tenants
	if workers[tenant] == nil {
		work := make(chan int)
		workers[tenant] = work
		go func() {
			for range work {
			}
		}()
	}
	workers[tenant] <- calls
}
