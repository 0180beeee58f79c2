package bad

import "os"

var parts = map[string]*os.File{}

func part(name string) (*os.File, error) {
	f, err := os.Create(name)
	parts[name] = f // kept, and never closed
	return f, err
}
