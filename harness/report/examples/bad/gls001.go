package bad

import "context"

func sum(ctx context.Context, numbers []int) (int, error) {
	result := make(chan int)
	go func() {
		total := 0
		for _, n := range numbers {
			total += n
		}
		result <- total // nobody receives once ctx is done
	}()
	select {
	case total := <-result:
		return total, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
