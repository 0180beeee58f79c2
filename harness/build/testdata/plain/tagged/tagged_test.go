//go:build special

package tagged

import "testing"

func TestTagged(t *testing.T) {}
