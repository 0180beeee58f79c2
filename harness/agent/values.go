package agent

import (
	"fmt"
	"math"
)

// Value kinds, as agent.proto numbers them.
const (
	valueUnknown = iota
	valueBytes
	valueString
	valueBool
	valueInt
	valueInt8
	valueInt16
	valueInt32
	valueInt64
	valueUint
	valueUint8
	valueUint16
	valueUint32
	valueUint64
	valueFloat32
	valueFloat64
)

// kindOf tells the ValueKind of an argument that F.Fuzz takes.
func kindOf(v any) int {
	switch v.(type) {
	case []byte:
		return valueBytes
	case string:
		return valueString
	case bool:
		return valueBool
	case int:
		return valueInt
	case int8:
		return valueInt8
	case int16:
		return valueInt16
	case int32:
		return valueInt32
	case int64:
		return valueInt64
	case uint:
		return valueUint
	case uint8:
		return valueUint8
	case uint16:
		return valueUint16
	case uint32:
		return valueUint32
	case uint64:
		return valueUint64
	case float32:
		return valueFloat32
	case float64:
		return valueFloat64
	}
	return valueUnknown
}

// fromBits makes a fixed-size value of the kind from agent.proto's bits.
func fromBits(kind int, bits uint64) any {
	switch kind {
	case valueBool:
		return bits != 0
	case valueInt:
		return int(bits)
	case valueInt8:
		return int8(bits)
	case valueInt16:
		return int16(bits)
	case valueInt32:
		return int32(bits)
	case valueInt64:
		return int64(bits)
	case valueUint:
		return uint(bits)
	case valueUint8:
		return uint8(bits)
	case valueUint16:
		return uint16(bits)
	case valueUint32:
		return uint32(bits)
	case valueUint64:
		return bits
	case valueFloat32:
		return math.Float32frombits(uint32(bits))
	case valueFloat64:
		return math.Float64frombits(bits)
	}
	return nil
}

func toBits(v any) uint64 {
	switch v := v.(type) {
	case bool:
		if v {
			return 1
		}
		return 0
	case int:
		return uint64(v)
	case int8:
		return uint64(v)
	case int16:
		return uint64(v)
	case int32:
		return uint64(v)
	case int64:
		return uint64(v)
	case uint:
		return uint64(v)
	case uint8:
		return uint64(v)
	case uint16:
		return uint64(v)
	case uint32:
		return uint64(v)
	case uint64:
		return v
	case float32:
		return uint64(math.Float32bits(v))
	case float64:
		return math.Float64bits(v)
	}
	return 0
}

func decodeValue(b []byte) (any, error) {
	var kind int
	var bits uint64
	var text []byte
	err := fields(b, func(field int, v uint64, p []byte) error {
		switch field {
		case 1:
			kind = int(v)
		case 2:
			text = p
		case 3:
			bits = v
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case kind == valueBytes:
		return append([]byte{}, text...), nil
	case kind == valueString:
		return string(text), nil
	}
	if v := fromBits(kind, bits); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("unknown value kind %d", kind)
}

func encodeValue(v any) []byte {
	b := appendUint(nil, 1, uint64(kindOf(v)))
	switch v := v.(type) {
	case []byte:
		return appendBytes(b, 2, v)
	case string:
		return appendString(b, 2, v)
	}
	return appendUint(b, 3, toBits(v))
}

func decodeInput(b []byte) (values []any, err error) {
	values = []any{}
	err = fields(b, func(field int, _ uint64, p []byte) error {
		if field != 1 {
			return nil
		}
		v, err := decodeValue(p)
		values = append(values, v)
		return err
	})
	return values, err
}

func encodeInput(values []any) []byte {
	var b []byte
	for _, v := range values {
		b = appendBytes(b, 1, encodeValue(v))
	}
	return b
}

// private gives each call slices of its own: a target may change or keep what it is handed.
func private(values []any) []any {
	own := make([]any, len(values))
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = append(make([]byte, 0, len(b)), b...)
		}
		own[i] = v
	}
	return own
}
