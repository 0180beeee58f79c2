package semaphoreleak

import "testing"

func TestSyntaxErrors(t *testing.T) {
	engine := NewEngine(2)
	for _, query := range []string{"SELEKT a", "SELCT b"} {
		if _, err := engine.Run(query); err != errSyntax {
			t.Errorf("Run(%q): %v", query, err)
		}
	}
	engine.Start("SELECT a, b")
}
