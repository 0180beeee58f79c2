package agent

import (
	"sync/atomic"
	"syscall"
)

// The open fds, one kind of resource for each kind of fd. What is open is what was created and not yet
// closed by a system call that went through package syscall; cgo, SCM_RIGHTS and the runtime's own poller are not seen.

const trackedFds = 1 << 16

var (
	fdMu   mutex
	fdSite [trackedFds]*site

	exhausted atomic.Int64 // creating calls that failed for want of a resource
)

// fdCreated is told of a new fd by package syscall, whose frames stand between the caller and here.
func fdCreated(fd int, kind string) {
	if fd < 0 || fd >= trackedFds || fd == channelFd {
		return
	}
	s := kindNamed("fd." + kind).here()
	if s != nil {
		s.open.Add(1)
	}
	replaceFd(fd, s)
}

func fdClosed(fd int) {
	if fd >= 0 && fd < trackedFds {
		replaceFd(fd, nil)
	}
}

// replaceFd closes what was open under this number, also what was closed behind our back.
func replaceFd(fd int, s *site) {
	fdMu.Lock()
	old := fdSite[fd]
	fdSite[fd] = s
	fdMu.Unlock()
	if old == nil {
		return
	}
	old.open.Add(-1)
	if s == nil && collecting != nil && collecting() {
		old.dropped.Add(1)
	}
}

// collecting reports whether the running goroutine is one that runs finalizers or cleanups; nil where that is not known.
var collecting func() bool

// fdTaken makes the running function the one who has to close the fd.
func fdTaken(fd int, kind string) {
	if fd < 0 || fd >= trackedFds {
		return
	}
	fdMu.Lock()
	known := fdSite[fd] != nil
	fdMu.Unlock()
	if known {
		fdCreated(fd, kind)
	}
}

// SocketTaken is called where a socket that a package of the standard library opened becomes its caller's.
func SocketTaken(fd int) {
	if active {
		fdTaken(fd, "socket")
	}
}

// failedPrefix begins the kinds that count calls which failed because the process, or its user, has too many of a kind.
const failedPrefix = "failed."

// fdFailed counts creating calls that fail because something ran out.
func fdFailed(kind string, errno syscall.Errno) {
	switch errno {
	case syscall.EMFILE, syscall.ENOSPC:
		if s := kindNamed(failedPrefix + kind).here(); s != nil {
			s.open.Add(1)
		}
	case syscall.ENFILE, syscall.ENOMEM, syscall.EADDRNOTAVAIL, syscall.ENOBUFS:
	default:
		return
	}
	exhausted.Add(1)
}

var mappings = newPolled("memory.mapping", nil)

func startProbes() {
	for _, connect := range connectors {
		connect()
	}
}

// connectors are run once the harness is known to be there; a probe's glue adds to them.
var connectors []func()
