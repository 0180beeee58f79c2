package activelate

import "testing"

func TestCount(t *testing.T) {
	rows := make(chan int, 3)
	for range 3 {
		rows <- 7
	}
	shard := func() int { return <-rows }
	Count([]Shard{shard, shard, shard})
}
