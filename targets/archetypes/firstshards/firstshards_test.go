package firstshards

import "testing"

func TestAdd(t *testing.T) { Add(1) }
