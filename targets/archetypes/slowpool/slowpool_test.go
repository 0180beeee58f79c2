package slowpool

import "testing"

func TestBuffers(*testing.T) { Serve() }
func TestTenants(*testing.T) { Submit() }
