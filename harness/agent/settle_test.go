package agent

import (
	"math"
	"slices"
	"sort"
	"testing"
)

// jumps records the steps of a jump past timers that are due at the given times.
func jumps(t *testing.T, asked jumpSteps, timers ...int64) (steps []int64) {
	oldJump, oldNext, oldNow, oldPatience, oldSettle := clockJump, nextTimer, clockNow, jumpPatience, settleStep
	t.Cleanup(func() {
		clockJump, nextTimer, clockNow, jumpPatience, settleStep = oldJump, oldNext, oldNow, oldPatience, oldSettle
	})
	jumpPatience = math.MaxInt64 // however busy the machine is
	settleStep = func(func() int64, int64) bool { return true }
	now := int64(1)
	clockJump = func(ns int64) { now += ns; steps = append(steps, ns) }
	clockNow = func() int64 { return now }
	nextTimer = func() int64 {
		if at := sort.Search(len(timers), func(i int) bool { return timers[i] > now }); at < len(timers) {
			return timers[at]
		}
		return 0
	}
	jump(asked)
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
		if got := jumps(t, jumpSteps{total: 120, least: 5}, test.timers...); !slices.Equal(got, test.want) {
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
	jump(jumpSteps{total: 12, least: 5, fine: 100})
	if !slices.Equal(steps, []int64{5, 5, 2}) {
		t.Errorf("steps %v", steps)
	}
}

// A ticker whose period is shorter than a step has one tick a step.
func TestJumpLeavesTickersTheirTicks(t *testing.T) {
	var second []int64
	for at := int64(2); at <= 601; at++ {
		second = append(second, at)
	}
	if n := len(jumps(t, jumpSteps{total: 600, least: 60, fine: 4800}, second...)); n != 600 {
		t.Errorf("%d ticks in 600 periods of an exact jump", n)
	}
	if n := len(jumps(t, jumpSteps{total: 600, least: 60, fine: 0}, second...)); n != 10 {
		t.Errorf("%d ticks of a jump that has no time for exact steps", n)
	}
}

func TestExactStepsAreSpreadOverTheJump(t *testing.T) {
	const hour = int64(3600e9)
	steps := jumpSteps{total: 24 * hour, fine: 1000}
	for _, test := range []struct {
		moved, made int64
		want        bool
	}{
		{0, 0, true}, {0, 124, true}, {0, 125, false},
		{12 * hour, 312, true}, {12 * hour, 313, false},
		{24*hour - 1, 499, true}, {24*hour - 1, 500, false},
	} {
		if got := steps.nextIsExact(test.moved, test.made); got != test.want {
			t.Errorf("%d exact steps in %d ns, one more: %v", test.made, test.moved, got)
		}
	}
}

// A ticker of a second takes the exact steps; one of seven minutes has its ticks nevertheless.
func TestSlowTickersKeepTheirTicksBesideFastOnes(t *testing.T) {
	const second, slow = int64(1e9), int64(420e9)
	var timers []int64
	for at := second + 1; at <= 86400*second; at += second {
		timers = append(timers, at)
	}
	moved, ticks := int64(0), int64(0)
	for _, step := range jumps(t, jumpSteps{total: 86400 * second, least: 1350 * second, fine: 2000}, timers...) {
		if (moved+step)/slow > moved/slow {
			ticks++
		}
		moved += step
	}
	if want := 86400 * second / slow; ticks != want {
		t.Errorf("%d ticks, want %d", ticks, want)
	}
}
