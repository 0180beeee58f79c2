// oracle: clean entries=TestRefresh
//
// The goroutine gives back its thread and ends with the device.

package lockedthreads

import (
	"runtime"
	"sync/atomic"
)

var calls atomic.Int64

// Device is used from one thread only, as its library wants it.
type Device struct {
	work chan func()
}

// Open opens a device.
func Open() *Device {
	d := &Device{work: make(chan func())}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for f := range d.work {
			f()
		}
	}()
	return d
}

// Do runs f on the device's thread.
func (d *Device) Do(f func()) {
	done := make(chan struct{})
	d.work <- func() {
		defer close(done)
		f()
	}
	<-done
}

// Close closes the device.
func (d *Device) Close() {
	d.Do(func() {})
	close(d.work)
}

// Refresh opens the device once in sixteen calls.
func Refresh() (opened bool) {
	if calls.Add(1)%16 != 0 {
		return false
	}
	d := Open()
	d.Do(func() { opened = true })
	d.Close()
	return opened
}
