package agent

import (
	"math"
	"os/exec"
	"testing"
	"time"
)

// waitingCall fakes a clock with timers at the given times and a call in progress; it returns the clock.
func waitingCall(t *testing.T, timers ...int64) *int64 {
	t.Helper()
	if !schedulerKnown {
		t.Skip("needs the counters of the scheduler")
	}
	oldJump, oldNext, oldNow, oldNetwork := clockJump, nextTimer, clockNow, network
	t.Cleanup(func() { clockJump, nextTimer, clockNow, network = oldJump, oldNext, oldNow, oldNetwork })
	now := new(int64)
	clockNow = func() int64 { return *now }
	clockJump = func(ns int64) { *now += ns }
	nextTimer = func() int64 {
		for _, timer := range timers {
			if timer > *now {
				return timer
			}
		}
		return 0
	}
	network = func() (bool, uint64) { return false, 0 }
	passing.watched, passing.wanted, passing.call, passing.realFor = true, true, Call(), 0
	passing.moved, passing.steps, passing.spent = 0, 0, 0
	passing.peers, passing.outside, passing.settled, passing.readied = false, false, false, 0
	passing.sinceReady, passing.sinceMoved = 0, 0
	return now
}

// passes moves the clock as often as it may be moved, until it may not for a while.
func passes() {
	for begin := time.Now(); time.Since(begin) < 20*time.Millisecond; {
		if pass() {
			begin = time.Now()
		}
	}
}

func TestAWaitingCallHasTheClockMovedToEachTimer(t *testing.T) {
	const second = int64(time.Second)
	now := waitingCall(t, second, 2*second, 7*second)
	eventually(t, "the clock is not moved", pass)
	if *now != second {
		t.Errorf("moved by %d, not to the first timer", *now)
	}
	eventually(t, "the clock is not moved to the last timer", func() bool { pass(); return *now == 7*second })
	passes()
	if *now != 7*second || passing.steps != 3 {
		t.Errorf("moved to %d in %d steps", *now, passing.steps)
	}
}

func TestTheClockIsNotMovedWithoutEnd(t *testing.T) {
	now := waitingCall(t)
	nextTimer = func() int64 { return *now + int64(time.Minute) } // a ticker
	eventually(t, "the clock is not moved", func() bool { pass(); return *now == mostPassed })
	passes()
	if *now != mostPassed {
		t.Errorf("moved by %d", *now)
	}
}

func TestACallThatComputesKeepsItsTime(t *testing.T) {
	now := waitingCall(t, int64(time.Second))
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for x := 1.0; ; x = math.Sqrt(x + 1) {
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	passes()
	close(stop)
	<-stopped
	if *now != 0 {
		t.Errorf("moved by %d beside a busy goroutine", *now)
	}
}

func TestWhoWaitsForADescriptorIsGivenAMoment(t *testing.T) {
	now := waitingCall(t, int64(time.Second))
	network = func() (bool, uint64) { return true, 0 }
	begin := realtime()
	eventually(t, "the clock is not moved", pass)
	if took := realtime() - begin; *now != int64(time.Second) || took < peerPatience {
		t.Errorf("moved by %d after %d", *now, took)
	}
}

func TestWhatComesFromOutsideIsWaitedFor(t *testing.T) {
	now := waitingCall(t, int64(time.Second))
	readied := uint64(0)
	network = func() (bool, uint64) { return true, readied }
	passing.wanted = false
	eventually(t, "it never rests", func() bool { pass(); return passing.settled })
	readied++ // though no timer was due
	passing.wanted = true
	passes()
	time.Sleep(time.Duration(2 * peerPatience))
	passes()
	if *now != 0 || !passing.outside {
		t.Errorf("moved by %d", *now)
	}
}

func TestATimerWakesNobodyFromOutside(t *testing.T) {
	now := waitingCall(t, int64(time.Second))
	eventually(t, "it never rests", func() bool { passing.wanted = false; pass(); return passing.settled })
	*now = int64(time.Second)
	noteWoken()
	if passing.outside {
		t.Error("what a timer woke is taken for an answer from outside")
	}
}

func TestChildrenTakeTheirTime(t *testing.T) {
	now := waitingCall(t, int64(time.Second))
	child := exec.Command("sleep", "0.3")
	if err := child.Start(); err != nil {
		t.Skip(err)
	}
	waited := make(chan error)
	go func() { waited <- child.Wait() }() // in a system call
	time.Sleep(20 * time.Millisecond)
	passes()
	if *now != 0 {
		t.Errorf("moved by %d while a child runs", *now)
	}
	<-waited
}
