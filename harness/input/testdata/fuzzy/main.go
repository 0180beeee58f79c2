// A target of the fuzz engine's own tests and measurements: serves one function through the agent, as a patched testing
// package would serve a FuzzXxx, but without one: the tests then need nothing of the build room.
package main

import (
	"fuzzy/conditions"
	"fuzzy/deep"
	"os"

	"goleakstress/agent"
)

type entry struct {
	seed []any
	call func(v []any)
}

func ofString(f func(string)) func(v []any) { return func(v []any) { f(v[0].(string)) } }
func ofBytes(f func([]byte)) func(v []any)  { return func(v []any) { f(v[0].([]byte)) } }

var entries = map[string]entry{
	"deep":       {[]any{"get", uint32(7), []byte(`{"op":"list","tags":["a"]}`)}, func(v []any) { deep.Leak(v[0].(string), v[1].(uint32), v[2].([]byte)) }},
	"magic":      {[]any{"trace"}, ofString(conditions.Magic)},
	"bytewise":   {[]any{[]byte("hello")}, ofBytes(conditions.Bytewise)},
	"nested":     {[]any{[]byte(`{"session":{}}`)}, ofBytes(conditions.Nested)},
	"script":     {[]any{"open close"}, ofString(conditions.Script)},
	"machine":    {[]any{"connect"}, ofString(conditions.Machine)},
	"thirdfield": {[]any{"1;GET;true"}, ofString(conditions.ThirdField)},
	"long":       {[]any{"a line\n"}, ofString(conditions.Long)},
	"checksum":   {[]any{[]byte("\x00\x00\x00\x00payload")}, ofBytes(conditions.Checksum)},
	"relation":   {[]any{uint32(1), int64(10)}, func(v []any) { conditions.Relation(v[0].(uint32), v[1].(int64)) }},
	"shifted":    {[]any{uint64(1)}, func(v []any) { conditions.Shifted(v[0].(uint64)) }},
	"float":      {[]any{1.5, float32(2)}, func(v []any) { conditions.Float(v[0].(float64), v[1].(float32)) }},
	"header":     {[]any{[]byte("MZ\x00\x00\x00\x00\x00\x00")}, ofBytes(conditions.Header)},
	"encoded":    {[]any{"aGVsbG8="}, ofString(conditions.Encoded)},
	"query":      {[]any{"http://h/p?a=b&c=d"}, ofString(conditions.Query)},
	"cache":      {[]any{"v1/tenant/acme"}, ofString(conditions.Cache)},
	"together":   {[]any{"a note"}, ofString(conditions.Together)},
	"trivial":    {[]any{[]byte("hello")}, ofBytes(conditions.Trivial)},
}

func main() {
	e := entries[os.Args[1]]
	agent.Serve(e.seed, [][]any{e.seed}, func(v []any) (failed, skipped bool, text string) {
		e.call(v)
		return false, false, ""
	})
}
