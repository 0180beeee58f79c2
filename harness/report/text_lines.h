// Lines of the text report: a headline with a coloured word, and labelled lines below it.
#ifndef HARNESS_REPORT_TEXT_LINES_H_
#define HARNESS_REPORT_TEXT_LINES_H_

#include <string>
#include <string_view>

namespace goleakstress::report {

enum class Ink { kPlain, kBold, kDim, kRed, kYellow, kGreen };

class TextLines {
 public:
  explicit TextLines(bool colour) : colour_(colour) {}

  // `text` in the ink, with no line feed. Empty text stays empty.
  std::string Paint(Ink ink, std::string_view text) const;

  // Without blanks at the end.
  void Line(std::string_view text);
  // "      label     text"; nothing where `text` is empty.
  void Labelled(std::string_view label, std::string_view text);
  // As many lines as the (escaped) text has, behind "      | ".
  void Quoted(std::string_view text);
  // An empty line, unless the text has just begun or ends in one.
  void Gap();

  std::string Take() && { return std::move(out_); }

 private:
  bool colour_;
  std::string out_;
};

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_TEXT_LINES_H_
