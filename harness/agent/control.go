package agent

import (
	"fmt"
	"runtime"
	"syscall"
)

// Field numbers of Response's oneof.
const (
	bodyHello        = 3
	bodyEntries      = 4
	bodyReady        = 5
	bodyRunDone      = 6
	bodySettled      = 7
	bodyProfile      = 8
	bodyMetrics      = 9
	bodyStacks       = 10
	bodyProfileNames = 11
	bodyDone         = 12
)

// Field numbers of Request's oneof.
const (
	askRun           = 2
	askSettle        = 3
	askJump          = 4
	askCollect       = 5
	askReadProfile   = 6
	askReadMetrics   = 7
	askReadStacks    = 8
	askListProfiles  = 9
	askTune          = 10
	askWriteHeapDump = 11
	askFinish        = 12
	askAbandon       = 13
)

// control reads requests and answers them, for ever. It reads with a plain blocking system call: no timer, no poller, so
// that nothing of ours shows among what the target waits for.
func control() {
	labelled("agent")
	if hideAllocations != nil {
		hideAllocations()
	}
	var header [4]byte
	*hidden = true // also while calls go on and something is asked
	for {
		readFull(header[:])
		n := int(header[0]) | int(header[1])<<8 | int(header[2])<<16 | int(header[3])<<24
		if n > maxMessage {
			exitNow(112)
		}
		message := make([]byte, n)
		readFull(message)
		var id uint64
		ask, body := 0, []byte(nil)
		err := fields(message, func(field int, v uint64, p []byte) error {
			if field == 1 {
				id = v
			} else {
				ask, body = field, p
			}
			return nil
		})
		if err == nil {
			err = answer(id, ask, body)
		}
		if err != nil {
			sendError(id, err.Error())
		}
	}
}

func readFull(b []byte) {
	for len(b) > 0 {
		n, err := readChannel(channelFd, b)
		if err == syscall.EAGAIN {
			lookAtCall()
			continue
		}
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			exitNow(111)
		}
		b = b[n:]
	}
}

func answer(id uint64, ask int, body []byte) error {
	switch ask {
	case askReadProfile, askReadStacks, askWriteHeapDump: // whoever takes a profile is always in it
		*hidden = false
		defer func() { *hidden = true }()
	}
	switch ask {
	case askRun:
		return startRun(id, body)
	case askSettle:
		limit, closeIdle := uint64(0), false
		err := fields(body, func(field int, v uint64, _ []byte) error {
			switch field {
			case 1:
				limit = v
			case 2:
				closeIdle = v != 0
			}
			return nil
		})
		if err != nil {
			return err
		}
		if closeIdle {
			closeIdleConnections()
		}
		quiet, waited := settle(int64(limit))
		send(id, bodySettled, appendUint(appendBool(nil, 1, quiet), 2, uint64(waited)))
	case askJump:
		var steps jumpSteps
		err := fields(body, func(field int, v uint64, _ []byte) error {
			switch field {
			case 1:
				steps.total = int64(v)
			case 2:
				steps.least = int64(v)
			case 3:
				steps.fine = int64(v)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if clockJump == nil {
			return fmt.Errorf("the clock of this process cannot be moved")
		}
		jump(steps)
		send(id, bodyDone, nil)
	case askCollect:
		cycles, _, err := twoUints(body)
		if err != nil {
			return err
		}
		collect(int(min(cycles, 8)))
		send(id, bodyDone, nil)
	case askReadProfile:
		name, err := oneString(body)
		if err != nil {
			return err
		}
		b, err := readProfile(name)
		if err != nil {
			return err
		}
		send(id, bodyProfile, b)
	case askReadMetrics:
		b, err := readMetrics(body)
		if err != nil {
			return err
		}
		send(id, bodyMetrics, b)
	case askReadStacks:
		limit, _, err := twoUints(body)
		if err != nil {
			return err
		}
		send(id, bodyStacks, appendBytes(nil, 1, readStacks(limit)))
	case askListProfiles:
		send(id, bodyProfileNames, profileNames())
	case askTune:
		if err := tune(body); err != nil {
			return err
		}
		send(id, bodyDone, nil)
	case askWriteHeapDump:
		path, err := oneString(body)
		if err != nil {
			return err
		}
		if err := writeHeapDump(path); err != nil {
			return err
		}
		send(id, bodyDone, nil)
	case askFinish:
		send(id, bodyDone, nil)
		endCalls()
	case askAbandon:
		abandon()
		send(id, bodyDone, nil)
	default:
		return fmt.Errorf("unknown request %d", ask)
	}
	return nil
}

func twoUints(body []byte) (a, b uint64, err error) {
	err = fields(body, func(field int, v uint64, _ []byte) error {
		switch field {
		case 1:
			a = v
		case 2:
			b = v
		}
		return nil
	})
	return a, b, err
}

func oneString(body []byte) (s string, err error) {
	err = fields(body, func(field int, _ uint64, p []byte) error {
		if field == 1 {
			s = string(p)
		}
		return nil
	})
	return s, err
}

func tune(body []byte) error {
	var odds, lockOdds uint64
	err := fields(body, func(field int, v uint64, _ []byte) error {
		switch field {
		case 1:
			if v > 0 {
				runtime.GOMAXPROCS(int(min(v, 256)))
			}
		case 2:
			if schedule.seed != nil {
				*schedule.seed = v
			}
		case 3:
			odds = v
		case 4:
			if schedule.random != nil {
				*schedule.random = v == 1
			}
		case 5:
			lockOdds = v
		}
		return nil
	})
	if schedule.odds != nil {
		*schedule.odds = odds
	}
	if schedule.lockOdds != nil {
		*schedule.lockOdds = lockOdds
	}
	return err
}
