// oracle: leak class=goroutine kind="chan receive" hang=yes line=21 func=main rate=1 driver=call entries=main
// oracle: leak class=goroutine kind="chan send" id=stage line=12 func=main rate=1 driver=call entries=main
//
// Command allasleep sums up numbers. It takes the sum before it has taken the numbers, so both goroutines wait for
// each other; run on its own it ends with "all goroutines are asleep".
package main

import "fmt"

func main() {
	numbers, sum := make(chan int), make(chan int)
	go func() { // culprit: stage
		s := 0
		for n := range 4 {
			s += n
			numbers <- n
		}
		close(numbers)
		sum <- s
	}()
	total := <-sum // culprit
	for n := range numbers {
		fmt.Print(n, " ")
	}
	fmt.Println("=", total)
}
