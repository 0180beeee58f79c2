#include "harness/report/escape.h"

#include <fmt/format.h>

#include <iterator>

namespace goleakstress::report {
namespace {

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

// Invisible characters, those that turn the direction of writing ("Trojan Source"), and noncharacters, which
// XML does not take.
bool IsDeceptive(char32_t c) {
  return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) || (c & 0xfffeU) == 0xfffe;
}

void AppendEscaped(std::string* out, CodePoint c, std::string_view bytes) {
  const auto value = static_cast<uint32_t>(c.value);
  if (!c.valid) {
    fmt::format_to(std::back_inserter(*out), "\\x{:02x}", value);
  } else if (c.value == '\n') {
    *out += "\\n";
  } else if (c.value == '\r') {
    *out += "\\r";
  } else if (c.value == '\t') {
    *out += "\\t";
  } else if (IsControl(c.value) && value < 0x80) {
    fmt::format_to(std::back_inserter(*out), "\\x{:02x}", value);
  } else if (IsControl(c.value) || IsDeceptive(c.value)) {
    fmt::format_to(std::back_inserter(*out), "\\u{:04x}", value);
  } else {
    out->append(bytes);
  }
}

std::string Missing(size_t bytes) { return fmt::format("... ({} bytes more)", bytes); }

// East Asian and other wide characters; generous, since a line cut too early does no harm.
size_t WidthOf(char32_t c) { return c >= 0x1100 && !(c >= 0x2000 && c < 0x2e80) ? 2 : 1; }

}  // namespace

CodePoint DecodeFirst(std::string_view text) {
  const auto byte = [text](size_t i) -> char32_t { return static_cast<unsigned char>(text[i]); };
  const char32_t first = byte(0);
  const CodePoint broken{first, 1, false};
  if (first < 0x80) return {first, 1, true};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return broken;
  char32_t value = first & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return broken;
    value = value << 6U | (byte(i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return broken;
  return {value, length, true};
}

std::string OneLine(std::string_view text, size_t limit) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= limit) return out + "...";
    const CodePoint c = DecodeFirst(text);
    AppendEscaped(&out, c, text.substr(0, c.length));
    text.remove_prefix(c.length);
  }
  return out;
}

std::string ManyLines(std::string_view text, size_t limit) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  std::string out;
  while (!text.empty()) {
    if (out.size() >= limit) return out + Missing(text.size());
    const CodePoint c = DecodeFirst(text);
    if (c.value == '\n' || c.value == '\t') {
      out += text.front();
    } else if (!text.starts_with("\r\n")) {
      AppendEscaped(&out, c, text.substr(0, c.length));
    }
    text.remove_prefix(c.length);
  }
  return out;
}

std::string ValidUtf8(std::string_view text, size_t limit) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= limit) return out + Missing(text.size());
    const CodePoint c = DecodeFirst(text);
    out += c.valid ? text.substr(0, c.length) : "\xef\xbf\xbd";
    text.remove_prefix(c.length);
  }
  return out;
}

std::string_view FitColumns(std::string_view line, size_t columns) {
  size_t bytes = 0;
  while (bytes < line.size()) {
    const CodePoint c = DecodeFirst(line.substr(bytes));
    if (WidthOf(c.value) > columns) break;
    columns -= WidthOf(c.value);
    bytes += c.length;
  }
  return line.substr(0, bytes);
}

size_t ColumnsOf(std::string_view line) {
  size_t columns = 0;
  while (!line.empty()) {
    const CodePoint c = DecodeFirst(line);
    columns += WidthOf(c.value);
    line.remove_prefix(c.length);
  }
  return columns;
}

}  // namespace goleakstress::report
