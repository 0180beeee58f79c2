// oracle: leak class=goroutine kind="chan send" line=38 func=Engine.Start rate=1 driver=call entries=TestSyntaxErrors
//
// A query that does not parse returns without giving back its slot; after two of them no query can run.

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
	columns, ok := strings.CutPrefix(query, "SELECT ")
	if !ok {
		return 0, errSyntax
	}
	n := strings.Count(columns, ",") + 1
	<-e.slots
	return n, nil
}

// Start runs a query in the background.
func (e *Engine) Start(query string) {
	go e.Run(query) // culprit
}
