package lockedthreads

import "testing"

func TestRefresh(t *testing.T) { Refresh() }
