package agent

// The protobuf wire format, as much of it as agent.proto needs: varints and length-delimited fields. Written by hand
// because no module may enter the user's build. Golden bytes made by the harness test it (wire_test.go).

import "errors"

var errWire = errors.New("malformed message")

const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

func appendVarint(b []byte, v uint64) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

func appendUint(b []byte, field int, v uint64) []byte {
	if v == 0 {
		return b
	}
	return appendVarint(appendVarint(b, uint64(field)<<3|wireVarint), v)
}

func appendBool(b []byte, field int, v bool) []byte {
	if !v {
		return b
	}
	return appendUint(b, field, 1)
}

// appendBytes writes the field even when v is empty: an empty message is still present.
func appendBytes(b []byte, field int, v []byte) []byte {
	b = appendVarint(appendVarint(b, uint64(field)<<3|wireBytes), uint64(len(v)))
	return append(b, v...)
}

func appendString(b []byte, field int, v string) []byte {
	if v == "" {
		return b
	}
	return appendRepeatedString(b, field, v)
}

func appendRepeatedString(b []byte, field int, v string) []byte {
	b = appendVarint(appendVarint(b, uint64(field)<<3|wireBytes), uint64(len(v)))
	return append(b, v...)
}

func appendPacked[T uint64 | int64](b []byte, field int, vs []T, zigzag bool) []byte {
	if len(vs) == 0 {
		return b
	}
	var p []byte
	for _, v := range vs {
		if zigzag {
			p = appendVarint(p, uint64(int64(v)<<1)^uint64(int64(v)>>63))
		} else {
			p = appendVarint(p, uint64(v))
		}
	}
	return appendBytes(b, field, p)
}

func takeVarint(b []byte) (uint64, []byte, error) {
	var v uint64
	for i := 0; i < len(b) && i < 10; i++ {
		v |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return v, b[i+1:], nil
		}
	}
	return 0, nil, errWire
}

// fields calls f for every field of message b: v is the value of a varint, p the contents of a length-delimited field.
func fields(b []byte, f func(field int, v uint64, p []byte) error) error {
	for len(b) > 0 {
		key, rest, err := takeVarint(b)
		if err != nil {
			return err
		}
		b = rest
		var v uint64
		var p []byte
		switch key & 7 {
		case wireVarint:
			if v, b, err = takeVarint(b); err != nil {
				return err
			}
		case wireBytes:
			var n uint64
			if n, b, err = takeVarint(b); err != nil {
				return err
			}
			if n > uint64(len(b)) {
				return errWire
			}
			p, b = b[:n], b[n:]
		case wireFixed8, wireFixed4: // not ours: skip
			n := 8
			if key&7 == wireFixed4 {
				n = 4
			}
			if len(b) < n {
				return errWire
			}
			b = b[n:]
			continue
		default:
			return errWire
		}
		if err := f(int(key>>3), v, p); err != nil {
			return err
		}
	}
	return nil
}
