package closedflag

import "testing"

func TestClose(t *testing.T) {
	q := Open()
	pushed := q.PushAll(1, 2, 3)
	<-pushed
	q.Close()
}
