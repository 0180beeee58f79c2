// Pprofgo prints profiles as github.com/google/pprof/profile reads them, in the form that the tests of our own decoder
// render too: pprofgo FILE.pb.gz > FILE.txt
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/google/pprof/profile"
)

func labels(s *profile.Sample) string {
	var all []string
	for key, values := range s.Label {
		for _, value := range values {
			all = append(all, fmt.Sprintf(" %s=%q", key, value))
		}
	}
	for key, values := range s.NumLabel {
		for i, value := range values {
			unit := ""
			if units := s.NumUnit[key]; i < len(units) {
				unit = units[i]
			}
			all = append(all, fmt.Sprintf(" %s=%d%s", key, value, unit))
		}
	}
	sort.Strings(all)
	return strings.Join(all, "")
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		panic(err)
	}
	for _, t := range p.SampleType {
		fmt.Printf("type %s/%s\n", t.Type, t.Unit)
	}
	fmt.Printf("default %s\nperiod %s/%s %d\n", p.DefaultSampleType, p.PeriodType.Type, p.PeriodType.Unit, p.Period)
	fmt.Printf("time %d duration %d\n", p.TimeNanos, p.DurationNanos)
	for _, s := range p.Sample {
		fmt.Print("sample")
		for _, value := range s.Value {
			fmt.Printf(" %d", value)
		}
		fmt.Println(labels(s))
		for _, location := range s.Location {
			for _, line := range location.Line {
				fmt.Printf("  %s %s:%d\n", line.Function.Name, line.Function.Filename, line.Line)
			}
			if len(location.Line) == 0 {
				fmt.Println("   :0")
			}
		}
	}
}
