// Writes JSON, indented, in the order in which it is told.
#ifndef HARNESS_REPORT_JSON_WRITER_H_
#define HARNESS_REPORT_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goleakstress::report {

// `text` as a JSON string, with its quotes: bytes that are no UTF-8 become U+FFFD, what is longer than about
// 64 KiB is cut, and no control character is left that a terminal would obey.
std::string JsonString(std::string_view text);

// The caller keeps to the grammar: a key before each value in an object, every Begin with its End.
class JsonWriter {
 public:
  void BeginObject() { Begin('{'); }
  void EndObject() { End('}'); }
  void BeginArray() { Begin('['); }
  void EndArray() { End(']'); }
  void Key(std::string_view key);
  void String(std::string_view text) { Value(JsonString(text)); }
  void Bool(bool value) { Value(value ? "true" : "false"); }
  void Int(int64_t value);
  // As many digits as it takes to read it back unchanged; no number is 0, infinity the largest that
  // report.proto allows (1e300).
  void Double(double value);

  // Shorthands for members of an object.
  void Member(std::string_view key, std::string_view text);
  void Member(std::string_view key, int64_t value);

  std::string Take() && { return std::move(out_) + '\n'; }

 private:
  void Begin(char bracket);
  void End(char bracket);
  void Value(std::string_view text);
  void Separate();
  void NewLine();

  std::string out_;
  std::vector<bool> empty_;  // of each open bracket: nothing in it yet
  bool after_key_ = false;
};

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_JSON_WRITER_H_
