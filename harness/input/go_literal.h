#ifndef GOLEAKSTRESS_HARNESS_INPUT_GO_LITERAL_H_
#define GOLEAKSTRESS_HARNESS_INPUT_GO_LITERAL_H_

// Literals of the Go language: the spec's rules for reading them, those of Go's strconv for writing them.
// Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace goleakstress::input {

inline constexpr char32_t kMaxRune = 0x10FFFF;

// A Unicode scalar value: what utf8.ValidRune says.
constexpr bool IsValidRune(char32_t rune) { return rune < 0xD800 || (rune > 0xDFFF && rune <= kMaxRune); }

struct DecodedRune {
  char32_t rune;
  size_t width;  // 0: no valid UTF-8 starts here
};

// The first rune of `text`, by the rules of utf8.DecodeRune: no overlong forms, no surrogates.
DecodedRune DecodeRune(std::string_view text);
void AppendRune(char32_t rune, std::string* out);  // pre: IsValidRune

// strconv.Quote and strconv.QuoteRune, byte for byte, with the Unicode 15.0 tables of Go 1.21 to 1.26.
std::string QuoteGoString(std::string_view text);
std::string QuoteGoRune(char32_t rune);  // pre: IsValidRune

// The value of "..." or `...`, quotes included; none where it is not one well-formed literal.
std::optional<std::string> UnquoteGoString(std::string_view literal);
// The value of '...', quotes included.
std::optional<char32_t> UnquoteGoRune(std::string_view literal);

// strconv.ParseInt and ParseUint in base 0 (0x, 0o, 0b, leading 0, underscores) for `width` bits; none where
// out of range. A minus sign may come first where `is_signed`.
std::optional<uint64_t> ParseGoInteger(std::string_view literal, bool is_signed, int width);
// strconv.ParseFloat of a literal that the lexer took: decimal or hexadecimal, NaN, +Inf, -Inf; none where it
// overflows.
std::optional<double> ParseGoFloat64(std::string_view literal);
std::optional<float> ParseGoFloat32(std::string_view literal);

// fmt's %v: the shortest digits that read back as the same number.
std::string FormatGoFloat(double value);
std::string FormatGoFloat(float value);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_GO_LITERAL_H_
