#ifndef GOLEAKSTRESS_HARNESS_INPUT_VALUE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_VALUE_H_

// The typed arguments of one call of a Go entry: every kind that testing.F.Fuzz takes.
//
// Plain values: copying copies, no function here has state, all are thread-safe on distinct objects.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/proto/agent.pb.h"

namespace goleakstress::input {

// Numbered as agent.proto's ValueKind, so that a cast converts.
enum class Kind : uint8_t {
  kBytes = 1,
  kString,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,  // also rune
  kInt64,
  kUint,
  kUint8,  // also byte
  kUint16,
  kUint32,
  kUint64,
  kFloat32,
  kFloat64,
};

// `text` holds []byte and string, `bits` everything else: integers in two's complement, sign-extended to 64
// bits (Go's int and uint have 64), bool as 0 or 1, floats by their IEEE 754 bits. The field that a kind does
// not use is empty or 0.
struct Value {
  Kind kind = Kind::kBytes;
  std::string text;
  uint64_t bits = 0;

  bool operator==(const Value&) const = default;
};

using Input = std::vector<Value>;
using Kinds = std::vector<Kind>;

// No input is larger, as Size counts it; the agent channel, the engine and the mutators all rely on it.
inline constexpr size_t kMaxInputBytes = size_t{1} << 20;
// F.Fuzz takes as many arguments as one likes; nobody has more.
inline constexpr size_t kMaxArguments = 256;

constexpr bool IsText(Kind kind) { return kind == Kind::kBytes || kind == Kind::kString; }
constexpr bool IsFloat(Kind kind) { return kind == Kind::kFloat32 || kind == Kind::kFloat64; }
constexpr bool IsSigned(Kind kind) { return kind >= Kind::kInt && kind <= Kind::kInt64; }
constexpr bool IsInteger(Kind kind) { return kind >= Kind::kInt && kind <= Kind::kUint64; }

// Number of bits that count of a kind held in `bits`: 1 for bool, 0 for text.
int BitWidth(Kind kind);
// `bits` cut to the kind's width and sign-extended where it is signed.
uint64_t Canonical(Kind kind, uint64_t bits);
// The kind as Go spells it: "[]byte", "string", "int8"...
std::string_view GoTypeName(Kind kind);

Value TextValue(Kind kind, std::string text);
Value BitsValue(Kind kind, uint64_t bits);  // canonical
Value FloatValue(double value);
Value FloatValue(float value);
Input ZeroInput(const Kinds& kinds);

// Bytes that an input weighs: the text of its text fields and 8 for every other field.
size_t Size(const Input& input);
// Cuts text fields, the longest first, until the input weighs no more than `limit`; fields without text are
// never cut.
void Cap(Input* input, size_t limit = kMaxInputBytes);
bool Matches(const Input& input, const Kinds& kinds);
Kinds KindsOf(const Input& input);
// The same on every machine and in every version: it names things in the history.
uint64_t Hash(const Input& input);

agent::Input ToProto(const Input& input);
// Rejects unknown kinds, more than kMaxArguments and more than kMaxInputBytes; makes `bits` canonical.
absl::StatusOr<Input> FromProto(const agent::Input& message);
absl::StatusOr<Kinds> KindsFromProto(const agent::Ready& ready);
// The entry's own seeds; those that FromProto rejects are left out.
std::vector<Input> SeedsFromProto(const agent::Ready& ready);

// One line for people, as Go would write the arguments: `"a\n", 5, []byte("x")`, cut to about `limit` bytes.
std::string Describe(const Input& input, size_t limit = 200);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_VALUE_H_
