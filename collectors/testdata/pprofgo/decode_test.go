package main

import (
	"os"
	"testing"

	"github.com/google/pprof/profile"
)

// BenchmarkDecode is what pprof_profile_benchmark is compared with: PROFILE=FILE go test -bench=Decode
func BenchmarkDecode(b *testing.B) {
	data, err := os.ReadFile(os.Getenv("PROFILE"))
	if err != nil {
		b.Skip("set PROFILE to a profile's path")
	}
	b.SetBytes(int64(len(data)))
	for range b.N {
		if _, err := profile.ParseData(data); err != nil {
			b.Fatal(err)
		}
	}
}
