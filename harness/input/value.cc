#include "harness/input/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/status/status.h"
#include "harness/input/fuzz_corpus.h"

namespace goleakstress::input {
namespace {

bool IsKind(int number) {
  return number >= static_cast<int>(Kind::kBytes) && number <= static_cast<int>(Kind::kFloat64);
}

// FNV-1a: short, and defined by two constants alone.
void Mix(uint64_t* hash, std::string_view bytes) {
  for (char c : bytes) *hash = (*hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
}

void Mix(uint64_t* hash, uint64_t number) {
  char bytes[8];
  for (char& byte : bytes) {
    byte = static_cast<char>(number);
    number >>= 8;
  }
  Mix(hash, std::string_view(bytes, sizeof bytes));
}

}  // namespace

int BitWidth(Kind kind) {
  switch (kind) {
    case Kind::kBytes:
    case Kind::kString:
      return 0;
    case Kind::kBool:
      return 1;
    case Kind::kInt8:
    case Kind::kUint8:
      return 8;
    case Kind::kInt16:
    case Kind::kUint16:
      return 16;
    case Kind::kInt32:
    case Kind::kUint32:
    case Kind::kFloat32:
      return 32;
    case Kind::kInt:
    case Kind::kInt64:
    case Kind::kUint:
    case Kind::kUint64:
    case Kind::kFloat64:
      return 64;
  }
  return 0;
}

uint64_t Canonical(Kind kind, uint64_t bits) {
  const int width = BitWidth(kind);
  if (width == 0) return 0;
  const int unused = 64 - width;
  if (IsSigned(kind)) return static_cast<uint64_t>(static_cast<int64_t>(bits << unused) >> unused);
  return bits << unused >> unused;
}

std::string_view GoTypeName(Kind kind) {
  static constexpr std::string_view kNames[] = {"?",      "[]byte", "string",  "bool",   "int",   "int8",
                                                "int16",  "int32",  "int64",   "uint",   "uint8", "uint16",
                                                "uint32", "uint64", "float32", "float64"};
  return kNames[static_cast<size_t>(kind)];
}

Value TextValue(Kind kind, std::string text) { return Value{kind, std::move(text), 0}; }
Value BitsValue(Kind kind, uint64_t bits) { return Value{kind, {}, Canonical(kind, bits)}; }
Value FloatValue(double value) { return Value{Kind::kFloat64, {}, std::bit_cast<uint64_t>(value)}; }
Value FloatValue(float value) { return Value{Kind::kFloat32, {}, std::bit_cast<uint32_t>(value)}; }

Input ZeroInput(const Kinds& kinds) {
  Input input;
  for (Kind kind : kinds) input.push_back(Value{kind, {}, 0});
  return input;
}

size_t Size(const Input& input) {
  size_t size = 0;
  for (const Value& value : input) size += IsText(value.kind) ? value.text.size() : 8;
  return size;
}

void Cap(Input* input, size_t limit) {
  size_t size = Size(*input);
  while (size > limit) {
    auto longest = std::max_element(input->begin(), input->end(), [](const Value& a, const Value& b) {
      return a.text.size() < b.text.size();
    });
    if (longest == input->end() || longest->text.empty()) return;
    const size_t cut = std::min(size - limit, longest->text.size());
    longest->text.resize(longest->text.size() - cut);
    size -= cut;
  }
}

bool Matches(const Input& input, const Kinds& kinds) { return KindsOf(input) == kinds; }

Kinds KindsOf(const Input& input) {
  Kinds kinds;
  for (const Value& value : input) kinds.push_back(value.kind);
  return kinds;
}

uint64_t Hash(const Input& input) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const Value& value : input) {
    Mix(&hash, static_cast<uint64_t>(value.kind));
    Mix(&hash, IsText(value.kind) ? value.text.size() : value.bits);
    Mix(&hash, value.text);
  }
  return hash;
}

agent::Input ToProto(const Input& input) {
  agent::Input message;
  for (const Value& value : input) {
    agent::Value* out = message.add_values();
    out->set_kind(static_cast<agent::ValueKind>(value.kind));
    out->set_text(value.text);
    out->set_bits(value.bits);
  }
  return message;
}

absl::StatusOr<Input> FromProto(const agent::Input& message) {
  if (static_cast<size_t>(message.values_size()) > kMaxArguments) {
    return absl::InvalidArgumentError(fmt::format("input of {} arguments", message.values_size()));
  }
  Input input;
  for (const agent::Value& in : message.values()) {
    if (!IsKind(in.kind())) {
      return absl::InvalidArgumentError(
          fmt::format("unknown kind {} of argument {}", static_cast<int>(in.kind()), input.size()));
    }
    const Kind kind = static_cast<Kind>(in.kind());
    input.push_back(IsText(kind) ? TextValue(kind, in.text()) : BitsValue(kind, in.bits()));
  }
  if (Size(input) > kMaxInputBytes) {
    return absl::InvalidArgumentError(fmt::format("input of {} bytes", Size(input)));
  }
  return input;
}

absl::StatusOr<Kinds> KindsFromProto(const agent::Ready& ready) {
  if (static_cast<size_t>(ready.argument_kinds_size()) > kMaxArguments) {
    return absl::InvalidArgumentError(fmt::format("entry of {} arguments", ready.argument_kinds_size()));
  }
  Kinds kinds;
  for (int number : ready.argument_kinds()) {
    if (!IsKind(number)) return absl::InvalidArgumentError(fmt::format("unknown argument kind {}", number));
    kinds.push_back(static_cast<Kind>(number));
  }
  return kinds;
}

std::vector<Input> SeedsFromProto(const agent::Ready& ready) {
  std::vector<Input> seeds;
  for (const agent::Input& message : ready.seeds()) {
    if (auto seed = FromProto(message); seed.ok()) seeds.push_back(*std::move(seed));
  }
  return seeds;
}

std::string Describe(const Input& input, size_t limit) {
  std::string line;
  for (const Value& value : input) {
    if (!line.empty()) line += ", ";
    const size_t room = limit > line.size() ? limit - line.size() : 0;
    if (value.text.size() > room) {
      line += MarshalValue(TextValue(value.kind, value.text.substr(0, room)));
      line += fmt::format("... ({} bytes)", value.text.size());
    } else {
      line += MarshalValue(value);
    }
    if (line.size() > limit) break;
  }
  return line;
}

}  // namespace goleakstress::input
