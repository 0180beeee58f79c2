// oracle: clean entries=TestRegister
//
// Whoever registers a metric takes the exporter's lock first, like the loop that flushes.

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
	go func() {
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
	r.exporter.mu.Lock()
	defer r.exporter.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.values[name] = 0
	r.exporter.names = append(r.exporter.names, name)
}

// RegisterLater adds a metric while its caller goes on.
func (r *Registry) RegisterLater(name string) {
	go r.Register(name)
}

// Close ends the loop.
func (r *Registry) Close() { r.closed.Store(true) }
