// oracle: clean entries=TestLoad
//
// The wait stands behind the loop.

package waitinloop

import "sync"

// Plugins is a list of plug-ins, each of which may need the one behind it.
type Plugins struct {
	ready []chan struct{}
}

// NewPlugins returns n plug-ins.
func NewPlugins(n int) *Plugins {
	p := &Plugins{}
	for range n {
		p.ready = append(p.ready, make(chan struct{}))
	}
	return p
}

// Load loads all plug-ins side by side.
func (p *Plugins) Load() {
	var wg sync.WaitGroup
	for i := range p.ready {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i+1 < len(p.ready) {
				<-p.ready[i+1]
			}
			close(p.ready[i])
		}()
	}
	wg.Wait()
}
