package agent

import (
	"bytes"
	"compress/gzip"
	"io"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"
	"unsafe"
)

func activate(t *testing.T) {
	active = true
	t.Cleanup(func() { active = false })
}

// Counts must not depend on what fits into the text of all stacks.
func TestGoroutinesAreCountedExactly(t *testing.T) {
	const many = 100_000
	release := make(chan struct{})
	for i := 0; i < many; i++ {
		go waitFor(release)
	}
	settle(10e9)
	b, err := readProfile("goroutine")
	if err != nil {
		t.Fatal(err)
	}
	if got, all := samplesOf(t, b), runtime.NumGoroutine(); got.largest != many || got.sum != uint64(all) {
		t.Errorf("%d and %d in all, want %d and %d", got.largest, got.sum, many, all)
	}
	close(release)
	for i := 0; i < 1000 && runtime.NumGoroutine() > many/2; i++ {
		time.Sleep(10 * time.Millisecond)
	}
}

func waitFor(release chan struct{}) { <-release }

type samples struct{ largest, sum uint64 }

// samplesOf reads the values of a profile, which may be compressed.
func samplesOf(t *testing.T, answer []byte) (s samples) {
	t.Helper()
	err := fields(answer, func(_ int, _ uint64, profile []byte) error {
		if r, err := gzip.NewReader(bytes.NewReader(profile)); err == nil {
			if profile, err = io.ReadAll(r); err != nil {
				return err
			}
		}
		return fields(profile, func(field int, _ uint64, p []byte) error {
			if field != profileSample {
				return nil
			}
			return fields(p, func(field int, v uint64, packed []byte) error {
				if field != 2 {
					return nil
				}
				if packed != nil {
					var err error
					if v, _, err = takeVarint(packed); err != nil {
						return err
					}
				}
				s.largest, s.sum = max(s.largest, v), s.sum+v
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func BenchmarkTicket(b *testing.B) {
	active = true
	defer func() { active = false }()
	for i := 0; i < b.N; i++ {
		Opened("test.benchmark").Close()
	}
}

func BenchmarkCollectableTicket(b *testing.B) {
	active = true
	defer func() { active = false }()
	for i := 0; i < b.N; i++ {
		Opened("test.benchmark").Collectable().Close()
	}
}

func openTwo() (*Ticket, *Ticket) { return Opened("test.two"), Opened("test.two") }

func TestTicketsCountWhatIsOpen(t *testing.T) {
	if Opened("test.inactive") != nil {
		t.Error("counted without a harness")
	}
	activate(t)
	a, b := openTwo()
	k := kindNamed("test.two")
	if n := k.total(); n != 2 {
		t.Errorf("%d open, want 2", n)
	}
	a.Close()
	a.Close()
	if n := k.total(); n != 1 {
		t.Errorf("%d open after closing one twice, want 1", n)
	}
	b.Close()
	var none *Ticket
	none.Close()
	none.Open()
	if n := k.total(); n != 0 {
		t.Errorf("%d open at the end", n)
	}
}

func TestATicketIsClosedWithWhatHoldsIt(t *testing.T) {
	activate(t)
	func() { Opened("test.collected").Collectable() }()
	kept := Opened("test.collected").Collectable()
	k := kindNamed("test.collected")
	for i := 0; i < 100 && k.total() > 1; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	if n := k.total(); n != 1 {
		t.Errorf("%d open, want the one that is held", n)
	}
	runtime.KeepAlive(kept)
}

func TestSitesOfAKindAreBounded(t *testing.T) {
	k := kindNamed("test.bounded")
	k.count = trackedSites
	if k.here() != nil {
		t.Error("a full table took another stack")
	}
}

func openBelow(frames int) *Ticket {
	if frames == 0 {
		return Opened("test.deep")
	}
	return openBelow(frames - 1)
}

// The only frame of the user's may be far from where a library acquires something.
func TestADeepStackKeepsItsRoot(t *testing.T) {
	activate(t)
	openBelow(200)
	b, err := readProfile(profilePrefix + "test.deep")
	if err != nil || !bytes.Contains(b, []byte("agent.TestADeepStackKeepsItsRoot")) {
		t.Errorf("%v: the test is not in the profile", err)
	}
}

func inGoroutine(f func()) {
	done := make(chan bool)
	go func() { f(); close(done) }()
	<-done
}

// What a package acquires in a goroutine of its own is told apart by who started that goroutine.
func TestForeignStacksAreFollowedByThoseWhoStartedThem(t *testing.T) {
	activate(t)
	oldStarters, oldDirs := starters, userDirs
	t.Cleanup(func() { starters, userDirs = oldStarters, oldDirs })
	var starter uintptr
	starters = func(stack []uintptr) []uintptr { return append(stack, starter) }
	_, file, _, _ := runtime.Caller(0)
	for _, c := range []struct {
		kind, dir string
		sites     int
	}{{"test.unknown", "", 1}, {"test.users", filepath.Dir(file), 1}, {"test.foreign", "/src/app", 3}} {
		userDirs = filepath.SplitList(c.dir)
		for i := 0; i < 4; i++ {
			starter = reflect.ValueOf([]any{openTwo, openBelow}[i%2]).Pointer() + 1
			inGoroutine(func() { Opened(c.kind) })
		}
		if n := kindNamed(c.kind).count; n != c.sites {
			t.Errorf("%s: %d sites, want %d", c.kind, n, c.sites)
		}
		b := kindNamed(c.kind).profile(false)
		for _, name := range []string{"agent.openTwo", "agent.openBelow"} {
			if got := bytes.Contains(b, []byte(name)); got != (c.sites == 3) {
				t.Errorf("%s: %s is in the profile: %v", c.kind, name, got)
			}
		}
	}
}

// What a composite literal makes is named by who made it, where the runtime tells and it was the user.
func TestWhatWasMadeIsNamedByWhoMadeIt(t *testing.T) {
	activate(t)
	oldAllocated, oldDirs := allocatedBy, userDirs
	t.Cleanup(func() { allocatedBy, userDirs = oldAllocated, oldDirs })
	_, file, _, _ := runtime.Caller(0)
	maker := []uintptr{reflect.ValueOf(openTwo).Pointer() + 1}
	for _, c := range []struct {
		kind, dir string
		stack     []uintptr
		maker     bool
	}{
		{"test.made", filepath.Dir(file), maker, true},
		{"test.made.unprofiled", filepath.Dir(file), nil, false},
		{"test.made.foreign", "/src/app", maker, false},
	} {
		userDirs = filepath.SplitList(c.dir)
		allocatedBy = func(unsafe.Pointer) []uintptr { return c.stack }
		Made(c.kind, unsafe.Pointer(t)).Open()
		b := kindNamed(c.kind).profile(false)
		if got := bytes.Contains(b, []byte("agent.openTwo")); got != c.maker {
			t.Errorf("%s: the maker is named: %v", c.kind, got)
		}
	}
}

func TestADependencyIsNotTheUsers(t *testing.T) {
	oldDirs := userDirs
	t.Cleanup(func() { userDirs = oldDirs })
	userDirs = []string{"/src/app"}
	for file, want := range map[string]bool{
		"/src/app/a.go": true, "/src/app/b/b.go": true, "/src/application/a.go": false, "/src/app/vendor/x/x.go": false, "a.go": false,
	} {
		if isUsers(file) != want {
			t.Errorf("%s: %v", file, !want)
		}
	}
}

func TestAProfileNamesTheStackAndTheCount(t *testing.T) {
	activate(t)
	openTwo()
	b, err := readProfile(profilePrefix + "test.two")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	var values []uint64
	err = fields(b, func(field int, _ uint64, profile []byte) error {
		return fields(profile, func(field int, _ uint64, p []byte) error {
			switch field {
			case profileString:
				texts = append(texts, string(p))
			case profileSample:
				return fields(p, func(field int, _ uint64, packed []byte) error {
					if field == 2 {
						v, _, err := takeVarint(packed)
						values = append(values, v)
						return err
					}
					return nil
				})
			}
			return nil
		})
	})
	if err != nil || len(texts) == 0 || texts[0] != "" {
		t.Fatalf("%v, texts %q", err, texts)
	}
	found := false
	for _, text := range texts {
		found = found || text == "goleakstress/agent.openTwo"
	}
	if sum := values[0] + values[len(values)-1]; !found || len(values) != 2 || sum != 2 {
		t.Errorf("values %v, texts %q", values, texts)
	}
}

func TestChildrenCountUntilSomebodyWaits(t *testing.T) {
	children := newPolled("test.child", childrenThere)
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	children.begins(uint64(cmd.Process.Pid))
	children.begins(1) // no child of ours
	if n := children.kind.total(); n != 1 {
		t.Errorf("%d children, want 1", n)
	}
	cmd.Wait()
	if n := children.kind.total(); n != 0 {
		t.Errorf("%d children after Wait", n)
	}
	children.refresh()
	if n := len(children.owners); n != 0 {
		t.Errorf("%d owners are kept", n)
	}
}

func TestNobodyIsAskedAfterWhatNeverWas(t *testing.T) {
	asked := 0
	things := newPolled("test.thing", func(map[uint64]owner) map[uint64]bool {
		asked++
		return map[uint64]bool{7: true}
	})
	if n := things.kind.total(); n != 0 || asked != 0 {
		t.Errorf("%d things, asked %d times", n, asked)
	}
	things.begins(7)
	if n := things.kind.total(); n != 1 || asked != 1 {
		t.Errorf("%d things, asked %d times, want 1 of each", n, asked)
	}
	things.ends(7)
	for i := 0; i < 2; i++ { // the first time the count has to go to 0
		if n := things.kind.total(); n != 0 || asked != 2 {
			t.Errorf("%d things are left, asked %d times", n, asked)
		}
	}
}

func TestMappingsFollowTheirAddress(t *testing.T) {
	before := mappings.kind.total()
	mappings.begins(1 << 40)
	mappings.begins(1 << 40)
	mappings.begins(1 << 41)
	if n := mappings.kind.total() - before; n != 2 {
		t.Errorf("%d mappings, want 2", n)
	}
	mappings.ends(1 << 40)
	mappings.ends(1 << 41)
	if n := mappings.kind.total() - before; n != 0 {
		t.Errorf("%d mappings are left", n)
	}
}

func TestTheRaceDetectorIsToldOf(t *testing.T) {
	if _, there := ownMetric("race-detector"); there != raceDetector {
		t.Errorf("%v, want %v", there, raceDetector)
	}
}

// Two ways through C are one stack of Go.
func TestMemoryOfCIsCountedByTheStackOfTheCall(t *testing.T) {
	t.Cleanup(func() { cMissed = nil; delete(kinds, cMemoryKind) })
	blocks := map[int]int64{}
	var named func(int)
	countCMemory(
		func(f func(int)) (bool, bool) { named = f; return true, true },
		func(number int) (int64, int64) { return blocks[number], 10 * blocks[number] },
		func() int64 { return 3 })
	for _, number := range []int{7, 9} {
		named(number)
	}
	blocks[7], blocks[9], blocks[8] = 2, 1, 100
	kind := kindKnown(cMemoryKind)
	if n := kind.total(); n != 3 {
		t.Errorf("%d blocks, want 3", n)
	}
	if s := kind.all(); len(s) != 1 || s[0].bytes.Load() != 30 {
		t.Errorf("%d sites, want one of 30 bytes", len(s))
	}
	blocks[7], blocks[9] = 0, 0
	if n := kind.total(); n != 0 {
		t.Errorf("%d blocks are left", n)
	}
	if missed, known := ownMetric("c-blocks-missed"); !known || missed != 3 {
		t.Errorf("%v missed", missed)
	}
}

func TestMemoryOfCThatIsNotCountedIsToldOf(t *testing.T) {
	t.Cleanup(func() { cMissed = nil })
	for _, c := range []struct{ has, counted bool }{{false, false}, {true, false}} {
		countCMemory(func(func(int)) (bool, bool) { return c.has, c.counted }, nil, nil)
		if missed, known := ownMetric("c-blocks-missed"); known != c.has || known && missed != -1 {
			t.Errorf("%v: %v %v", c, missed, known)
		}
		if kindKnown(cMemoryKind) != nil {
			t.Errorf("%v: the kind is known", c)
		}
	}
}

func TestGivenUpTicketCountsAsDroppedUntilItIsClosed(t *testing.T) {
	active = true
	defer func() { active = false }()
	counts := func(name string) (open, dropped int64) {
		for _, s := range kindNamed(name).all() {
			open += s.open.Load()
			dropped += s.dropped.Load()
		}
		return open, dropped
	}
	expect := func(when string, wantOpen, wantDropped int64) {
		t.Helper()
		if open, dropped := counts("test.given"); open != wantOpen || dropped != wantDropped {
			t.Errorf("%s: %d open, %d dropped, want %d and %d", when, open, dropped, wantOpen, wantDropped)
		}
	}
	done := make(chan struct{})
	forgotten, closed, late, forever := Opened("test.given"), Opened("test.given"), Opened("test.given"), Opened("test.given")
	for _, ticket := range []*Ticket{forgotten, closed, late} {
		ticket.GivenUpAt(done)
	}
	forever.GivenUpAt(nil)
	closed.Close()
	expect("before", 3, 0)
	close(done)
	expect("after", 1, 2)
	late.Close()
	late.Close()
	expect("closed late", 1, 1)
	if n := len(kindNamed("test.given").given); n != 0 {
		t.Errorf("%d tickets are still waited for", n)
	}
	if !kindNamed("test.given").givesUp() {
		t.Error("the profile of what was dropped is not listed")
	}
}

func TestWhatEarlierCallsLeftIsToldFromWhatTheCallHolds(t *testing.T) {
	activate(t)
	const kind = "test.held"
	acquire := func() *Ticket { return Opened(kind) }
	held := func() (left, own int64) {
		for _, s := range kindNamed(kind).all() {
			l, o := s.held()
			left, own = left+l, own+o
		}
		return left, own
	}
	for _, c := range []struct{ opens, closes, left, own int64 }{
		{opens: 2, closes: 1, left: 0, own: 1},
		{opens: 3, closes: 2, left: 1, own: 1},
		{opens: 0, closes: 0, left: 2, own: 0},
	} {
		callsBegun.Add(1)
		var tickets []*Ticket
		for i := int64(0); i < c.opens; i++ {
			tickets = append(tickets, acquire())
		}
		for i := int64(0); i < c.closes; i++ {
			tickets[i].Close()
		}
		if left, own := held(); left != c.left || own != c.own {
			t.Errorf("call %d: %d left and %d its own, want %d and %d", Call(), left, own, c.left, c.own)
		}
	}
	late := acquire()
	callsBegun.Add(1)
	acquire()
	late.Close()
	if left, own := held(); left != 2 || own != 1 {
		t.Errorf("%d left and %d its own, want 2 and 1", left, own)
	}
	b, err := readProfile(profilePrefix + heldPrefix + kind)
	if err != nil {
		t.Fatal(err)
	}
	if got := samplesOf(t, b); got.sum == 0 {
		t.Error("the profile has none of it")
	}
}
