// Writes the goldens of the `go test fuzz v1` codec by the Go toolchain's own functions:
//
//	cd corpora/fuzz_v1/make && go test -ldflags=-checklinkname=0 .
//
// ../marshal.golden: KIND <tab> HEX <tab> LINE, for Go writes LINE for the value: HEX are the bytes of text, else the bits.
// ../unmarshal.golden: LINE <tab> KIND <tab> HEX, or LINE <tab> error.
// ../../../harness/input/go_print_ranges.inc: the runes that strconv.IsPrint holds for, as first, last.
package goldens

import (
	"bytes"
	"fmt"
	"math"
	"math/rand"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing" // a test binary links internal/fuzz in
	_ "unsafe"
)

//go:linkname marshal internal/fuzz.marshalCorpusFile
func marshal(vals ...any) []byte

//go:linkname unmarshal internal/fuzz.unmarshalCorpusFile
func unmarshal(b []byte) ([]any, error)

func kindAndHex(v any) string {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Slice:
		return fmt.Sprintf("[]byte\t%x", v)
	case reflect.String:
		return fmt.Sprintf("string\t%x", v)
	case reflect.Bool:
		return map[bool]string{true: "bool\t1", false: "bool\t0"}[rv.Bool()]
	case reflect.Float32:
		return fmt.Sprintf("float32\t%x", math.Float32bits(v.(float32)))
	case reflect.Float64:
		return fmt.Sprintf("float64\t%x", math.Float64bits(v.(float64)))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprintf("%T\t%x", v, uint64(rv.Int()))
	}
	return fmt.Sprintf("%T\t%x", v, rv.Uint())
}

func texts(r *rand.Rand) []string {
	all := []string{"", "a", "hello, world", "\"quoted\\\"", "'", "`", "\a\b\f\n\r\t\v\x00\x01\x1f\x7f", "\x80\xff\xfe", "\xc3\x28",
		"é", "日本語", "\u200b\ufeff\u2028", "\U0001F600", "\U000e0001", "\ufffd", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80",
		"\u00a0\u00ad", "a\u0301", "{\"op\":\"add\",\"n\":1}", "\xe2\x82", "\xf0\x9f\x98", "\u3000", "\U0010ffff", "\ue000"}
	for b := 0; b < 256; b++ {
		all = append(all, string([]byte{byte(b)}))
	}
	for i := 0; i < 60; i++ {
		b := make([]byte, r.Intn(20))
		r.Read(b)
		all = append(all, string(b))
	}
	for i := 0; i < 200; i++ {
		all = append(all, string([]rune{rune(r.Intn(0x800)), rune(r.Intn(0x10000)), rune(r.Intn(0x110000))}))
	}
	return all
}

func values(r *rand.Rand) (all []any) {
	for _, s := range texts(r) {
		all = append(all, s)
		if len(s) != 1 {
			all = append(all, []byte(s))
		}
	}
	all = append(all, true, false)
	for b := 0; b < 256; b++ {
		all = append(all, byte(b))
	}
	ints := []int64{0, 1, -1, 7, -128, 127, 128, 255, -32768, 32767, 65535, math.MinInt32, math.MaxInt32, math.MaxUint32, math.MinInt64, math.MaxInt64}
	for i := 0; i < 20; i++ {
		ints = append(ints, int64(r.Uint64())>>uint(r.Intn(64)))
	}
	for _, i := range ints {
		all = append(all, int(i), int8(i), int16(i), int32(i), i, uint(i), uint16(i), uint32(i), uint64(i))
	}
	for _, c := range []rune{'a', '\'', '"', '\\', '\n', 0, 0x7f, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xfffd, 0x10ffff, 0x110000, -1, 'é', '世', 0x200b} {
		all = append(all, c)
	}
	floats := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 0.5, 1.5, 100, 1e5, 123456, 999999, 1e6, 1234567, 1e20, 1e21, 123456789012345678, 1e-4, 1e-5, 0.00012345,
		math.Pi, math.MaxFloat64, math.SmallestNonzeroFloat64, math.MaxFloat32, math.SmallestNonzeroFloat32, math.Inf(1), math.Inf(-1), math.NaN(), 1e100, 3e-310, 5e22, 9007199254740993}
	for i := 0; i < 150; i++ {
		floats = append(floats, math.Float64frombits(r.Uint64()), r.NormFloat64()*math.Pow(10, float64(r.Intn(30)-10)))
	}
	for _, f := range floats {
		all = append(all, f, float32(f))
	}
	for i := 0; i < 20; i++ {
		all = append(all, math.Float32frombits(r.Uint32()))
	}
	for _, b := range []uint64{0x7ff8000000000002, 0x7ff0000000000001, 0xfff8000000000001, 0x7fffffffffffffff} {
		all = append(all, math.Float64frombits(b))
	}
	for _, b := range []uint32{0x7fc00000, 0x7fc00001, 0xffc00000, 0x7f800001, 0x7fffffff} {
		all = append(all, math.Float32frombits(b))
	}
	return all
}

// Lines that people write by hand, and lines that are wrong.
var lines = strings.Split(strings.TrimSpace(`
int(5)
int(-5)
int(- 5)
int(+5)
int( 5 )
int (5)
int(5,)
int(5,6)
int()
int(5
int5)
(int)(5)
int((5))
int(5);
int(5) // five
int(5) x
int(/* five */ 5)
int(0x1F)
int(0X1f)
int(-0x1F)
int(0b101)
int(0o17)
int(017)
int(08)
int(1_000)
int(1__000)
int(_1)
int(1_)
int(0x_1F)
int(0_7)
int(9223372036854775807)
int(9223372036854775808)
int(-9223372036854775808)
int(-9223372036854775809)
int(1.5)
int('a')
int("a")
int(NaN)
int(true)
int(--5)
int8(127)
int8(128)
int8(-128)
int8(-129)
int16(32768)
int32(2147483648)
int32('a')
int64(0)
int64(99999999999999999999999)
uint(-1)
uint(18446744073709551615)
uint(18446744073709551616)
uint8(255)
uint8(256)
uint8('a')
uint16(65536)
uint32(4294967295)
uint64(0xffffffffffffffff)
byte('a')
byte('\x00')
byte('\xff')
byte('\377')
byte('\400')
byte('ÿ')
byte('Ā')
byte('\u00ff')
byte('\u0100')
byte('\'')
byte('"')
byte('\"')
byte('''')
byte('')
byte('ab')
byte('\a')
byte('\q')
byte(65)
byte(-1)
byte(256)
byte(0x41)
byte("a")
byte(-'a')
rune('a')
rune('世')
rune('\u4e16')
rune('\U0001F600')
rune('\U00110000')
rune('\ud800')
rune('\xff')
rune(5)
rune(-5)
rune(2147483647)
rune(2147483648)
rune("a")
string("a")
string("")
string("a\nb\tc\\\"")
string("\x41\101\u0041\U00000041")
string("\'")
string("\400")
string("\x4")
string("\ud800")
string("unterminated)
string('a')
string(5)
string("a" + "b")
string("世界")
string([]byte("a"))
string(NaN)
[]byte("a")
[]byte("\xff\xfe\x00")
[]byte("")
[]byte('a')
[]byte(5)
[]byte()
[] byte("a")
[]uint8("a")
[]string("a")
[1]byte("a")
[]byte("a","b")
[]byte("a",)
bool(true)
bool(false)
bool(True)
bool(1)
bool("true")
float64(1)
float64(-1)
float64(1.5)
float64(-1.5e10)
float64(1e400)
float64(-1e400)
float64(1e-400)
float64(0x1p-2)
float64(-0x1.8p3)
float64(0x1p2000)
float64(0x1p-2000)
float64(0X1P+2)
float64(0x10)
float64(0x1.8)
float64(0b11)
float64(017)
float64(09)
float64(09.5)
float64(1_000.5)
float64(1__0.5)
float64(1.)
float64(.5)
float64(.)
float64(1e)
float64(1e+)
float64(1i)
float64(NaN)
float64(+Inf)
float64(-Inf)
float64(Inf)
float64(-NaN)
float64(+NaN)
float64(+1.5)
float64('a')
float64(-0)
float64(-0.0)
float64(4.9e-324)
float64(2.4e-324)
float64(2.5e-324)
float64(1.7976931348623159e308)
float64(1.7976931348623158e308)
float64(0.1e1_0)
float32(0.1)
float32(3.4028235e38)
float32(3.4028236e38)
float32(1e39)
float32(1e-46)
float32(1.40129846432481707e-45)
float32(16777217)
float32(NaN)
float32(-Inf)
float32(0x1.fffffep127)
float32(0x1.ffffffp127)
math.Float64frombits(0x7ff8000000000002)
math.Float64frombits(1)
math.Float64frombits(-1)
math.Float64frombits(1.5)
math.Float64frombits(0x10000000000000000)
math.Float32frombits(0x7fc00001)
math.Float32frombits(0x100000000)
math . Float32frombits ( 1 )
math.Float16frombits(1)
math.NaN()
Math.Float64frombits(1)
complex64(1)
uintptr(1)
error("x")
5
"a"
int
int[5]
f(1)
`), "\n")

func printRanges() []byte {
	var b bytes.Buffer
	b.WriteString("// Made by corpora/fuzz_v1/make: runes that strconv.IsPrint holds for, as {first, last}.\n")
	n := 0
	for r := rune(0); r <= 0x110000; r++ {
		if !strconv.IsPrint(r) {
			continue
		}
		first := r
		for strconv.IsPrint(r + 1) {
			r++
		}
		fmt.Fprintf(&b, "{0x%x, 0x%x},", first, r)
		if n++; n%6 == 0 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
	return append(bytes.TrimRight(b.Bytes(), " \n"), '\n')
}

func write(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o666); err != nil {
		panic(err)
	}
}

func TestWriteGoldens(t *testing.T) {
	var m, u bytes.Buffer
	for _, v := range values(rand.New(rand.NewSource(1))) {
		line := bytes.TrimPrefix(bytes.TrimSuffix(marshal(v), []byte("\n")), []byte("go test fuzz v1\n"))
		fmt.Fprintf(&m, "%s\t%s\n", kindAndHex(v), line)
	}
	// A raw string, a carriage return and odd white space cannot stand in the list above.
	for _, line := range append(lines, "string(`raw\\n`)", "[]byte(`a\"b`)", "string(`a\rb`)", "string(`unterminated)", " int(5) ", "int(5)\r", "\u00a0int(5)",
		"string(\"\xff\")", "byte('\xff')", "string(\"a\x00b\")", "string(`a\x00b`)", "string(\"\ufeff\")", "rune('\ufeff')") {
		if vals, err := unmarshal([]byte("go test fuzz v1\n" + line + "\n")); err != nil {
			fmt.Fprintf(&u, "%s\terror\n", line)
		} else {
			fmt.Fprintf(&u, "%s\t%s\n", line, kindAndHex(vals[0]))
		}
	}
	write("../marshal.golden", m.Bytes())
	write("../unmarshal.golden", u.Bytes())
	write("../../../harness/input/go_print_ranges.inc", printRanges())
}
