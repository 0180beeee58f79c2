package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Oracle is one line that says what must be found, or must not be found, with some entries of a package.
type Oracle struct {
	Dir     string            `json:"dir"`  // package of the entries
	File    string            `json:"file"` // file of the culprit line
	Word    string            `json:"word"`
	Values  map[string]string `json:"values"`
	Entries []string          `json:"entries"`

	source string // the file that holds the oracle
	at     int    // its line there
}

const prefix = "// oracle:"

var words = []string{"leak", "clean", "background", "delayed", "not-leak", "gc-only"}

// needed are the keys that an oracle must have when something has to be found; all others are optional.
var needed = []string{"class", "kind", "line", "func", "rate", "driver"}

var optional = []string{"entries", "file", "id", "or", "unit", "stock", "random", "yield", "hang", "input", "hold", "bytes", "note"}

var allowed = map[string][]string{
	"class":  {"goroutine", "cache", "resource"},
	"driver": {"call", "key", "time"},
	"hang":   {"yes"},
}

// parseOracles reads the oracles in the first comment lines of a Go file.
func parseOracles(path string) ([]Oracle, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var oracles []Oracle
	var errs []error
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan() && strings.HasPrefix(lines.Text(), "//"); n++ {
		text, ok := strings.CutPrefix(lines.Text(), prefix)
		if !ok {
			continue
		}
		o, err := parseOracle(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, n, err))
			continue
		}
		o.Dir, o.source, o.at = filepath.Dir(path), path, n
		o.File = path
		if other := o.Values["file"]; other != "" {
			o.File = filepath.Join(o.Dir, other)
		}
		oracles = append(oracles, o)
	}
	return oracles, errors.Join(append(errs, lines.Err())...)
}

func parseOracle(text string) (Oracle, error) {
	fields, err := splitFields(text)
	if err != nil {
		return Oracle{}, err
	}
	if len(fields) == 0 || !slices.Contains(words, fields[0]) {
		return Oracle{}, fmt.Errorf("an oracle begins with one of %s", strings.Join(words, ", "))
	}
	o := Oracle{Word: fields[0], Values: map[string]string{}}
	for _, field := range fields[1:] {
		key, value, ok := strings.Cut(field, "=")
		if !ok || value == "" {
			return o, fmt.Errorf("%q is not key=value", field)
		}
		if !slices.Contains(needed, key) && !slices.Contains(optional, key) {
			return o, fmt.Errorf("unknown key %q", key)
		}
		if some := allowed[key]; some != nil && !slices.Contains(some, value) {
			return o, fmt.Errorf("%s is one of %s, not %q", key, strings.Join(some, ", "), value)
		}
		if _, ok := o.Values[key]; ok {
			return o, fmt.Errorf("%s is given twice", key)
		}
		o.Values[key] = value
	}
	if o.Values["entries"] == "" {
		return o, errors.New("entries= is missing")
	}
	o.Entries = strings.Split(o.Values["entries"], ",")
	return o, o.checkValues()
}

func (o *Oracle) checkValues() error {
	if o.Word == "leak" || o.Word == "gc-only" || o.Word == "background" {
		for _, key := range needed {
			if o.Values[key] == "" {
				return fmt.Errorf("%s= is missing", key)
			}
		}
	}
	for _, key := range []string{"rate", "stock", "random", "yield"} {
		if o.Values[key] == "" {
			continue
		}
		low, high, isRange := strings.Cut(o.Values[key], "..")
		a, err := parseRate(low)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if !isRange {
			continue
		}
		if b, err := parseRate(high); err != nil || b < a {
			return fmt.Errorf("%s=%s is no range", key, o.Values[key])
		}
	}
	return nil
}

// parseRate reads 0.25, 1/64 or 1e-4.
func parseRate(text string) (float64, error) {
	numerator, denominator, isFraction := strings.Cut(text, "/")
	rate, err := strconv.ParseFloat(numerator, 64)
	if err != nil || !isFraction {
		return rate, err
	}
	by, err := strconv.ParseFloat(denominator, 64)
	if err != nil || by == 0 {
		return 0, fmt.Errorf("%q is no fraction", text)
	}
	return rate / by, nil
}

// splitFields splits at spaces, but not inside double quotes, and drops the quotes.
func splitFields(text string) ([]string, error) {
	var fields []string
	var field strings.Builder
	quoted := false
	for _, r := range text + " " {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			if field.Len() > 0 {
				fields = append(fields, field.String())
				field.Reset()
			}
		default:
			field.WriteRune(r)
		}
	}
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	return fields, nil
}

// IsCulprit reports whether a line of the oracle's file is one that the oracle accepts.
func (o *Oracle) IsCulprit(line int) bool {
	text := strconv.Itoa(line)
	return text == o.Values["line"] || slices.Contains(strings.Split(o.Values["or"], ","), text)
}
