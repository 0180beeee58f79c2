package waitunderlock

import "testing"

func TestRefresh(t *testing.T) {
	new(Index).Refresh(map[string]string{"a": "one two", "b": "two three", "c": "three one"})
}
