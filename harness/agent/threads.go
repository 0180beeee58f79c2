package agent

import (
	"bytes"
	"strconv"
	"syscall"
	"unsafe"
)

// More threads are not looked at one by one: that would take longer than what it is to make sure of.
const mostThreads = 64

// threadsRun reports whether a thread of this process but the calling one runs or would run if it had a processor: state R in
// /proc/PID/task/TID/stat (proc(5)). A goroutine whose thread the kernel has put off in the middle of a system call looks to the
// runtime as one that waits in it. Not known where /proc cannot be read and where there are too many.
func threadsRun() (run, known bool) {
	self, _, _ := syscall.RawSyscall(syscall.SYS_GETTID, 0, 0, 0)
	var directory [4096]byte
	n := readWhole([]byte("/proc/self/task\x00"), syscall.O_DIRECTORY, syscall.SYS_GETDENTS64, directory[:])
	threads := 0
	for rest := directory[:n]; len(rest) > 19; {
		length := int(rest[16]) | int(rest[17])<<8 // struct linux_dirent64, getdents(2)
		if length <= 19 || length > len(rest) {
			return false, false
		}
		name, _, _ := bytes.Cut(rest[19:length], []byte{0})
		rest = rest[length:]
		id, err := strconv.Atoi(string(name))
		if err != nil || id == int(self) {
			continue
		}
		if threads++; threads > mostThreads {
			return false, false
		}
		if threadState(name) == 'R' {
			return true, true
		}
	}
	return false, n > 0
}

// threadState is the letter behind the name of the program, which may have parentheses in it.
func threadState(id []byte) byte {
	var text [512]byte
	path := append(append(append(make([]byte, 0, 64), "/proc/self/task/"...), id...), "/stat\x00"...)
	n := readWhole(path, 0, syscall.SYS_READ, text[:])
	at := bytes.LastIndexByte(text[:n], ')')
	if at < 0 || at+2 >= n {
		return 0
	}
	return text[at+2]
}

// readWhole reads a file of /proc with one system call, by calls that no probe sees and that do not tell the scheduler.
func readWhole(path []byte, flags, call uintptr, buffer []byte) int {
	const here = -100 & (1<<64 - 1) // AT_FDCWD
	fd, _, errno := syscall.RawSyscall6(syscall.SYS_OPENAT, here, uintptr(unsafe.Pointer(&path[0])),
		flags|syscall.O_RDONLY|syscall.O_CLOEXEC, 0, 0, 0)
	if errno != 0 {
		return 0
	}
	defer syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	n, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)))
	if errno != 0 {
		return 0
	}
	return int(n)
}
