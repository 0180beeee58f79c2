package bad

import (
	"bufio"
	"os"
)

func firstLine(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	return bufio.NewReader(f).ReadString('\n') // open until the garbage collector comes by
}
