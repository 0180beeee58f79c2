package good

import "context"

func sum(ctx context.Context, numbers []int) (int, error) {
	result := make(chan int, 1) // room for the value that nobody may want
	go func() {
		total := 0
		for _, n := range numbers {
			total += n
		}
		result <- total
	}()
	select {
	case total := <-result:
		return total, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
