package agent

// Memory that C allocated in calls from Go and has not freed, by the Go stack of the call. The tables are C's (probe
// cmemory): a stack is a number there, and is told of here when it allocates for the first time.

const cMemoryKind = "memory.c"

// cSites are the stacks by C's numbers.
var cSites struct {
	mu       mutex
	byNumber map[int]*site
}

// cMissed is how many blocks C could not count, -1 where it counts none; nil where the program has no C.
var cMissed func() int64

func countCMemory(enable func(named func(number int)) (has, counted bool), read func(number int) (blocks, bytes int64),
	uncounted func() int64) {
	kind := &resourceKind{sites: map[uint64][]*site{}, sized: true}
	kind.poll = func() { readCMemory(read) }
	cSites.byNumber = map[int]*site{}
	has, counted := enable(func(number int) {
		if s := kind.here(); s != nil {
			cSites.mu.Lock()
			cSites.byNumber[number] = s
			cSites.mu.Unlock()
		}
	})
	switch {
	case counted:
		kindsMu.Lock()
		kinds[cMemoryKind] = kind
		kindsMu.Unlock()
		cMissed = uncounted
	case has:
		cMissed = func() int64 { return -1 }
	}
}

// readCMemory brings the counts of the sites up to date. Several numbers may be one site: they stand for ways through C code
// that Go's tracebacks do not show.
func readCMemory(read func(number int) (blocks, bytes int64)) {
	type amount struct{ blocks, bytes int64 }
	amounts := map[*site]amount{}
	cSites.mu.Lock()
	defer cSites.mu.Unlock()
	for number, s := range cSites.byNumber {
		blocks, bytes := read(number)
		amounts[s] = amount{amounts[s].blocks + blocks, amounts[s].bytes + bytes}
	}
	for s, a := range amounts {
		s.open.Store(a.blocks)
		s.bytes.Store(a.bytes)
	}
}
