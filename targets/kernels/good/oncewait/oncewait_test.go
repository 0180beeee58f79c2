package oncewait

import "testing"

func TestPreload(t *testing.T) {
	new(DB).Preload()
}
