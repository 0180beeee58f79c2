// oracle: leak class=goroutine kind="chan receive" line=17 func=newPool rate=3 driver=call entries=TestThumbnails
//
// Every request starts a pool of workers and never closes the queue on which they wait.

package poolnotclosed

import "sync"

type pool struct {
	orders chan func()
	busy   sync.WaitGroup
}

func newPool(workers int) *pool {
	p := &pool{orders: make(chan func())}
	for range workers {
		go func() { // culprit
			for order := range p.orders {
				order()
				p.busy.Done()
			}
		}()
	}
	return p
}

func (p *pool) order(f func()) {
	p.busy.Add(1)
	p.orders <- f
}

// Thumbnails returns the sizes of the thumbnails of some images.
func Thumbnails(images [][]byte) []int {
	pool := newPool(3)
	sizes := make([]int, len(images))
	for i, image := range images {
		pool.order(func() { sizes[i] = len(image) / 4 })
	}
	pool.busy.Wait()
	return sizes
}
