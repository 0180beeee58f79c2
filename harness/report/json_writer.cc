#include "harness/report/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "harness/report/escape.h"

namespace goleakstress::report {

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  for (const char c : ValidUtf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

void JsonWriter::Key(std::string_view key) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}: ", JsonString(key));
  after_key_ = true;
}

void JsonWriter::Int(int64_t value) { Value(fmt::format("{}", value)); }

void JsonWriter::Double(double value) {
  constexpr double kLargest = 1e300;
  Value(std::isnan(value) ? "0" : fmt::format("{}", std::clamp(value, -kLargest, kLargest)));
}

void JsonWriter::Member(std::string_view key, std::string_view text) {
  Key(key);
  String(text);
}

void JsonWriter::Member(std::string_view key, int64_t value) {
  Key(key);
  Int(value);
}

void JsonWriter::Begin(char bracket) {
  Separate();
  out_ += bracket;
  empty_.push_back(true);
}

void JsonWriter::End(char bracket) {
  const bool was_empty = empty_.back();
  empty_.pop_back();
  if (!was_empty) NewLine();
  out_ += bracket;
}

void JsonWriter::Value(std::string_view text) {
  Separate();
  out_ += text;
}

// What stands between this value and the one before.
void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (empty_.empty()) return;
  if (!empty_.back()) out_ += ',';
  empty_.back() = false;
  NewLine();
}

void JsonWriter::NewLine() {
  out_ += '\n';
  out_.append(2 * empty_.size(), ' ');
}

}  // namespace goleakstress::report
