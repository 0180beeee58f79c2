package agent

import (
	"bytes"
	"encoding/hex"
	"math"
	"reflect"
	"testing"
)

// The bytes were made by protoc --encode=goleakstress.agent.Input.
func TestGoldenBytes(t *testing.T) {
	got := hex.EncodeToString(encodeInput([]any{"hi", []byte{0, 255}, int8(-1), true, 1.5}))
	const want = "0a060802120268690a060801120200ff0a0d080518ffffffffffffffffff010a04080318010a0c080f1880808080808080fc3f"
	if got != want {
		t.Errorf("encodeInput = %s\nwant          %s", got, want)
	}
}

func TestEveryKindSurvives(t *testing.T) {
	values := []any{
		[]byte("\x00\xff"), "text", true, false, int(-5), int8(math.MinInt8), int16(-300), int32('x'), int64(math.MinInt64),
		uint(5), uint8(200), uint16(60000), uint32(math.MaxUint32), uint64(math.MaxUint64), float32(-0.25), math.Inf(-1),
	}
	got, err := decodeInput(encodeInput(values))
	if err != nil || !reflect.DeepEqual(got, values) {
		t.Errorf("decoded %#v, %v\nwant    %#v", got, err, values)
	}
	for _, v := range values {
		if kindOf(v) == valueUnknown {
			t.Errorf("%T has no kind", v)
		}
	}
	if kindOf(struct{}{}) != valueUnknown {
		t.Error("a struct has a kind")
	}
}

func TestMalformedMessagesAreErrors(t *testing.T) {
	for _, b := range [][]byte{{0x80}, {0x0a, 0x05, 1}, {0x0b}, {0x09, 1, 2}, bytes.Repeat([]byte{0xff}, 11)} {
		if err := fields(b, func(int, uint64, []byte) error { return nil }); err == nil {
			t.Errorf("%x was accepted", b)
		}
	}
	whole := encodeInput([]any{"hello", int64(7)})
	for n := range whole {
		decodeInput(whole[:n]) // must not panic
	}
}

func TestPackedZigzag(t *testing.T) {
	b := appendPacked[int64](nil, 3, []int64{0, -1, 1, -64}, true)
	if got, want := hex.EncodeToString(b), "1a040001027f"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPrivateCopiesSlices(t *testing.T) {
	values := []any{[]byte("ab"), "s"}
	own := private(values)
	own[0].([]byte)[0] = 'x'
	if string(values[0].([]byte)) != "ab" {
		t.Error("a call can change the input of the next")
	}
}
