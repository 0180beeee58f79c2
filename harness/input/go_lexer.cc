#include "harness/input/go_lexer.h"

#include <algorithm>

namespace goleakstress::input {
namespace {

bool IsDecimal(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDecimal(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
// Letters outside ASCII are letters of identifiers to us: no literal holds one outside its quotes.
bool IsLetter(char c) { return c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c & 0x80) != 0; }

// Underscores of a number stand between digits, or between the base prefix and a digit.
bool UnderscoresInPlace(std::string_view number, bool hexadecimal) {
  char before = '.';
  size_t i = 0;
  if (number.size() > 1 && number[0] == '0' && !IsDecimal(number[1]) && number[1] != '.' &&
      number[1] != '_') {
    before = '0';
    i = 2;
  }
  for (; i < number.size(); ++i) {
    const char c = number[i];
    const bool digit = hexadecimal ? IsHex(c) : IsDecimal(c);
    const char now = digit ? '0' : c == '_' ? '_' : '.';
    if (now == '_' && before != '0') return false;
    if (now != '0' && before == '_') return false;
    before = now;
  }
  return before != '_';
}

}  // namespace

GoToken GoLexer::Take(GoToken::Kind kind, size_t size) {
  const GoToken token{kind, rest_.substr(0, size)};
  failed_ = kind == GoToken::kError;
  rest_.remove_prefix(token.text.size());
  return token;
}

bool GoLexer::SkipBlanks() {
  for (;;) {
    const size_t blank = std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size());
    rest_.remove_prefix(blank);
    if (rest_.starts_with("//")) {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (rest_.starts_with("/*")) {
      const size_t end = rest_.find("*/", 2);
      if (end == rest_.npos) return false;
      rest_.remove_prefix(end + 2);
    } else {
      return true;
    }
  }
}

GoToken GoLexer::TakeQuoted(GoToken::Kind kind) {
  const char quote = rest_.front();
  for (size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == quote) return Take(kind, i + 1);
    if (quote == '`') continue;
    if (rest_[i] == '\n') break;
    if (rest_[i] == '\\') ++i;
  }
  return Take(GoToken::kError, 0);
}

GoToken GoLexer::TakeNumber() {
  size_t at = 0;
  int base = 10;
  bool any = false, wrong_digit = false, is_float = false;
  const auto peek = [&] { return at < rest_.size() ? rest_[at] : '\0'; };
  const auto digits = [&] {
    for (; peek() == '_' || (base == 16 ? IsHex(peek()) : IsDecimal(peek())); ++at) {
      if (peek() == '_') continue;
      any = true;
      if (base < 10 && peek() - '0' >= base) wrong_digit = true;
    }
  };
  bool leading_zero = false;
  if (peek() == '0' && rest_.size() > 1) {
    const char letter = static_cast<char>(rest_[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    if (base != 10) at = 2;
    leading_zero = base == 10;
  }
  if (peek() != '.') digits();
  if (peek() == '.') {
    if (base == 2 || base == 8) return Take(GoToken::kError, 0);
    is_float = true;
    ++at;
    digits();
  }
  if (!any) return Take(GoToken::kError, 0);
  const char mark = static_cast<char>(peek() | 0x20);
  if ((mark == 'e' && base == 10) || (mark == 'p' && base == 16)) {
    is_float = true;
    const int mantissa_base = base;
    base = 10;
    ++at;
    if (peek() == '+' || peek() == '-') ++at;
    any = false;
    digits();
    if (!any) return Take(GoToken::kError, 0);
    base = mantissa_base;
  } else if (is_float && base == 16) {
    return Take(GoToken::kError, 0);
  }
  const std::string_view number = rest_.substr(0, at);
  const bool octal_with_8 = leading_zero && !is_float && number.find_first_of("89") != number.npos;
  if (peek() == 'i') return Take(GoToken::kImaginary, at + 1);
  if (wrong_digit || octal_with_8 || !UnderscoresInPlace(number, base == 16)) return Take(GoToken::kError, 0);
  return Take(is_float ? GoToken::kFloat : GoToken::kInteger, at);
}

GoToken GoLexer::Next() {
  if (failed_ || !SkipBlanks()) return Take(GoToken::kError, 0);
  if (rest_.empty()) return {GoToken::kEnd, {}};
  const char first = rest_.front();
  if (first == '"' || first == '`') return TakeQuoted(GoToken::kString);
  if (first == '\'') return TakeQuoted(GoToken::kRune);
  if (IsDecimal(first) || (first == '.' && rest_.size() > 1 && IsDecimal(rest_[1]))) return TakeNumber();
  if (!IsLetter(first)) return Take(GoToken::kOther, 1);
  const auto end =
      std::find_if(rest_.begin(), rest_.end(), [](char c) { return !IsLetter(c) && !IsDecimal(c); });
  return Take(GoToken::kIdentifier, static_cast<size_t>(end - rest_.begin()));
}

}  // namespace goleakstress::input
