package agent

import (
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
)

// The open-fd profiles: one for each kind, so that the kind needs no label. What is open is what was created and not yet
// closed by a system call that went through package syscall; cgo, SCM_RIGHTS and the runtime's own poller are not seen.

type fdKey struct{ fd, generation int }

const trackedFds = 1 << 16

var (
	fdMu          sync.Mutex
	fdGenerations [trackedFds]int32
	fdProfile     [trackedFds]*pprof.Profile

	exhausted atomic.Int64 // creating calls that failed for want of a resource
)

// fdCreated is told of a new fd by package syscall, whose frames stand between the caller and here.
func fdCreated(fd int, kind string) {
	if fd < 0 || fd >= trackedFds || fd == channelFd {
		return
	}
	p := resourceProfile("fd." + kind)
	fdMu.Lock()
	old, generation := fdProfile[fd], fdGenerations[fd]
	fdGenerations[fd]++
	fdProfile[fd] = p
	fdMu.Unlock()
	if old != nil { // closed behind our back
		old.Remove(fdKey{fd, int(generation)})
	}
	p.Add(fdKey{fd, int(generation + 1)}, 1)
}

func fdClosed(fd int) {
	if fd < 0 || fd >= trackedFds {
		return
	}
	fdMu.Lock()
	p, generation := fdProfile[fd], fdGenerations[fd]
	fdProfile[fd] = nil
	fdMu.Unlock()
	if p != nil {
		p.Remove(fdKey{fd, int(generation)})
	}
}

// fdFailed counts creating calls that fail because something ran out.
func fdFailed(errno syscall.Errno) {
	switch errno {
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOSPC, syscall.ENOMEM, syscall.EADDRNOTAVAIL, syscall.ENOBUFS:
		exhausted.Add(1)
	}
}

var (
	profilesMu sync.Mutex
	profiles   = map[string]*pprof.Profile{}
)

const profilePrefix = "goleakstress."

func resourceProfile(kind string) *pprof.Profile {
	profilesMu.Lock()
	defer profilesMu.Unlock()
	p := profiles[kind]
	if p == nil {
		p = pprof.NewProfile(profilePrefix + kind)
		profiles[kind] = p
	}
	return p
}

// Opened and Closed keep the profile of one kind of resource: key is the thing that has to be closed. They do nothing when
// the harness does not drive the process.
func Opened(kind string, key any) {
	if active {
		resourceProfile(kind).Add(key, 2)
	}
}

// Closed takes the resource out of its profile; closing twice is no error.
func Closed(kind string, key any) {
	if active {
		resourceProfile(kind).Remove(key)
	}
}

func startProbes() {
	for _, connect := range connectors {
		connect()
	}
}

// connectors are run once the harness is known to be there; a probe's glue adds to them.
var connectors []func()
