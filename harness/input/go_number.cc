// The numbers of go_literal.h.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

#include "harness/input/go_literal.h"

namespace goleakstress::input {
namespace {

struct BasedDigits {
  int base;
  std::string digits;  // without prefix and underscores
};

// Pre: `literal` follows the grammar, as the lexer guarantees.
BasedDigits SplitBase(std::string_view literal) {
  int base = 10;
  if (literal.size() > 1 && literal[0] == '0') {
    switch (literal[1] | 0x20) {
      case 'x':
        base = 16;
        break;
      case 'o':
        base = 8;
        break;
      case 'b':
        base = 2;
        break;
    }
    literal.remove_prefix(base == 10 ? 1 : 2);
    if (base == 10) base = 8;
  }
  BasedDigits split{base, {}};
  std::copy_if(literal.begin(), literal.end(), std::back_inserter(split.digits),
               [](char c) { return c != '_'; });
  return split;
}

// Whether a number that std::from_chars finds out of range is too small rather than too large: by the decimal
// (or binary) place of its first digit.
bool Underflows(std::string_view digits, bool hexadecimal) {
  const size_t mark = digits.find_first_of(hexadecimal ? "pP" : "eE");
  const std::string_view mantissa = digits.substr(0, mark);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  const size_t first = mantissa.find_first_not_of("0.");
  long long place = static_cast<long long>(point) - static_cast<long long>(first) - (first < point ? 1 : 0);
  if (hexadecimal) place *= 4;
  const std::string exponent(mark == digits.npos ? "0" : digits.substr(mark + 1));
  return place + std::strtoll(exponent.c_str(), nullptr, 10) < 0;
}

template <typename Float>
std::optional<Float> ParseFloat(std::string_view literal) {
  if (literal == "NaN") return std::numeric_limits<Float>::quiet_NaN();
  const bool negative = literal.starts_with('-');
  if (negative || literal.starts_with('+')) literal.remove_prefix(1);
  const Float sign = negative ? Float{-1} : Float{1};
  if (literal == "Inf") return sign * std::numeric_limits<Float>::infinity();

  std::string digits;
  std::copy_if(literal.begin(), literal.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
  std::string_view rest = digits;
  const bool hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
  if (hexadecimal) {
    rest.remove_prefix(2);
    if (rest.find_first_of("pP") == rest.npos) return std::nullopt;  // Go wants an exponent here
  }
  Float value{};
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, format);
  if (error == std::errc::result_out_of_range) {
    if (!Underflows(rest, hexadecimal)) return std::nullopt;
    return sign * Float{0};
  }
  if (error != std::errc{} || end != rest.data() + rest.size() || std::isinf(value)) return std::nullopt;
  return sign * value;
}

template <typename Float>
std::string FormatFloat(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[64];
  const auto scientific = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  const std::string_view digits(text, static_cast<size_t>(scientific.ptr - text));
  const int exponent = std::atoi(std::string(digits.substr(digits.find('e') + 1)).c_str());
  // fmt prints %v of a float as strconv's %g with the shortest precision: the decision then takes 6 digits
  // for granted.
  if (exponent < -4 || exponent >= 6) return std::string(digits);
  const auto fixed = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  return std::string(text, fixed.ptr);
}

}  // namespace

std::optional<uint64_t> ParseGoInteger(std::string_view literal, bool is_signed, int width) {
  const bool negative = literal.starts_with('-');
  if (negative && !is_signed) return std::nullopt;
  if (negative) literal.remove_prefix(1);
  const BasedDigits split = SplitBase(literal);
  uint64_t value = 0;
  const char* last = split.digits.data() + split.digits.size();
  const auto [end, error] = std::from_chars(split.digits.data(), last, value, split.base);
  if (split.digits.empty() ? split.base != 8 : error != std::errc{} || end != last) return std::nullopt;
  const uint64_t top = uint64_t{1} << (width - 1);
  if (is_signed) {
    if (value > (negative ? top : top - 1)) return std::nullopt;
    return negative ? -value : value;
  }
  if (value > (top - 1) * 2 + 1) return std::nullopt;
  return value;
}

std::optional<double> ParseGoFloat64(std::string_view literal) {
  // math.NaN() has its lowest bit set.
  if (literal == "NaN") return std::bit_cast<double>(uint64_t{0x7FF8000000000001});
  return ParseFloat<double>(literal);
}

std::optional<float> ParseGoFloat32(std::string_view literal) { return ParseFloat<float>(literal); }

std::string FormatGoFloat(double value) { return FormatFloat(value); }
std::string FormatGoFloat(float value) { return FormatFloat(value); }

}  // namespace goleakstress::input
