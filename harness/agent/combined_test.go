package agent

import (
	"fmt"
	"reflect"
	"testing"
)

func TestCombinesNamesItsTargets(t *testing.T) {
	defer func() { active, wantKind, wantName = false, 0, "" }()
	active, wantKind, wantName = true, KindFuzz, "FuzzOpen+FuzzClose"
	if !Combines("FuzzOpen") || !Combines("FuzzClose") || Combines("FuzzOpe") || Combines("FuzzOpen+FuzzClose") {
		t.Error("the parts of a combined entry are not told from others")
	}
	if wantName = "FuzzOpen"; Combines("FuzzOpen") {
		t.Error("a single entry combines nothing")
	}
	if wantKind, wantName = KindTest, "FuzzOpen+FuzzClose"; Combines("FuzzOpen") {
		t.Error("only fuzz targets are combined")
	}
}

func TestACombinedCallIsACallOfOneTarget(t *testing.T) {
	var called string
	target := func(name string, kinds ...any) FuzzTarget {
		return FuzzTarget{Name: name, Kinds: kinds, Call: func(values []any) (bool, bool, string) {
			called = fmt.Sprint(name, values)
			return false, false, ""
		}}
	}
	c := combine([]FuzzTarget{target("A", "", 0), target("B", []byte(nil))})
	for _, w := range []struct {
		which uint8
		want  string
	}{{0, "A[a 5]"}, {1, "B[[98]]"}, {2, "A[a 5]"}, {255, "B[[98]]"}} {
		if failed, _, text := c.call([]any{w.which, "a", 5, []byte("b")}); failed || called != w.want {
			t.Errorf("%d: %s called, want %s; %s", w.which, called, w.want, text)
		}
	}
	for _, bad := range [][]any{nil, {uint8(0)}, {"a", "a", 5, []byte("b")}} {
		if failed, _, _ := c.call(bad); !failed {
			t.Errorf("%v was called", bad)
		}
	}
}

func TestCombinedSeedsTakeTurns(t *testing.T) {
	c := combine([]FuzzTarget{
		{Kinds: []any{""}, Seeds: [][]any{{"a"}, {"aa"}, {"aaa"}}},
		{Kinds: []any{0, false}, Seeds: [][]any{{1, true}}},
		{Kinds: []any{5}},
	})
	want := [][]any{
		{uint8(0), "a", 0, false, 5}, {uint8(1), "", 1, true, 5}, {uint8(2), "", 0, false, 5}, {uint8(0), "aa", 0, false, 5},
	}
	if got := c.seeds(4); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := c.seeds(100); len(got) != 5 {
		t.Errorf("%d seeds, want 5", len(got))
	}
}
