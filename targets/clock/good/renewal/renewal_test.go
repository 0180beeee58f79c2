package renewal

import "testing"

func TestIssue(t *testing.T) {
	if Issue() == 0 {
		t.Fatal("no token")
	}
}
