// oracle: leak class=goroutine kind=sync.Mutex.Lock line=29 or=59 func=New rate=0..1 driver=call entries=TestRegister
//
// The loop that flushes takes the exporter's lock and then the registry's; whoever registers a metric takes them in
// the opposite order. Nothing but the two locks happens in between.

package metricflush

import (
	"sync"
	"sync/atomic"
)

type exporter struct {
	mu    sync.Mutex
	names []string
}

// Registry knows all metrics and hands them to an exporter.
type Registry struct {
	mu       sync.Mutex
	values   map[string]int
	exporter exporter
	closed   atomic.Bool
}

// New starts a loop that flushes until Close.
func New() *Registry {
	r := &Registry{values: map[string]int{}}
	go func() { // culprit
		for !r.closed.Load() {
			r.flush()
		}
	}()
	return r
}

func (r *Registry) flush() {
	r.exporter.mu.Lock()
	defer r.exporter.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range r.exporter.names {
		r.values[name]++
	}
}

// Register adds a metric.
func (r *Registry) Register(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.values[name] = 0
	r.exporter.mu.Lock()
	defer r.exporter.mu.Unlock()
	r.exporter.names = append(r.exporter.names, name)
}

// RegisterLater adds a metric while its caller goes on.
func (r *Registry) RegisterLater(name string) {
	go r.Register(name) // also right
}

// Close ends the loop.
func (r *Registry) Close() { r.closed.Store(true) }
