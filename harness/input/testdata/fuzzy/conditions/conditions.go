// Package conditions has leaks of one goroutine per call, each behind a condition on the input that is hard in its own way.
package conditions

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

func leak() { go func() { select {} }() }

// Magic: one word.
func Magic(s string) {
	if s == "x-trace-9f3a" {
		leak()
	}
}

// Bytewise: a word compared byte by byte.
func Bytewise(b []byte) {
	const word = "\x7fPACK\x02"
	for i := 0; i < len(word); i++ {
		if i >= len(b) || b[i] != word[i] {
			return
		}
	}
	leak()
}

// Nested: JSON three levels down.
func Nested(b []byte) {
	var m struct {
		Session struct {
			Stream struct {
				Mode   string `json:"mode"`
				Topics []string
			} `json:"stream"`
		} `json:"session"`
	}
	if json.Unmarshal(b, &m) != nil {
		return
	}
	if m.Session.Stream.Mode == "tail" && len(m.Session.Stream.Topics) == 2 {
		leak()
	}
}

// Script: five operations in the right order within one input.
func Script(s string) {
	state := 0
	for _, op := range strings.Fields(s) {
		switch {
		case state == 0 && op == "open":
			state = 1
		case state == 1 && op == "auth":
			state = 2
		case state == 2 && op == "bind":
			state = 3
		case state == 3 && op == "listen":
			state = 4
		case state == 4 && op == "drop":
			leak()
			return
		}
	}
}

var machine int

// Machine: five calls in the right order, others in between do not matter.
func Machine(op string) {
	switch {
	case machine == 0 && op == "connect":
		machine = 1
	case machine == 1 && op == "login":
		machine = 2
	case machine == 2 && op == "select":
		machine = 3
	case machine == 3 && op == "idle":
		machine = 4
	case machine == 4 && op == "reset":
		leak()
		machine = 0
	}
}

// ThirdField: an error in the third of three fields, the first two being right.
func ThirdField(s string) {
	f := strings.Split(s, ";")
	if len(f) != 3 {
		return
	}
	if n, err := strconv.Atoi(f[0]); err != nil || n < 100 || n > 120 {
		return
	}
	if f[1] != "GET" && f[1] != "PUT" {
		return
	}
	if _, err := strconv.ParseBool(f[2]); err != nil {
		leak()
	}
}

// Long: a long input of a certain kind.
func Long(s string) {
	if len(s) > 2000 && strings.Count(s, "\n") > 20 {
		leak()
	}
}

// Checksum: the first four bytes are the CRC of the rest.
func Checksum(b []byte) {
	if len(b) < 8 {
		return
	}
	if binary.BigEndian.Uint32(b) == crc32.ChecksumIEEE(b[4:]) {
		leak()
	}
}

// Relation: two numbers that have to fit.
func Relation(a uint32, b int64) {
	if a > 1000 && int64(a)*3+7 == b {
		leak()
	}
}

// Shifted: a field of a number.
func Shifted(token uint64) {
	if token>>16&0xffff == 0xbeef && token>>48 == 7 {
		leak()
	}
}

// Float: not a number, or infinite after a multiplication.
func Float(f float64, scale float32) {
	if f > 1e300 && math.IsInf(f*float64(scale), 1) && scale < 1e9 {
		leak()
	}
}

// Header: a binary header with a type and a length.
func Header(b []byte) {
	if len(b) < 8 || binary.LittleEndian.Uint16(b) != 0x5a4d || b[2] != 3 {
		return
	}
	if n := binary.BigEndian.Uint16(b[4:]); int(n) == len(b)-8 && n > 4 {
		leak()
	}
}

// Encoded: what base64 hides.
func Encoded(s string) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err == nil && len(b) >= 4 && string(b[:4]) == "key=" {
		leak()
	}
}

// Query: a parameter of a URL, and invalid UTF-8 in another.
func Query(s string) {
	u, err := url.Parse(s)
	if err != nil {
		return
	}
	q := u.Query()
	if q.Get("watch") == "true" && q.Get("cursor") != "" && !utf8.ValidString(q.Get("cursor")) {
		leak()
	}
}

var cache = map[string][]byte{}

// Cache keeps something for every new tenant of version 2: no goroutine, memory.
func Cache(s string) {
	if version, tenant, ok := strings.Cut(s, "/tenant/"); ok && version == "v2" && tenant != "" {
		cache[tenant] = make([]byte, 64)
	}
}

var notes [][]byte

// Together keeps something where two words stand together, each of which alone reaches all there is to reach.
func Together(s string) {
	opened, noted := strings.Contains(s, "open"), strings.Contains(s, "note")
	kept := notes
	if opened {
		kept = append(kept, make([]byte, 64))
	}
	if noted {
		notes = kept
	}
}

// Trivial does nothing at all.
func Trivial(b []byte) {
	if len(b) > 3 && b[0] == 'a' {
		machine = 0
	}
}
