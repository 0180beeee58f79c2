// oracle: leak class=cache kind=slice line=32 func=Subscribe rate=1 driver=call input="a date of the 29th of February" entries=FuzzSubscribe
//
// A reminder is kept under its day and looked for a year later; for the 29th of February there is no such
// day.

package leapday

import (
	"sync"
	"time"
)

type reminder struct {
	day  time.Time
	text [64]byte
}

var (
	mu        sync.Mutex
	reminders = map[string][]*reminder{} // by month and day
)

// Subscribe subscribes for a year and cancels at once.
func Subscribe(date string) error {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	key := day.Format("01-02")
	reminders[key] = append(reminders[key], &reminder{day: day}) // culprit
	end := day.AddDate(1, 0, 0)
	delete(reminders, end.Format("01-02"))
	return nil
}
