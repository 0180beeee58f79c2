package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A mark is a line that ends in "// culprit" or "// also right", both perhaps with ": id" behind.
type mark struct {
	line     int
	id       string
	function string // innermost named function around the line, as T.Method or F
	also     bool
}

const (
	culpritText = "// culprit"
	alsoText    = "// also right"
)

// marksOf finds the culprit lines of a Go file.
func marksOf(path string) ([]mark, error) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var marks []mark
	for _, group := range tree.Comments {
		for _, comment := range group.List {
			rest, culprit := strings.CutPrefix(comment.Text, culpritText)
			rest, also := strings.CutPrefix(rest, alsoText)
			if !culprit && !also || rest != "" && !strings.HasPrefix(rest, ": ") {
				continue
			}
			marks = append(marks, mark{
				line:     files.Position(comment.Pos()).Line,
				id:       strings.TrimPrefix(rest, ": "),
				function: functionAround(tree, comment.Pos()),
				also:     also,
			})
		}
	}
	return marks, nil
}

func functionAround(tree *ast.File, pos token.Pos) string {
	for _, decl := range tree.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || pos < function.Pos() || pos > function.End() {
			continue
		}
		if function.Recv == nil {
			return function.Name.Name
		}
		receiver := function.Recv.List[0].Type
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver = star.X
		}
		if generic, ok := receiver.(*ast.IndexExpr); ok {
			receiver = generic.X
		}
		if name, ok := receiver.(*ast.Ident); ok {
			return name.Name + "." + function.Name.Name
		}
	}
	return ""
}

// entriesOf lists the entries that a directory's Go files declare.
func entriesOf(dir string) (map[string]bool, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	entries := map[string]bool{}
	for _, path := range paths {
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range tree.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Recv == nil && isEntry(path, tree, function.Name.Name) {
				entries[function.Name.Name] = true
			}
		}
	}
	return entries, nil
}

func isEntry(path string, tree *ast.File, name string) bool {
	if !strings.HasSuffix(path, "_test.go") {
		return tree.Name.Name == "main" && name == "main"
	}
	for _, kind := range []string{"Fuzz", "Test", "Example", "Benchmark"} {
		if strings.HasPrefix(name, kind) && name != "TestMain" {
			return true
		}
	}
	return false
}

// goFiles lists all Go files below the given directories.
func goFiles(roots []string) ([]string, error) {
	var paths []string
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(paths)
	return paths, nil
}

// Load reads and checks the oracles of all Go files below the given directories.
func Load(roots []string) ([]Oracle, error) {
	paths, err := goFiles(roots)
	if err != nil {
		return nil, err
	}
	var oracles []Oracle
	var errs []error
	dirs := map[string]bool{}
	for _, path := range paths {
		dirs[filepath.Dir(path)] = true
		some, err := parseOracles(path)
		oracles = append(oracles, some...)
		errs = append(errs, err)
	}
	errs = append(errs, checkEntries(oracles, dirs), checkLines(oracles))
	return oracles, errors.Join(errs...)
}

// checkEntries wants every entry to have an oracle, and every oracle its entries.
func checkEntries(oracles []Oracle, dirs map[string]bool) error {
	var errs []error
	told := map[string]map[string]bool{}
	for _, o := range oracles {
		if told[o.Dir] == nil {
			told[o.Dir] = map[string]bool{}
		}
		for _, entry := range o.Entries {
			told[o.Dir][entry] = true
		}
	}
	for dir := range dirs {
		entries, err := entriesOf(dir)
		errs = append(errs, err)
		if told[dir] == nil && !holdsTargets(dir) {
			continue
		}
		for entry := range entries {
			if !told[dir][entry] {
				errs = append(errs, fmt.Errorf("%s: no oracle for %s", dir, entry))
			}
		}
		for entry := range told[dir] {
			if !exists(entry, entries) {
				errs = append(errs, fmt.Errorf("%s: the oracle's entry %s does not exist", dir, entry))
			}
		}
	}
	return errors.Join(errs...)
}

// exists knows combined entries, FuzzA+FuzzB, too: they need no oracle, but may have one.
func exists(entry string, entries map[string]bool) bool {
	for _, part := range strings.Split(entry, "+") {
		if !entries[part] {
			return false
		}
	}
	return true
}

// holdsTargets is false for this program's own directory.
func holdsTargets(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "oracle.go"))
	return err != nil
}

// checkLines wants every culprit line to bear its mark, in the function that the oracle names.
func checkLines(oracles []Oracle) error {
	var errs []error
	for _, o := range oracles {
		if o.Values["line"] == "" {
			continue
		}
		line, or, err := o.marks()
		if err == nil && (line != o.Values["line"] || or != o.Values["or"]) {
			err = fmt.Errorf("line=%s or=%s, but the marks are in lines %s and %s", o.Values["line"], o.Values["or"], line, or)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", o.source, o.at, err))
		}
	}
	return errors.Join(errs...)
}

// marks finds the marks that belong to an oracle: the culprit's line and the lines that are right as well.
func (o *Oracle) marks() (line, or string, err error) {
	marks, err := marksOf(o.File)
	if err != nil {
		return "", "", err
	}
	var others []string
	for _, m := range marks {
		if m.id != o.Values["id"] {
			continue
		}
		if m.also {
			others = append(others, strconv.Itoa(m.line))
		} else if m.function == o.Values["func"] && line == "" {
			line = strconv.Itoa(m.line)
		}
	}
	if line == "" {
		return "", "", fmt.Errorf("%s has no %s %q in func %s", o.File, culpritText, o.Values["id"], o.Values["func"])
	}
	if o.Values["or"] == "" {
		others = nil
	}
	return line, strings.Join(others, ","), nil
}
