// oracle: clean entries=main
//
// Command allasleep sums up numbers. It takes the numbers first and the sum behind them.
package main

import "fmt"

func main() {
	numbers, sum := make(chan int), make(chan int)
	go func() {
		s := 0
		for n := range 4 {
			s += n
			numbers <- n
		}
		close(numbers)
		sum <- s
	}()
	for n := range numbers {
		fmt.Print(n, " ")
	}
	fmt.Println("=", <-sum)
}
