package agent

import (
	"slices"
	"testing"
)

// jumps records the steps of a jump past timers that are due at the given times.
func jumps(t *testing.T, total, step int64, timers ...int64) (steps []int64) {
	oldJump, oldNext, oldNow := clockJump, nextTimer, clockNow
	t.Cleanup(func() { clockJump, nextTimer, clockNow = oldJump, oldNext, oldNow })
	now := int64(1)
	clockJump = func(ns int64) { now += ns; steps = append(steps, ns) }
	clockNow = func() int64 { return now }
	nextTimer = func() int64 {
		for _, when := range timers {
			if when > now {
				return when
			}
		}
		return 0
	}
	jump(total, step)
	return steps
}

func TestJumpStopsWhereTimersAreDue(t *testing.T) {
	for _, test := range []struct {
		timers, want []int64
	}{
		{nil, []int64{120}},
		{[]int64{500}, []int64{120}},
		{[]int64{31}, []int64{30, 90}},
		{[]int64{3, 6, 61}, []int64{5, 55, 60}},
	} {
		if got := jumps(t, 120, 5, test.timers...); !slices.Equal(got, test.want) {
			t.Errorf("timers at %v: steps %v, want %v", test.timers, got, test.want)
		}
	}
}

func TestJumpWithoutKnownTimersGoesByStep(t *testing.T) {
	oldJump, oldNext := clockJump, nextTimer
	t.Cleanup(func() { clockJump, nextTimer = oldJump, oldNext })
	var steps []int64
	clockJump = func(ns int64) { steps = append(steps, ns) }
	nextTimer = nil
	jump(12, 5)
	if !slices.Equal(steps, []int64{5, 5, 2}) {
		t.Errorf("steps %v", steps)
	}
}
