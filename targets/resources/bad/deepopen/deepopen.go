// oracle: leak class=resource kind=file line=27 func=Render rate=1 driver=call entries=TestRender
//
// A template opens a file below so many frames of its library that ours is more than a hundred away.

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

// Render writes a page that tells of the file.
func Render(name string) error {
	return page.Execute(io.Discard, name) // culprit
}
