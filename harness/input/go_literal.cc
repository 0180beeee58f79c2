#include "harness/input/go_literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace goleakstress::input {
namespace {

struct RuneRange {
  char32_t first, last;
};

constexpr RuneRange kPrintable[] = {
#include "harness/input/go_print_ranges.inc"
};

bool IsPrint(char32_t rune) {
  const RuneRange* range = std::upper_bound(std::begin(kPrintable), std::end(kPrintable), rune,
                                            [](char32_t r, const RuneRange& x) { return r < x.first; });
  return range != std::begin(kPrintable) && rune <= std::prev(range)->last;
}

void AppendEscaped(char32_t rune, char quote, std::string* out) {
  static constexpr std::string_view kPlain = "\a\b\f\n\r\t\v", kLetters = "abfnrtv";
  if (rune == static_cast<unsigned char>(quote) || rune == '\\') {
    *out += {'\\', static_cast<char>(rune)};
  } else if (IsPrint(rune)) {
    AppendRune(rune, out);
  } else if (rune < ' ' || rune == 0x7f) {
    const size_t at = kPlain.find(static_cast<char>(rune));
    *out += rune != 0 && at != kPlain.npos ? fmt::format("\\{}", kLetters[at])
                                           : fmt::format("\\x{:02x}", static_cast<uint32_t>(rune));
  } else {
    *out += rune < 0x10000 ? fmt::format("\\u{:04x}", static_cast<uint32_t>(rune))
                           : fmt::format("\\U{:08x}", static_cast<uint32_t>(rune));
  }
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

// One character of an interpreted literal, taken off the front of `text`. `is_byte`: one byte by \x or \ooo,
// which is not UTF-8 encoded in a string.
struct Unquoted {
  char32_t rune;
  bool is_byte;
};

std::optional<Unquoted> TakeNumeric(std::string_view* text, size_t digits, int base, bool is_byte) {
  if (text->size() < digits) return std::nullopt;
  char32_t rune = 0;
  for (char c : text->substr(0, digits)) {
    if (DigitOf(c) >= base) return std::nullopt;
    rune = rune * static_cast<char32_t>(base) + static_cast<char32_t>(DigitOf(c));
  }
  text->remove_prefix(digits);
  if (is_byte ? rune > 255 : !IsValidRune(rune)) return std::nullopt;
  return Unquoted{rune, is_byte};
}

std::optional<Unquoted> TakeCharacter(std::string_view* text, char quote) {
  if (text->empty() || text->front() == quote || text->front() == '\n') return std::nullopt;
  if (text->front() != '\\') {
    const DecodedRune next = DecodeRune(*text);
    if (next.width == 0) return std::nullopt;
    text->remove_prefix(next.width);
    return Unquoted{next.rune, false};
  }
  if (text->size() < 2) return std::nullopt;
  const char letter = (*text)[1];
  if (letter >= '0' && letter <= '7') {
    text->remove_prefix(1);
    return TakeNumeric(text, 3, 8, true);
  }
  text->remove_prefix(2);
  switch (letter) {
    case 'x':
      return TakeNumeric(text, 2, 16, true);
    case 'u':
      return TakeNumeric(text, 4, 16, false);
    case 'U':
      return TakeNumeric(text, 8, 16, false);
    case '\\':
      return Unquoted{'\\', false};
  }
  if (letter == quote) return Unquoted{static_cast<unsigned char>(quote), false};
  static constexpr std::string_view kPlain = "\a\b\f\n\r\t\v", kLetters = "abfnrtv";
  const size_t at = kLetters.find(letter);
  if (at == kLetters.npos) return std::nullopt;
  return Unquoted{static_cast<unsigned char>(kPlain[at]), false};
}

}  // namespace

DecodedRune DecodeRune(std::string_view text) {
  if (text.empty()) return {0, 0};
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < width) return {0, 0};
  char32_t rune = first & (0xFFu >> (width + 1));
  for (size_t i = 1; i < width; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 0};
    rune = rune << 6 | (byte(i) & 0x3Fu);
  }
  static constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (rune < kLeast[width] || !IsValidRune(rune)) return {0, 0};
  return {rune, width};
}

void AppendRune(char32_t rune, std::string* out) {
  const auto tail = [&](int shift) { *out += static_cast<char>(0x80 | (rune >> shift & 0x3F)); };
  if (rune < 0x80) {
    *out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    *out += static_cast<char>(0xC0 | rune >> 6);
    tail(0);
  } else if (rune < 0x10000) {
    *out += static_cast<char>(0xE0 | rune >> 12);
    tail(6), tail(0);
  } else {
    *out += static_cast<char>(0xF0 | rune >> 18);
    tail(12), tail(6), tail(0);
  }
}

std::string QuoteGoString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const DecodedRune next = DecodeRune(text);
    if (next.width == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text.front())));
    } else {
      AppendEscaped(next.rune, '"', &out);
    }
    text.remove_prefix(std::max<size_t>(next.width, 1));
  }
  return out += '"';
}

std::string QuoteGoRune(char32_t rune) {
  std::string out = "'";
  AppendEscaped(rune, '\'', &out);
  return out += '\'';
}

std::optional<std::string> UnquoteGoString(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
  const char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string out;
  if (quote == '`') {
    if (literal.find('`') != literal.npos) return std::nullopt;
    std::copy_if(literal.begin(), literal.end(), std::back_inserter(out), [](char c) { return c != '\r'; });
    return out;
  }
  if (quote != '"') return std::nullopt;
  while (!literal.empty()) {
    const std::optional<Unquoted> next = TakeCharacter(&literal, '"');
    if (!next) return std::nullopt;
    if (next->is_byte) {
      out += static_cast<char>(next->rune);
    } else {
      AppendRune(next->rune, &out);
    }
  }
  return out;
}

std::optional<char32_t> UnquoteGoRune(std::string_view literal) {
  if (literal.size() < 3 || literal.front() != '\'' || literal.back() != '\'') return std::nullopt;
  literal = literal.substr(1, literal.size() - 2);
  const std::optional<Unquoted> only = TakeCharacter(&literal, '\'');
  if (!only || !literal.empty()) return std::nullopt;
  return only->rune;
}

}  // namespace goleakstress::input
