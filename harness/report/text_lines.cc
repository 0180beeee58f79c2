#include "harness/report/text_lines.h"

#include <fmt/format.h>

namespace goleakstress::report {

std::string TextLines::Paint(Ink ink, std::string_view text) const {
  static constexpr std::string_view kCodes[] = {"", "1", "2", "1;31", "1;33", "1;32"};
  if (!colour_ || ink == Ink::kPlain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<size_t>(ink)], text);
}

void TextLines::Line(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  out_ += text;
  out_ += '\n';
}

void TextLines::Labelled(std::string_view label, std::string_view text) {
  if (text.empty()) return;
  Line(fmt::format("      {} {}", Paint(Ink::kDim, fmt::format("{:<9}", label)), text));
}

void TextLines::Quoted(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    Line(fmt::format("      {} {}", Paint(Ink::kDim, "|"), line));
    text.remove_prefix(line.size());
    if (!text.empty()) text.remove_prefix(1);
  }
}

void TextLines::Gap() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

}  // namespace goleakstress::report
