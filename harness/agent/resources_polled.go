package agent

import (
	"syscall"
)

// Resources whose end nobody tells us of: what is still there is asked when the profile is read.

// polled keeps the sites of things that have a number: a process id, a goroutine id, the address of a timer.
type polled struct {
	kind *resourceKind
	mu   mutex
	// A number that is used again belongs to its youngest owner.
	owners map[uint64]owner
	// alive reports which of the numbers stand for something that is still there; nil where every end is seen.
	alive   func(owners map[uint64]owner) (there map[uint64]bool)
	limit   int  // of owners before those that are gone are looked for
	counted bool // some site may have a count above 0
}

// owner is the site of one thing.
type owner struct {
	site   *site
	missed bool // it was not there when it was looked for last: a ticker is not while its goroutine is busy
}

const polledAtLeast = 1 << 12

func newPolled(kind string, alive func(map[uint64]owner) map[uint64]bool) *polled {
	p := &polled{kind: kindNamed(kind), owners: map[uint64]owner{}, alive: alive, limit: polledAtLeast}
	p.kind.poll = p.refresh
	return p
}

// begins notes that the running stack made the thing of this number.
func (p *polled) begins(number uint64) {
	s := p.kind.here()
	if s == nil {
		return
	}
	p.mu.Lock()
	p.owners[number] = owner{site: s}
	full := len(p.owners) > p.limit
	p.mu.Unlock()
	if full {
		p.refresh()
	}
}

func (p *polled) ends(number uint64) {
	p.mu.Lock()
	delete(p.owners, number)
	p.mu.Unlock()
}

// refresh counts what is still there.
func (p *polled) refresh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.owners) == 0 && !p.counted { // asked at each call while inputs are hunted for
		return
	}
	p.counted = len(p.owners) > 0
	counts := map[*site]int64{}
	var there map[uint64]bool
	if p.alive != nil {
		there = p.alive(p.owners)
	}
	for number, o := range p.owners {
		switch {
		case p.alive == nil || there[number]:
			counts[o.site]++
			p.owners[number] = owner{site: o.site}
		case o.missed:
			delete(p.owners, number)
		default:
			p.owners[number] = owner{o.site, true}
		}
	}
	p.limit = max(polledAtLeast, 2*len(p.owners))
	p.kind.mu.Lock()
	defer p.kind.mu.Unlock()
	for _, same := range p.kind.sites {
		for _, s := range same {
			s.open.Store(counts[s])
		}
	}
}

// childrenThere asks the kernel which processes are our children still, zombies included; it waits for none.
func childrenThere(pids map[uint64]owner) map[uint64]bool {
	const waitPid, exited, noHang, noWait = 1, 4, 1, 0x1000000 // P_PID, WEXITED, WNOHANG, WNOWAIT
	there := map[uint64]bool{}
	for pid := range pids {
		_, _, err := syscall.RawSyscall6(syscall.SYS_WAITID, waitPid, uintptr(pid), 0, exited|noHang|noWait, 0, 0)
		there[pid] = err == 0
	}
	return there
}

// numbersThere asks the runtime for a list whose length it tells.
func numbersThere(list func(into []uint64) int) map[uint64]bool {
	numbers := make([]uint64, 1024)
	n := list(numbers)
	for n > len(numbers) {
		numbers = make([]uint64, n+n/4)
		n = list(numbers)
	}
	there := make(map[uint64]bool, n)
	for _, number := range numbers[:n] {
		there[number] = true
	}
	return there
}
