package lazyexpiry

import (
	"testing"
	"time"
)

var (
	day      = newStore(24*time.Hour, 0)
	twoHours = newStore(2*time.Hour, 0)
	few      = newStore(6*time.Hour, 20)
)

func TestDay(*testing.T)        { day.Put() }
func TestTwoHours(*testing.T)   { twoHours.Put() }
func TestFewAtATime(*testing.T) { few.Put() }
