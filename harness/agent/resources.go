package agent

import (
	"runtime"
	"slices"
	"sort"
	"sync/atomic"
	"unsafe"
)

// Open resources, counted by kind and by the stack that acquired them. A stack is kept once, whatever it acquires, and tables
// are bounded: what does not fit is not counted.

const trackedSites = 1 << 14 // stacks of one kind

// site is one stack that acquires resources of one kind.
type site struct {
	kind *resourceKind
	// Where no frame of it is the user's, the stacks of those follow who started the goroutine, as `starters` tells them.
	stack   []uintptr
	foreign bool         // no frame is the user's, and nobody follows
	open    atomic.Int64 // acquired here and not closed
	// Acquired here and closed by a finalizer or a cleanup or given up, since the process began.
	dropped atomic.Int64
	bytes   atomic.Int64 // of what is open, where the kind is sized
	// Of what is open that which one call acquired: the last call that did (32 bits), and how much (32 bits).
	latest atomic.Uint64
}

type resourceKind struct {
	mu    mutex
	sites map[uint64][]*site // by hash of the stack
	count int
	whole []uintptr // memory for a stack that is deep, or is followed by others
	sized bool      // bytes are counted as well
	poll  func()    // brings the counts up to date before they are read; nil where every closing is seen
	// Open tickets whose resource is given up when the channel is closed.
	given map[*Ticket]<-chan struct{}
}

var (
	kindsMu mutex
	kinds   = map[string]*resourceKind{}
)

func kindNamed(name string) *resourceKind {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	k := kinds[name]
	if k == nil {
		k = &resourceKind{sites: map[uint64][]*site{}}
		kinds[name] = k
	}
	return k
}

// kindKnown is nil where nothing of the kind was ever tracked.
func kindKnown(name string) *resourceKind {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	return kinds[name]
}

func kindNames() []string {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// here is the site of the running stack; nil when the table is full. The harness cuts off our own frames.
func (k *resourceKind) here() *site {
	var usual [usualDepth]uintptr
	n := runtime.Callers(2, usual[:])
	k.mu.Lock()
	defer k.mu.Unlock()
	stack := wholeStack(2, usual[:n], &k.whole)
	s, added := k.siteOf(stack)
	if added {
		s.foreign = isForeign(s.stack)
	}
	if s == nil || !s.foreign || starters == nil {
		return s
	}
	k.whole = starters(append(k.whole[:0], stack...))
	if len(k.whole) == len(stack) {
		return s
	}
	s, _ = k.siteOf(k.whole)
	return s
}

// allocatedBy is the stack that allocated the object that p points into; nil where the runtime does not tell, or its result
// where it has no such object.
var allocatedBy func(p unsafe.Pointer) []uintptr

// whereMade is the site of the stack that allocated what p points to; nil where that is not known or does not come from the
// user.
func (k *resourceKind) whereMade(p unsafe.Pointer) *site {
	if allocatedBy == nil {
		return nil
	}
	stack := allocatedBy(p)
	if len(stack) == 0 || isForeign(stack) {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s, _ := k.siteOf(stack)
	return s
}

// siteOf finds the site of a stack, or adds it. The kind is locked.
func (k *resourceKind) siteOf(stack []uintptr) (s *site, added bool) {
	hash := uint64(14695981039346656037)
	for _, pc := range stack {
		hash = (hash ^ uint64(pc)) * 1099511628211
	}
	for _, s := range k.sites[hash] {
		if slices.Equal(s.stack, stack) {
			return s, false
		}
	}
	if k.count == trackedSites {
		return nil, false
	}
	k.count++
	s = &site{kind: k, stack: slices.Clone(stack)}
	k.sites[hash] = append(k.sites[hash], s)
	return s, true
}

// all is every site; the counts are up to date.
func (k *resourceKind) all() []*site {
	k.update()
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]*site, 0, k.count)
	for _, same := range k.sites {
		all = append(all, same...)
	}
	return all
}

func (k *resourceKind) total() int64 {
	k.update()
	k.mu.Lock()
	defer k.mu.Unlock()
	total := int64(0)
	for _, same := range k.sites {
		for _, s := range same {
			total += s.open.Load()
		}
	}
	return total
}

func (k *resourceKind) update() {
	if k.poll != nil {
		k.poll()
	}
}

// heldBy counts what a call acquired, or closed again. Of calls before the latest nothing is kept: what they left is the rest.
func (s *site) heldBy(call uint32, by int) {
	for {
		was := s.latest.Load()
		now := was + uint64(by)
		if newer := int32(call - uint32(was>>32)); newer < 0 || newer > 0 && by < 0 {
			return
		} else if newer > 0 {
			now = uint64(call)<<32 | uint64(by)
		}
		if s.latest.CompareAndSwap(was, now) {
			return
		}
	}
}

// held is what calls that are over have left open, and what the call in progress, or the last one, holds.
func (s *site) held() (left, own int64) {
	latest := s.latest.Load()
	if uint32(latest>>32) == uint32(Call()) {
		own = int64(uint32(latest))
	}
	return s.open.Load() - own, own
}

// Ticket stands for one thing that has to be closed. A nil ticket is good for nothing and harms nobody.
type Ticket struct {
	site  *site
	call  uint32 // the low bits of the number of the call that acquired it
	state atomic.Int32
	lent  bool // it can be given up
}

const ( // of a ticket
	notOpen = iota
	open
	givenUp
)

// Opened is called by the function that acquires a resource. It returns nil when the harness does not drive the process.
func Opened(kind string) *Ticket {
	t := Acquired(kind)
	t.Open()
	return t
}

// Acquired is a ticket of this stack that counts from its Open.
func Acquired(kind string) *Ticket {
	if !active {
		return nil
	}
	return ticketOf(kindNamed(kind).here())
}

// Made is a ticket, as Acquired's, of the stack that allocated what p points to; of this stack where that is not known.
func Made(kind string, p unsafe.Pointer) *Ticket {
	if !active {
		return nil
	}
	k := kindNamed(kind)
	s := k.whereMade(p)
	if s == nil {
		s = k.here()
	}
	return ticketOf(s)
}

func ticketOf(s *site) *Ticket {
	if s == nil {
		return nil
	}
	return &Ticket{site: s, call: uint32(Call())}
}

// Open counts the resource, once.
func (t *Ticket) Open() {
	if t != nil && t.state.CompareAndSwap(notOpen, open) {
		t.site.open.Add(1)
		t.site.heldBy(t.call, 1)
	}
}

// Close takes the resource out of the count; closing twice is no error.
func (t *Ticket) Close() {
	if t == nil {
		return
	}
	switch t.state.Swap(notOpen) {
	case open:
		t.site.open.Add(-1)
		t.site.heldBy(t.call, -1)
	case givenUp:
		t.site.dropped.Add(-1)
	default:
		return
	}
	if k := t.site.kind; t.lent {
		k.mu.Lock()
		delete(k.given, t)
		k.mu.Unlock()
	}
}

// GivenUpAt tells that who lent the resource takes it back when done is closed, so that nothing stays open then that nobody
// closes. A nil channel never is.
func (t *Ticket) GivenUpAt(done <-chan struct{}) {
	if t == nil || done == nil {
		return
	}
	t.lent = true
	k := t.site.kind
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.given == nil {
		k.given = map[*Ticket]<-chan struct{}{}
		k.poll = k.giveUp
	}
	k.given[t] = done
}

// givesUp reports whether some ticket of the kind can be given up.
func (k *resourceKind) givesUp() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.given != nil
}

// giveUp moves what was given up from what is open to what was dropped.
func (k *resourceKind) giveUp() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for t, done := range k.given {
		select {
		case <-done:
			if t.state.CompareAndSwap(open, givenUp) {
				t.site.open.Add(-1)
				t.site.heldBy(t.call, -1)
				t.site.dropped.Add(1)
			}
			delete(k.given, t)
		default:
		}
	}
}

// Collectable makes the ticket close itself when the garbage collector takes it, which is when it takes the only thing that
// points to it: for resources that are gone when nobody can reach them.
func (t *Ticket) Collectable() *Ticket {
	if t != nil {
		runtime.SetFinalizer(t, (*Ticket).Close)
	}
	return t
}
