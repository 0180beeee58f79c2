// oracle: leak class=goroutine kind="chan receive" line=59 func=Pool.Submit rate=0..2 driver=call stock=1.2e-05 random=0 yield=0.16 entries=TestSubmit
//
// A worker that finds no job goes home and is counted as gone a moment later; a job that comes in between
// finds it still counted.

package idleexit

import "sync"

type job struct {
	f    func() int
	done chan int
}

// Pool has one worker, which is there while there are jobs.
type Pool struct {
	mu      sync.Mutex
	jobs    []job
	working bool
	exits   chan struct{}
}

// NewPool returns a pool; exits takes a note of every worker that goes home.
func NewPool(exits chan struct{}) *Pool { return &Pool{exits: exits} }

func (p *Pool) next() (job, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.jobs) == 0 {
		return job{}, false
	}
	j := p.jobs[0]
	p.jobs = p.jobs[1:]
	return j, true
}

func (p *Pool) work() {
	for j, ok := p.next(); ok; j, ok = p.next() {
		j.done <- j.f()
	}
	p.exits <- struct{}{}
	p.mu.Lock()
	p.working = false
	p.mu.Unlock()
}

// Submit has a job done; its result comes on the returned channel.
func (p *Pool) Submit(f func() int) <-chan int {
	j := job{f, make(chan int, 1)}
	result := make(chan int, 1)
	p.mu.Lock()
	p.jobs = append(p.jobs, j)
	hire := !p.working
	p.working = true
	p.mu.Unlock()
	if hire {
		go p.work()
	}
	go func() { // culprit
		result <- <-j.done
	}()
	return result
}
