#ifndef GOLEAKSTRESS_HARNESS_INPUT_GO_LEXER_H_
#define GOLEAKSTRESS_HARNESS_INPUT_GO_LEXER_H_

// A lexer of Go source, as much as corpus files and dictionaries need: comments and white space are skipped,
// literals come out whole, every other character is a token of its own, no semicolons are made up.

#include <cstddef>
#include <string_view>

namespace goleakstress::input {

struct GoToken {
  enum Kind { kEnd, kError, kIdentifier, kInteger, kFloat, kImaginary, kRune, kString, kOther };
  Kind kind;
  std::string_view text;  // points into the source
};

class GoLexer {
 public:
  // `source` must outlive the lexer and its tokens.
  explicit GoLexer(std::string_view source) : rest_(source) {}

  // The next token; kEnd for ever at the end, kError for ever where a literal or comment is malformed.
  // Escapes inside strings and runes are not checked here (UnquoteGoString does), numbers are.
  GoToken Next();

 private:
  GoToken Take(GoToken::Kind kind, size_t size);
  GoToken TakeQuoted(GoToken::Kind kind);
  GoToken TakeNumber();
  bool SkipBlanks();  // false: a comment has no end

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_GO_LEXER_H_
