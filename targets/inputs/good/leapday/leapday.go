// oracle: clean entries=FuzzSubscribe
//
// The reminder is taken out under the day under which it was kept.

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
	reminders[key] = append(reminders[key], &reminder{day: day})
	delete(reminders, key)
	return nil
}
