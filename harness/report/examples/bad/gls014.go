package bad

import (
	"os"
	"syscall"
)

func checksum(f *os.File, size int) (sum byte, err error) {
	data, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return 0, err
	}
	for _, b := range data {
		sum ^= b
	}
	return sum, nil // the mapping stays
}
