package release60s

import "testing"

func FuzzIssue(f *testing.F) {
	f.Add("ada")
	f.Fuzz(func(t *testing.T, user string) { Issue(user) })
}

func TestIssue(t *testing.T) { Issue("ada") }
