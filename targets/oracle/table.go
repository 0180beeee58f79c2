package main

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Row sums up what several reports said of the entries of a package that share an oracle's word.
type Row struct {
	Package, Word string
	Verdicts      map[string]int
	Judgement
}

// Table has a row for each package and word, in the order of their names. Entries without an oracle are left out.
func Table(reports []Report, oracles []Oracle) []*Row {
	var rows []*Row
	for _, report := range reports {
		dirs := report.dirs()
		for _, e := range report.Entries {
			own := oraclesOf(oracles, dirs[e.Package], e.Name)
			if len(own) == 0 {
				continue
			}
			row := rowOf(&rows, e.Package, wordOf(own))
			row.Verdicts[e.Verdict]++
			row.Seconds = append(row.Seconds, e.Seconds)
			row.judgeEntry(e.Name, e.Verdict, report.findingsOf(e.Package, e.Name), own)
		}
	}
	slices.SortFunc(rows, func(a, b *Row) int {
		return strings.Compare(a.Package+" "+a.Word, b.Package+" "+b.Word)
	})
	return rows
}

// wordOf is the strongest word: an entry that leaks may do other things besides.
func wordOf(own []Oracle) string {
	for _, word := range words {
		if slices.ContainsFunc(own, func(o Oracle) bool { return o.Word == word }) {
			return word
		}
	}
	return ""
}

func rowOf(rows *[]*Row, pkg, word string) *Row {
	for _, row := range *rows {
		if row.Package == pkg && row.Word == word {
			return row
		}
	}
	row := &Row{Package: pkg, Word: word, Verdicts: map[string]int{}}
	*rows = append(*rows, row)
	return row
}

func printTable(rows []*Row) {
	fmt.Println("| target | oracle | verdicts | found | right line | false | median s |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, row := range rows {
		parent, name := path.Split(row.Package)
		found, line := "", ""
		if row.Leaks > 0 {
			found, line = fmt.Sprintf("%d/%d", row.Found, row.Leaks), fmt.Sprintf("%d/%d", row.RightLine, row.Leaks)
		}
		fmt.Printf("| %s/%s | %s | %s | %s | %s | %d | %.1f |\n", path.Base(parent), name, row.Word, counts(row.Verdicts),
			found, line, row.False, median(row.Seconds))
	}
}

// counts lists the verdicts, the most frequent first.
func counts(verdicts map[string]int) string {
	names := make([]string, 0, len(verdicts))
	for name := range verdicts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := verdicts[b] - verdicts[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, verdicts[name])
	}
	return strings.Join(names, ", ")
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
