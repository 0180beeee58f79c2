package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Report is what the judge reads of a report of schema goleakstress/report/v1.
type Report struct {
	Packages []struct {
		ImportPath string `json:"import_path"`
		Dir        string `json:"dir"`
		Error      string `json:"error"`
	} `json:"packages"`
	Entries []struct {
		Package string  `json:"package"`
		Name    string  `json:"name"`
		Verdict string  `json:"verdict"`
		Seconds float64 `json:"seconds"`
	} `json:"entries"`
	Findings []Finding `json:"findings"`
}

// Finding is one finding of a report.
type Finding struct {
	Verdict string `json:"verdict"`
	Class   string `json:"class"`
	Package string `json:"package"`
	Entry   string `json:"entry"`
	Culprit struct {
		File     string `json:"file"`
		Line     int    `json:"line"`
		Function string `json:"function"`
	} `json:"culprit"`
	Members []struct {
		Where   string `json:"where"`   // function file:line
		Started string `json:"started"` // of goroutines, the same
	} `json:"members"`
	OnlyClosedByGC bool `json:"only_closed_by_gc"`
}

// Judgement counts what a report got right of what the oracles ask for.
type Judgement struct {
	Leaks, Found, RightClass, RightLine int
	Quiet, False                        int
	Seconds                             []float64
	Remarks                             []string
}

func isLeak(verdict string) bool {
	return verdict == "leak" || verdict == "proven" || verdict == "exhausted"
}

// Judge compares a report with the oracles of the packages that it names.
func Judge(report Report, oracles []Oracle) Judgement {
	var j Judgement
	dirs := report.dirs()
	for _, p := range report.Packages {
		if p.Error != "" {
			j.Remarks = append(j.Remarks, fmt.Sprintf("%s does not build: %s", p.ImportPath, p.Error))
		}
	}
	for _, e := range report.Entries {
		j.Seconds = append(j.Seconds, e.Seconds)
		findings := report.findingsOf(e.Package, e.Name)
		for _, part := range strings.Split(e.Name, "+") {
			if part != e.Name {
				findings = without(findings, oraclesOf(oracles, dirs[e.Package], part))
			}
		}
		j.judgeEntry(e.Package+" "+e.Name, e.Verdict, findings, oraclesOf(oracles, dirs[e.Package], e.Name))
	}
	return j
}

func (r Report) dirs() map[string]string {
	dirs := map[string]string{}
	for _, p := range r.Packages {
		dirs[p.ImportPath] = p.Dir
	}
	return dirs
}

func (r Report) findingsOf(pkg, entry string) []Finding {
	var findings []Finding
	for _, f := range r.Findings {
		if f.Package == pkg && f.Entry == entry {
			findings = append(findings, f)
		}
	}
	return findings
}

func oraclesOf(oracles []Oracle, dir, entry string) []Oracle {
	var found []Oracle
	for _, o := range oracles {
		if abs, err := filepath.Abs(o.Dir); err == nil && abs == dir && slices.Contains(o.Entries, entry) {
			found = append(found, o)
		}
	}
	return found
}

// without takes out the findings that meet an oracle: what a part of a combined entry shows by itself the whole may show, but
// need not.
func without(findings []Finding, oracles []Oracle) []Finding {
	return slices.DeleteFunc(findings, func(f Finding) bool {
		return slices.ContainsFunc(oracles, func(o Oracle) bool {
			_, _, line := match(o, []Finding{f}, []bool{false})
			return line && (o.Word == "leak" || o.Word == "gc-only")
		})
	})
}

func (j *Judgement) judgeEntry(name, verdict string, findings []Finding, oracles []Oracle) {
	taken := make([]bool, len(findings))
	var open []Oracle // what no finding's culprit line has met yet
	for _, o := range oracles {
		if o.Word != "leak" && o.Word != "gc-only" {
			continue
		}
		j.Leaks++
		if at, class, line := match(o, findings, taken); line {
			taken[at] = true
			j.count(class, true)
		} else {
			open = append(open, o)
		}
	}
	for _, o := range open {
		if isMember(o, findings) {
			j.count(true, true)
			continue
		}
		at, class, _ := match(o, findings, taken)
		if at < 0 {
			j.Remarks = append(j.Remarks, fmt.Sprintf("MISSED %s: %s at %s:%s, verdict %s", name, o.Values["class"], o.File, o.Values["line"], verdict))
			continue
		}
		taken[at] = true
		j.count(class, false)
		c := findings[at].Culprit
		j.Remarks = append(j.Remarks, fmt.Sprintf("LINE %s: %s:%d, should be %s:%s", name, c.File, c.Line, o.File, o.Values["line"]))
	}
	may := slices.ContainsFunc(oracles, func(o Oracle) bool { return o.Word == "leak" || o.Word == "gc-only" })
	if !may {
		j.Quiet++
	}
	for i, f := range findings {
		if !taken[i] && isLeak(f.Verdict) {
			j.False++
			j.Remarks = append(j.Remarks, fmt.Sprintf("FALSE %s: %s %s at %s:%d", name, f.Verdict, f.Class, f.Culprit.File, f.Culprit.Line))
		}
	}
	if slices.ContainsFunc(oracles, func(o Oracle) bool { return o.Word == "clean" }) && !may && verdict != "clean" {
		j.Remarks = append(j.Remarks, fmt.Sprintf("NOT CLEAN %s: %s", name, verdict))
	}
}

func (j *Judgement) count(class, line bool) {
	j.Found++
	if class {
		j.RightClass++
	}
	if line {
		j.RightLine++
	}
}

// isMember reports whether a finding names the oracle's line among the sites that grow together with its culprit.
func isMember(o Oracle, findings []Finding) bool {
	for _, f := range findings {
		for _, m := range f.Members {
			for _, place := range []string{m.Where, m.Started} {
				path, line, _ := cutLast(place, ":")
				n, err := strconv.Atoi(line)
				if err == nil && isLeak(f.Verdict) && filepath.Base(path) == filepath.Base(o.File) && o.IsCulprit(n) {
					return true
				}
			}
		}
	}
	return false
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// match finds the finding that meets an oracle: the one at its line if there is one, else one of its class, else any.
func match(o Oracle, findings []Finding, taken []bool) (at int, class, line bool) {
	best := -1
	for i, f := range findings {
		if taken[i] || !isLeak(f.Verdict) && !(o.Word == "gc-only" && f.OnlyClosedByGC) {
			continue
		}
		rightClass := f.Class == o.Values["class"]
		rightLine := strings.HasSuffix(filepath.ToSlash(o.File), filepath.Base(f.Culprit.File)) && o.IsCulprit(f.Culprit.Line)
		if best < 0 || rightLine && !line || rightClass && !class && !line {
			best, class, line = i, rightClass, rightLine
		}
	}
	return best, class, line
}

// judgeFiles prints the judgement of the reports in these files, and before it a table if that is wanted.
func judgeFiles(paths []string, oracles []Oracle, table bool) error {
	var all Judgement
	var reports []Report
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var report Report
		if err := json.Unmarshal(text, &report); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		reports = append(reports, report)
		j := Judge(report, oracles)
		all.Leaks += j.Leaks
		all.Found += j.Found
		all.RightClass += j.RightClass
		all.RightLine += j.RightLine
		all.Quiet += j.Quiet
		all.False += j.False
		all.Seconds = append(all.Seconds, j.Seconds...)
		all.Remarks = append(all.Remarks, j.Remarks...)
	}
	if table {
		printTable(Table(reports, oracles))
	}
	for _, r := range all.Remarks {
		fmt.Println(r)
	}
	fmt.Printf("leaks %d, found %d, right class %d, right line %d; quiet entries %d, false leaks %d; median entry %.1f s, longest %.1f s\n",
		all.Leaks, all.Found, all.RightClass, all.RightLine, all.Quiet, all.False, median(all.Seconds), slices.Max(append(all.Seconds, 0)))
	if all.False > 0 || all.Found < all.Leaks {
		return fmt.Errorf("%d missed, %d false", all.Leaks-all.Found, all.False)
	}
	return nil
}
