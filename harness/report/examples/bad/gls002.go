package bad

import "time"

func watch(check func()) {
	go func() {
		for { // until the process ends
			check()
			time.Sleep(time.Second)
		}
	}()
}
