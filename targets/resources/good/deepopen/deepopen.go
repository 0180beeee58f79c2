// oracle: clean entries=TestRender

package deepopen

import (
	"io"
	"os"
	"strings"
	"text/template"
)

var opened []*os.File

var page = template.Must(template.New("page").
	Funcs(template.FuncMap{"open": os.Open, "keep": keep}).
	Parse(strings.Repeat("{{if true}}", 60) + "{{(keep (open .)).Name}}" + strings.Repeat("{{end}}", 60)))

func keep(file *os.File) *os.File {
	opened = append(opened, file)
	return file
}

func closeAll() {
	for _, file := range opened {
		file.Close()
	}
	opened = nil
}

// Render writes a page that tells of the file.
func Render(name string) error {
	defer closeAll()
	return page.Execute(io.Discard, name)
}
