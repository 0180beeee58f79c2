//go:build goleakstress_coverage

package agent

// The target's side of the fuzz arena (harness/input/fuzz_arena.h has the protocol and the layout): edge counters, and what
// each call left behind. Compiled in only with the tag goleakstress_coverage, as the linker knows the counters only where
// some package is compiled with -d=libfuzzer.

import (
	"os"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	arenaMagic     = 0x314E455241534C47
	maxBatch       = 256
	maxCounters    = 1 << 20
	maxComparisons = 4096

	recordsAt     = 4096
	comparisonsAt = recordsAt + 65536
	countersAt    = comparisonsAt + 1<<20
	seenAt        = countersAt + maxCounters
	arenaBytes    = seenAt + maxCounters + 8<<20
)

const (
	modeOff = iota
	modeScreen
	modeRecord
	modeSoak
	modeSieve
	modeRow
)

type arenaHeader struct {
	magic, mode, counters, comparisons, first, batch, batchBytes, edges uint64
	soakedObjects, soakedBytes                                          int64
}

const (
	callBegun = 1
	callEnded = 2
)

type callRecord struct {
	state      uint32
	newEdges   uint32
	goroutines int32
	resources  int32
	site       uint32
	outgrew    uint32
	_          uint64
}

// The counters of every instrumented package, as the linker puts them together.
//
//go:linkname countersStart runtime.__start___sancov_cntrs
//go:linkname countersStop runtime.__stop___sancov_cntrs
var countersStart, countersStop [0]byte

var (
	arena    []byte
	header   *arenaHeader
	counters []byte // our own
	shared   []byte // their copy in the arena
	seen     []byte // in the arena: buckets seen of each
	bucketOf [256]byte

	inCall struct {
		mode       uint64
		goroutines int
		resources  int
		objects    uint64
		bytes      uint64
	}
	mostGoroutines, mostResources int // greatest growths of a call so far
)

var _ = live("coverage", func() { connectors = append(connectors, attachArena) })

// attachArena maps the arena, if there is one, and has the worker call us around each call.
func attachArena() {
	path := os.Getenv("GOLEAKSTRESS_ARENA")
	os.Unsetenv("GOLEAKSTRESS_ARENA")
	if path == "" {
		return
	}
	fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil || info.Size != arenaBytes {
		return
	}
	memory, err := syscall.Mmap(fd, 0, arenaBytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return
	}
	h := (*arenaHeader)(unsafe.Pointer(unsafe.SliceData(memory)))
	if h.magic != arenaMagic {
		syscall.Munmap(memory)
		return
	}
	n := uintptr(unsafe.Pointer(&countersStop)) - uintptr(unsafe.Pointer(&countersStart))
	n = min(n, maxCounters)
	counters = unsafe.Slice((*byte)(unsafe.Pointer(&countersStart)), n)
	shared, seen = memory[countersAt:][:n], memory[seenAt:][:n]
	for i := 1; i < 256; i++ {
		bucketOf[i] = bucket(i)
	}
	arena, header = memory, h
	comparisons = (*[maxComparisons]comparison)(unsafe.Pointer(unsafe.SliceData(memory[comparisonsAt:])))
	liveHeap() // what the collector and package metrics set up for good is there from now on
	callBegins, callEnds = beginCovered, endCovered
	atomic.StoreUint64(&h.counters, uint64(n))
}

// bucket is the bit of libFuzzer's bucket for a count: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more.
func bucket(count int) byte {
	for bit, least := range [...]int{128, 32, 16, 8, 4, 3, 2, 1} {
		if count >= least {
			return 128 >> bit
		}
	}
	return 0
}

func recordOf(call uint64) *callRecord {
	i := (atomic.LoadUint64(&header.first) + call) % maxBatch
	return (*callRecord)(unsafe.Pointer(unsafe.SliceData(arena[recordsAt+i*uint64(unsafe.Sizeof(callRecord{})):])))
}

func soaks() bool { return inCall.mode == modeSoak || inCall.mode == modeSieve }

func beginCovered(call uint64) {
	inCall.mode = atomic.LoadUint64(&header.mode)
	if inCall.mode == modeOff {
		return
	}
	r := recordOf(call)
	*r = callRecord{state: callBegun}
	if soaks() && r == recordOf(-atomic.LoadUint64(&header.first)) {
		inCall.objects, inCall.bytes = liveHeap()
	}
	inCall.goroutines, inCall.resources = runtime.NumGoroutine(), openResources()
	clear(counters)
	if inCall.mode == modeRecord {
		startComparisons()
	}
}

func endCovered(call uint64) {
	if inCall.mode == modeOff {
		return
	}
	compared := stopComparisons()
	r := recordOf(call)
	if inCall.mode == modeRecord {
		copy(shared, counters)
		atomic.StoreUint64(&header.comparisons, uint64(compared))
	}
	// What is new in a soak would be lost: nobody asks which of its calls it was.
	if !soaks() {
		r.newEdges = uint32(countNew())
	}
	goroutines := runtime.NumGoroutine() - inCall.goroutines
	resources := openResources() - inCall.resources
	// Goroutines that a call leaves behind are about to end more often than not: where it matters they are waited for.
	if goroutines > 0 && (inCall.mode == modeRecord || goroutines > mostGoroutines) {
		goroutines = awaitGoroutines(inCall.goroutines)
		resources = openResources() - inCall.resources
	}
	r.goroutines, r.resources = int32(goroutines), int32(resources)
	if goroutines > mostGoroutines || resources > mostResources {
		r.outgrew = 1
		mostGoroutines, mostResources = max(mostGoroutines, goroutines), max(mostResources, resources)
	}
	if goroutines > 0 && inCall.mode == modeRecord {
		r.site = newSite()
	}
	if soaks() && r == recordOf(atomic.LoadUint64(&header.batch)-1-atomic.LoadUint64(&header.first)) {
		objects, bytes := liveHeap()
		header.soakedObjects, header.soakedBytes = int64(objects-inCall.objects), int64(bytes-inCall.bytes)
	}
	atomic.StoreUint32(&r.state, callEnded)
}

// countNew counts the counters whose bucket nobody saw before, and notes the bucket as seen.
func countNew() (n int) {
	const word = 8
	edges := 0
	look := func(i int) {
		bit := bucketOf[counters[i]]
		if bit&^seen[i] == 0 {
			return
		}
		if seen[i] == 0 {
			edges++
		}
		seen[i] |= bit
		n++
	}
	whole := len(counters) / word * word
	for at := 0; at < whole; at += word {
		if *(*[word]byte)(counters[at:]) == [word]byte{} {
			continue
		}
		for i := at; i < at+word; i++ {
			look(i)
		}
	}
	for i := whole; i < len(counters); i++ {
		look(i)
	}
	if edges > 0 {
		atomic.AddUint64(&header.edges, uint64(edges))
	}
	return n
}

const (
	awaitYields = 200
	awaitNaps   = 40  // of 50 us
	awaitPutOff = 400 // naps more while a thread waits for a processor: on a busy machine that takes milliseconds
)

// awaitGoroutines gives goroutines a moment to end and returns by how many there are more than before.
func awaitGoroutines(before int) int {
	for i := 0; i < awaitYields+awaitNaps+awaitPutOff; i++ {
		if runtime.NumGoroutine() <= before {
			break
		}
		if i >= awaitYields+awaitNaps {
			if run, _ := threadsRun(); !run {
				break
			}
		}
		if i < awaitYields {
			runtime.Gosched()
		} else {
			nap()
		}
	}
	return runtime.NumGoroutine() - before
}

// openResources counts what the probes know to be open: twice for each call, so it allocates nothing of its own.
func openResources() (n int) {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	for _, kind := range kinds {
		n += int(kind.total())
	}
	return n
}

var heapSamples = []metrics.Sample{{Name: "/gc/heap/objects:objects"}, {Name: "/memory/classes/heap/objects:bytes"}}

func liveHeap() (objects, bytes uint64) {
	runtime.GC()
	runtime.GC() // what a pool held is gone after the second
	metrics.Read(heapSamples)
	return heapSamples[0].Value.Uint64(), heapSamples[1].Value.Uint64()
}
