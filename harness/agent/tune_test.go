package agent

import "testing"

// The wire leaves zeros out.
func TestTuneWithoutOddsEndsTheYields(t *testing.T) {
	saved := schedule
	defer func() { schedule = saved }()
	odds, lockOdds, random := uint64(4), uint64(4), true
	schedule.odds, schedule.lockOdds, schedule.random = &odds, &lockOdds, &random
	if err := tune(appendUint(nil, 4, 2)); err != nil {
		t.Fatal(err)
	}
	if odds != 0 || lockOdds != 0 || random {
		t.Errorf("odds %d, %d, random %v after a stock schedule", odds, lockOdds, random)
	}
	if err := tune(appendUint(appendUint(nil, 3, 8), 5, 2)); err != nil {
		t.Fatal(err)
	}
	if odds != 8 || lockOdds != 2 {
		t.Errorf("odds %d, %d, want 8, 2", odds, lockOdds)
	}
}
