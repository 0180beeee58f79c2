// oracle: clean entries=TestSleep,TestTimeout,TestTimer,FuzzElapsed note="assertions on what one call takes: the clock is moved between calls only"
//
// Tests that assert on real durations, as user code has them.

package durations

import (
	"context"
	"testing"
	"time"
)

const least, most = time.Millisecond, 5 * time.Second

func check(t *testing.T, begin time.Time) {
	t.Helper()
	if passed := time.Since(begin); passed < least || passed > most {
		t.Errorf("%v passed", passed)
	}
	if wall := time.Now().Round(0).Sub(begin.Round(0)); wall < 0 || wall > most {
		t.Errorf("%v passed on the wall clock", wall)
	}
}

func TestSleep(t *testing.T) {
	begin := time.Now()
	time.Sleep(least)
	check(t, begin)
}

func TestTimeout(t *testing.T) {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), least)
	defer cancel()
	<-ctx.Done()
	check(t, begin)
}

func TestTimer(t *testing.T) {
	begin := time.Now()
	slow := time.AfterFunc(most, func() { t.Error("a timer of five seconds has fired") })
	defer slow.Stop()
	ticker := time.NewTicker(least / 2)
	defer ticker.Stop()
	<-ticker.C
	<-ticker.C
	check(t, begin)
}

func FuzzElapsed(f *testing.F) {
	f.Add(byte(1))
	f.Fuzz(func(t *testing.T, n byte) {
		begin := time.Now()
		time.Sleep(least + time.Duration(n)*time.Microsecond)
		check(t, begin)
	})
}
