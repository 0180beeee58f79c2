// oracle: leak class=goroutine kind="chan receive" line=30 func=Plugins.Load rate=1 driver=call entries=TestLoad
// oracle: leak class=goroutine kind=sync.WaitGroup.Wait hang=yes line=37 id=wait func=Plugins.Load rate=1 driver=call entries=TestLoad
//
// The wait stands inside the loop that starts the workers: the first worker waits for a page that only the
// second one brings.

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
		go func() { // culprit
			defer wg.Done()
			if i+1 < len(p.ready) {
				<-p.ready[i+1]
			}
			close(p.ready[i])
		}()
		wg.Wait() // culprit: wait
	}
}
