package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseOracle(t *testing.T) {
	o, err := parseOracle(` leak class=goroutine kind="chan receive" line=31 func=T.Start rate=1/64 driver=call entries=FuzzA,TestB`)
	if err != nil {
		t.Fatal(err)
	}
	if o.Word != "leak" || o.Values["kind"] != "chan receive" || len(o.Entries) != 2 {
		t.Errorf("got %+v", o)
	}
	for text, want := range map[string]string{
		``:                               "begins with",
		`leek entries=A`:                 "begins with",
		`clean`:                          "entries= is missing",
		`clean entries=A colour=red`:     "unknown key",
		`clean entries=A entries=B`:      "twice",
		`clean entries="A`:               "not closed",
		`leak class=cache entries=TestA`: "kind= is missing",
		`leak class=x kind=map line=1 func=F rate=1 driver=call entries=A`:        "class is one of",
		`leak class=cache kind=map line=1 func=F rate=2..1 driver=call entries=A`: "no range",
		`leak class=cache kind=map line=1 func=F rate=1/0 driver=call entries=A`:  "no fraction",
	} {
		if _, err := parseOracle(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseOracle(%q): %v, want %q", text, err, want)
		}
	}
}

// A target of one file; the test below breaks it in every way that Load must notice.
const sample = `// oracle: leak class=goroutine kind=select line=6 func=T.Run rate=1 driver=call entries=TestRun

package sample

func (t *T) Run() {
	go func() { // culprit
		select {}
	}()
}

type T struct{}
`

func TestLoad(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"line=6", "line=7", "the marks are in lines 6"},
		{"func=T.Run", "func=Run", "has no // culprit"},
		{" // culprit", "", "has no // culprit"},
		{"// culprit", "// culprit: other", "has no // culprit"},
		{"entries=TestRun", "entries=TestRun,TestNone", "TestNone does not exist"},
		{"entries=TestRun", "entries=TestNone", "no oracle for TestRun"},
		{"entries=TestRun", "entries=TestRun,TestRun+TestNone", "TestRun+TestNone does not exist"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "sample.go"), strings.Replace(sample, c.from, c.to, 1))
		write(t, filepath.Join(dir, "sample_test.go"), "package sample\n\nfunc TestRun(t *testing.T) {}\n")
		_, err := Load([]string{dir})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q -> %q: %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

func TestWriteLines(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sample.go")
	write(t, path, strings.Replace(sample, "line=6", "line=0", 1))
	if err := writeLines([]string{dir}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != sample {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestJudgeEntry(t *testing.T) {
	oracle := func(text string) Oracle {
		o, err := parseOracle(text)
		if err != nil {
			t.Fatal(err)
		}
		o.File = "dir/a.go"
		return o
	}
	two := []Oracle{
		oracle(" leak class=goroutine kind=select line=3 func=F rate=1 driver=call entries=TestA"),
		oracle(" leak class=cache kind=map line=9 or=7,8 func=G rate=1 driver=call entries=TestA"),
	}
	for _, c := range []struct {
		report             string
		found, line, false int
	}{
		{`[]`, 0, 0, 0},
		{`[{"verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 8}}]`, 1, 1, 0},
		{`[{"verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 5}}]`, 1, 0, 0},
		{`[{"verdict": "growing", "class": "cache", "culprit": {"file": "a.go", "line": 9}}]`, 0, 0, 0},
		{`[{"verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 9},
			"members": [{"where": "p.F dir/a.go:3"}]}]`, 2, 2, 0},
		{`[{"verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 9}},
			{"verdict": "proven", "class": "goroutine", "culprit": {"file": "a.go", "line": 3}},
			{"verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 4}}]`, 2, 2, 1},
	} {
		var findings []Finding
		if err := json.Unmarshal([]byte(c.report), &findings); err != nil {
			t.Fatal(err)
		}
		var j Judgement
		j.judgeEntry("TestA", "leak", findings, two)
		if j.Leaks != 2 || j.Found != c.found || j.RightLine != c.line || j.False != c.false {
			t.Errorf("%s: %+v", c.report, j)
		}
	}
}

func TestACombinedEntryMayShowWhatItsPartsLeak(t *testing.T) {
	dir := t.TempDir()
	oracles := []Oracle{
		{Dir: dir, File: "a.go", Word: "leak", Values: map[string]string{"class": "cache", "line": "5"}, Entries: []string{"FuzzA"}},
		{Dir: dir, File: "a.go", Word: "leak", Values: map[string]string{"class": "goroutine", "line": "7"}, Entries: []string{"FuzzA+FuzzB"}},
	}
	var report Report
	if err := json.Unmarshal([]byte(`{"packages": [{"import_path": "p", "dir": "`+dir+`"}],
		"entries": [{"package": "p", "name": "FuzzA+FuzzB", "verdict": "leak"}], "findings": [
		{"package": "p", "entry": "FuzzA+FuzzB", "verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 5}},
		{"package": "p", "entry": "FuzzA+FuzzB", "verdict": "leak", "class": "goroutine", "culprit": {"file": "a.go", "line": 7}},
		{"package": "p", "entry": "FuzzA+FuzzB", "verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 9}}]}`), &report); err != nil {
		t.Fatal(err)
	}
	if j := Judge(report, oracles); j.Leaks != 1 || j.RightLine != 1 || j.False != 1 {
		t.Errorf("%+v", j)
	}
}

func TestTable(t *testing.T) {
	dir := t.TempDir()
	leak := Oracle{Dir: dir, File: "a.go", Word: "leak", Values: map[string]string{"class": "cache", "line": "9"}, Entries: []string{"TestA"}}
	clean := Oracle{Dir: dir, Word: "clean", Entries: []string{"TestB"}}
	report := func(verdict, findings string) Report {
		var r Report
		text := fmt.Sprintf(`{"packages": [{"import_path": "m/bad/a", "dir": %q}], "entries": [
			{"package": "m/bad/a", "name": "TestA", "verdict": %q, "seconds": 3},
			{"package": "m/bad/a", "name": "TestB", "verdict": "clean", "seconds": 1},
			{"package": "m/bad/a", "name": "TestNoOracle", "verdict": "leak"}], "findings": [%s]}`, dir, verdict, findings)
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	found := `{"package": "m/bad/a", "entry": "TestA", "verdict": "leak", "class": "cache", "culprit": {"file": "a.go", "line": 9}}`
	rows := Table([]Report{report("leak", found), report("inconclusive", ""), report("leak", found)}, []Oracle{leak, clean})
	if len(rows) != 2 || rows[0].Word != "clean" || rows[1].Word != "leak" {
		t.Fatalf("rows: %+v", rows)
	}
	if c := counts(rows[1].Verdicts); c != "leak 2, inconclusive 1" || rows[1].Leaks != 3 || rows[1].RightLine != 2 {
		t.Errorf("%s, %+v", c, rows[1])
	}
	if c := counts(rows[0].Verdicts); c != "clean 3" || rows[0].False != 0 {
		t.Errorf("%s, %+v", c, rows[0])
	}
}

// TestTargets checks the oracles of all targets beside this program.
func TestTargets(t *testing.T) {
	oracles, err := Load([]string{".."})
	if err != nil {
		t.Error(err)
	}
	if len(oracles) == 0 {
		t.Error("no oracles found")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
