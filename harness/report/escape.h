// Text of the target made harmless for a terminal, a log and a JSON file.
//
// Names, failure texts and output come from the program under test. They may hold terminal escapes, line
// breaks that forge lines of the report, marks that turn the direction of writing, broken UTF-8 or a
// megabyte. All functions take time linear in what they keep, not in what they are given.
#ifndef HARNESS_REPORT_ESCAPE_H_
#define HARNESS_REPORT_ESCAPE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace goleakstress::report {

// One step of a strict UTF-8 decoder (RFC 3629: no surrogates, nothing overlong, at most U+10FFFF).
struct CodePoint {
  char32_t value = 0;
  size_t length = 0;   // bytes; 1 for a byte that is no UTF-8
  bool valid = false;  // false: `value` is that byte
};
// `text` must not be empty.
CodePoint DecodeFirst(std::string_view text);

// One line of printable UTF-8: control characters become \n, \t, \x1b, bytes that are no UTF-8 \xff, marks
// that are invisible or turn the direction of writing \u202e. Cut to about `limit` bytes, with "..." at the
// end where something is missing.
std::string OneLine(std::string_view text, size_t limit = 300);

// The same for a text of several lines: line feeds and tabs stay, "\r\n" becomes a line feed, and what is cut
// is told at the end: "... (1048576 bytes more)". No line feed at the end.
std::string ManyLines(std::string_view text, size_t limit = 64 << 10);

// Valid UTF-8 for machines: every byte that is no UTF-8 becomes U+FFFD, everything else stays, cut as above.
std::string ValidUtf8(std::string_view text, size_t limit = 64 << 10);

// The longest beginning of one escaped line that fits into so many columns of a terminal.
std::string_view FitColumns(std::string_view line, size_t columns);
// Columns that one escaped line takes.
size_t ColumnsOf(std::string_view line);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_ESCAPE_H_
