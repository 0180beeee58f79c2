package fullestday

import "testing"

func TestGrant(t *testing.T) { Grant(17) }
