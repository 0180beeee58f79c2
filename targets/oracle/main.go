// Command oracle reads the oracles of all targets below the given directories (see ../README.md), checks them and
// prints them as JSON, one a line. With -w it first writes the lines of the culprits into the oracles. With -judge it compares
// a JSON report of goleakstress with them and fails if a leak was missed or a false one reported:
//
//	go run . -judge /tmp/report.json ../kernels
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
)

func main() {
	write := flag.Bool("w", false, "write the lines of the culprits into the oracles")
	quiet := flag.Bool("q", false, "check only, print nothing but errors")
	judge := flag.String("judge", "", "compare the JSON reports in these files, separated by commas")
	table := flag.Bool("table", false, "with -judge: a table of all packages as well")
	flag.Parse()
	if err := run(flag.Args(), *write, *quiet, *judge, *table); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(roots []string, write, quiet bool, judge string, table bool) error {
	if write {
		if err := writeLines(roots); err != nil {
			return err
		}
	}
	oracles, err := Load(roots)
	if err != nil || quiet {
		return err
	}
	if judge != "" {
		return judgeFiles(strings.Split(judge, ","), oracles, table)
	}
	out := json.NewEncoder(os.Stdout)
	for _, o := range oracles {
		if err := out.Encode(o); err != nil {
			return err
		}
	}
	return nil
}

var (
	lineValue = regexp.MustCompile(` line=\d+`)
	orValue   = regexp.MustCompile(` or=[\d,]+`)
)

// writeLines sets line= of every oracle to the line of its mark.
func writeLines(roots []string) error {
	paths, err := goFiles(roots)
	if err != nil {
		return err
	}
	for _, path := range paths {
		oracles, err := parseOracles(path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.Split(string(text), "\n")
		for _, o := range oracles {
			if o.Values["line"] == "" {
				continue
			}
			line, or, err := o.marks()
			if err != nil {
				return fmt.Errorf("%s:%d: %w", o.source, o.at, err)
			}
			text := lineValue.ReplaceAllString(lines[o.at-1], " line="+line)
			lines[o.at-1] = orValue.ReplaceAllString(text, " or="+or)
		}
		if changed := strings.Join(lines, "\n"); changed != string(text) {
			if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
