package good

import "time"

type monitor struct{ readings [60]int }

func (m *monitor) run(read func() int) {
	i := 0
	for range time.Tick(time.Second) {
		m.readings[i%len(m.readings)] = read()
		i++
	}
}
