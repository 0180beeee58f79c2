package bad

import "time"

type monitor struct{ readings []int }

func (m *monitor) run(read func() int) {
	for range time.Tick(time.Second) {
		m.readings = append(m.readings, read()) // 86,400 a day
	}
}
