// oracle: clean entries=FuzzDay,TestDay
//
// Twelve tables are made at the first use of each and stay.

package lazysingletons

import (
	"fmt"
	"sync"
	"time"
)

type month struct {
	name string
	days [31]string
}

var (
	once   [12]sync.Once
	months [12]*month
)

// Day returns the name of a day of the year.
func Day(n uint16) string {
	m := int(n) % 12
	once[m].Do(func() {
		t := &month{name: time.Month(m + 1).String()}
		for d := range t.days {
			t.days[d] = fmt.Sprint(d+1, " ", t.name)
		}
		months[m] = t
	})
	return months[m].days[int(n)/12%31]
}
