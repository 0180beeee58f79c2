// oracle: clean entries=TestSyntaxErrors
//
// The slot is given back on every way out.

package semaphoreleak

import (
	"errors"
	"strings"
)

var errSyntax = errors.New("syntax error")

// Engine runs queries, a few at a time.
type Engine struct {
	slots chan struct{}
}

// NewEngine returns an engine that runs n queries at a time.
func NewEngine(n int) *Engine {
	return &Engine{slots: make(chan struct{}, n)}
}

// Run returns the number of columns of a query.
func (e *Engine) Run(query string) (int, error) {
	e.slots <- struct{}{}
	defer func() { <-e.slots }()
	columns, ok := strings.CutPrefix(query, "SELECT ")
	if !ok {
		return 0, errSyntax
	}
	return strings.Count(columns, ",") + 1, nil
}

// Start runs a query in the background.
func (e *Engine) Start(query string) {
	go e.Run(query)
}
