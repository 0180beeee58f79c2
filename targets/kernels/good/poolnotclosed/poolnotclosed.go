// oracle: clean entries=TestThumbnails
//
// The queue is closed once all thumbnails are ordered.

package poolnotclosed

import "sync"

type pool struct {
	orders chan func()
	busy   sync.WaitGroup
}

func newPool(workers int) *pool {
	p := &pool{orders: make(chan func())}
	for range workers {
		go func() {
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
	defer close(pool.orders)
	sizes := make([]int, len(images))
	for i, image := range images {
		pool.order(func() { sizes[i] = len(image) / 4 })
	}
	pool.busy.Wait()
	return sizes
}
