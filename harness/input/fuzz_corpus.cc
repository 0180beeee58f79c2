#include "harness/input/fuzz_corpus.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "harness/input/go_lexer.h"
#include "harness/input/go_literal.h"

namespace goleakstress::input {
namespace {

constexpr std::string_view kVersion = "go test fuzz v1";
// The NaNs that Go writes as NaN: math.NaN() and float32(math.NaN()).
constexpr uint64_t kNaN64 = 0x7FF8000000000001;
constexpr uint32_t kNaN32 = 0x7FC00000;

// bytes.TrimSpace: the white space of Unicode, which beyond ASCII begins with U+0085 and U+00A0.
std::string_view TrimSpace(std::string_view text) {
  static constexpr std::string_view kSpaces[] = {
      " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00a0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  for (bool again = true; again;) {
    again = false;
    for (std::string_view space : kSpaces) {
      for (; text.starts_with(space); again = true) text.remove_prefix(space.size());
      for (; text.ends_with(space); again = true) text.remove_suffix(space.size());
    }
  }
  return text;
}

// Go's scanner takes neither NUL nor byte order mark nor what is no UTF-8, wherever it stands.
bool IsGoSource(std::string_view text) {
  while (!text.empty()) {
    const DecodedRune next = DecodeRune(text);
    if (next.width == 0 || next.rune == 0 || next.rune == 0xFEFF) return false;
    text.remove_prefix(next.width);
  }
  return true;
}

// The line TYPE(SIGN LITERAL) in parts. TYPE is the conversion with blanks and comments removed.
struct Conversion {
  std::string type;
  char sign = 0;
  GoToken literal{};
};

std::optional<Conversion> Parse(std::string_view line) {
  GoLexer lexer(line);
  Conversion parsed;
  GoToken token = lexer.Next();
  for (; token.text != "("; token = lexer.Next()) {
    if (token.kind != GoToken::kIdentifier && token.kind != GoToken::kOther) return std::nullopt;
    parsed.type += token.text;
  }
  token = lexer.Next();
  if (token.text == "-" || token.text == "+") {
    parsed.sign = token.text.front();
    token = lexer.Next();
  }
  if (token.kind < GoToken::kIdentifier || token.kind == GoToken::kOther) return std::nullopt;
  parsed.literal = token;
  token = lexer.Next();
  if (token.text == ",") token = lexer.Next();
  if (token.text != ")" || lexer.Next().kind != GoToken::kEnd) return std::nullopt;
  return parsed;
}

std::optional<Value> TextOf(Kind kind, const Conversion& from) {
  if (from.literal.kind != GoToken::kString || from.sign != 0) return std::nullopt;
  std::optional<std::string> text = UnquoteGoString(from.literal.text);
  if (!text) return std::nullopt;
  return TextValue(kind, *std::move(text));
}

std::optional<Value> BoolOf(const Conversion& from) {
  if (from.sign != 0 || (from.literal.text != "true" && from.literal.text != "false")) return std::nullopt;
  return BitsValue(Kind::kBool, from.literal.text == "true");
}

std::optional<Value> IntegerOf(Kind kind, const Conversion& from) {
  if (from.literal.kind != GoToken::kInteger || from.sign == '+') return std::nullopt;
  const std::string text = fmt::format("{}{}", from.sign != 0 ? "-" : "", from.literal.text);
  const std::optional<uint64_t> bits = ParseGoInteger(text, IsSigned(kind), BitWidth(kind));
  if (!bits) return std::nullopt;
  return BitsValue(kind, *bits);
}

std::optional<Value> CharacterOf(Kind kind, const Conversion& from) {
  if (from.literal.kind == GoToken::kInteger) return IntegerOf(kind, from);
  if (from.literal.kind != GoToken::kRune || from.sign != 0) return std::nullopt;
  const std::optional<char32_t> rune = UnquoteGoRune(from.literal.text);
  if (!rune || (kind == Kind::kUint8 && *rune > 255)) return std::nullopt;
  return BitsValue(kind, *rune);
}

std::optional<Value> FloatOf(Kind kind, const Conversion& from) {
  const std::string_view text = from.literal.text;
  const bool number = from.literal.kind == GoToken::kInteger || from.literal.kind == GoToken::kFloat;
  // -5 is a number, +5 is not, and neither are Inf without sign and NaN with one.
  const bool named = from.literal.kind == GoToken::kIdentifier && text == (from.sign == 0 ? "NaN" : "Inf");
  if (!named && (!number || from.sign == '+')) return std::nullopt;
  const std::string whole = fmt::format("{}{}", from.sign == 0 ? "" : from.sign == '-' ? "-" : "+", text);
  if (kind == Kind::kFloat64) {
    const std::optional<double> value = ParseGoFloat64(whole);
    if (value) return FloatValue(*value);
  } else {
    const std::optional<float> value = ParseGoFloat32(whole);
    if (value) return FloatValue(*value);
  }
  return std::nullopt;
}

std::optional<Value> FloatFromBits(Kind kind, const Conversion& from) {
  const std::optional<Value> bits = IntegerOf(kind == Kind::kFloat64 ? Kind::kUint64 : Kind::kUint32, from);
  if (!bits) return std::nullopt;
  return BitsValue(kind, bits->bits);
}

std::optional<Value> Convert(const Conversion& from) {
  if (from.type == "byte" || from.type == "rune") {
    return CharacterOf(from.type == "byte" ? Kind::kUint8 : Kind::kInt32, from);
  }
  if (from.type == "math.Float64frombits") return FloatFromBits(Kind::kFloat64, from);
  if (from.type == "math.Float32frombits") return FloatFromBits(Kind::kFloat32, from);
  for (Kind kind = Kind::kBytes; kind <= Kind::kFloat64;
       kind = static_cast<Kind>(static_cast<int>(kind) + 1)) {
    if (from.type != GoTypeName(kind)) continue;
    if (IsText(kind)) return TextOf(kind, from);
    if (kind == Kind::kBool) return BoolOf(from);
    return IsFloat(kind) ? FloatOf(kind, from) : IntegerOf(kind, from);
  }
  return std::nullopt;
}

}  // namespace

std::string MarshalValue(const Value& value) {
  const int64_t number = static_cast<int64_t>(value.bits);
  switch (value.kind) {
    case Kind::kBytes:
    case Kind::kString:
      return fmt::format("{}({})", GoTypeName(value.kind), QuoteGoString(value.text));
    case Kind::kBool:
      return value.bits != 0 ? "bool(true)" : "bool(false)";
    case Kind::kUint8:
      return fmt::format("byte({})", QuoteGoRune(static_cast<char32_t>(value.bits)));
    case Kind::kInt32:
      if (number >= 0 && IsValidRune(static_cast<char32_t>(number))) {
        return fmt::format("rune({})", QuoteGoRune(static_cast<char32_t>(number)));
      }
      return fmt::format("int32({})", number);
    case Kind::kFloat32: {
      const uint32_t bits = static_cast<uint32_t>(value.bits);
      const float real = std::bit_cast<float>(bits);
      if (std::isnan(real) && bits != kNaN32) return fmt::format("math.Float32frombits(0x{:x})", bits);
      return fmt::format("float32({})", FormatGoFloat(real));
    }
    case Kind::kFloat64: {
      const double real = std::bit_cast<double>(value.bits);
      if (std::isnan(real) && value.bits != kNaN64)
        return fmt::format("math.Float64frombits(0x{:x})", value.bits);
      return fmt::format("float64({})", FormatGoFloat(real));
    }
    default:
      break;
  }
  return IsSigned(value.kind) ? fmt::format("{}({})", GoTypeName(value.kind), number)
                              : fmt::format("{}({})", GoTypeName(value.kind), value.bits);
}

std::string MarshalCorpusFile(const Input& input) {
  std::string file(kVersion);
  file += '\n';
  for (const Value& value : input) file += MarshalValue(value) + '\n';
  return file;
}

absl::StatusOr<Value> UnmarshalValue(std::string_view line) {
  std::optional<Value> value;
  if (IsGoSource(line)) {
    if (const std::optional<Conversion> parsed = Parse(line)) value = Convert(*parsed);
  }
  if (!value)
    return absl::InvalidArgumentError(fmt::format("malformed line {}", QuoteGoString(line.substr(0, 200))));
  return *std::move(value);
}

absl::StatusOr<Input> UnmarshalCorpusFile(std::string_view file) {
  if (file.size() > kMaxInputBytes * 5) {
    return absl::InvalidArgumentError(fmt::format("corpus file of {} bytes", file.size()));
  }
  const size_t first_end = file.find('\n');
  std::string_view version = file.substr(0, first_end);
  if (version.ends_with('\r')) version.remove_suffix(1);
  if (version != kVersion || first_end == file.npos) {
    return absl::InvalidArgumentError(
        fmt::format("not a \"{}\" file: begins with {}", kVersion, QuoteGoString(file.substr(0, 40))));
  }
  Input input;
  file.remove_prefix(first_end + 1);
  while (!file.empty()) {
    const size_t end = file.find('\n');
    const std::string_view line = TrimSpace(file.substr(0, end));
    file.remove_prefix(end == file.npos ? file.size() : end + 1);
    if (line.empty()) continue;
    absl::StatusOr<Value> value = UnmarshalValue(line);
    if (!value.ok()) return value.status();
    input.push_back(*std::move(value));
    if (input.size() > kMaxArguments) return absl::InvalidArgumentError("corpus file of too many arguments");
  }
  if (Size(input) > kMaxInputBytes) {
    return absl::InvalidArgumentError(fmt::format("corpus file with {} bytes of arguments", Size(input)));
  }
  return input;
}

}  // namespace goleakstress::input
