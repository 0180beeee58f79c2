#include "harness/campaign/words_of_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace goleakstress::campaign {
namespace {

constexpr size_t kMostBytes = 200;
constexpr int kMostLines = 4;  // of one message

std::string_view TakeLine(std::string_view* text) {
  const std::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(text->size(), line.size() + 1));
  return line;
}

std::string_view Trimmed(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

// "no" of "x_test.go:3: no"; where the line is no message of package testing, all of it.
std::string_view AfterPlace(std::string_view line) {
  constexpr std::string_view kGo = ".go:";
  const size_t number = line.find(kGo) + kGo.size();
  const size_t colon = line.find_first_not_of("0123456789", number);
  if (colon == line.npos) return {};
  return line[colon] == ':' ? Trimmed(line.substr(colon + 1)) : line;
}

// The message of package testing that tells a place. One that begins with a line break, as those of testify,
// goes on in the lines below it, up to the next message.
std::string MessageIn(std::string_view text) {
  while (!text.empty()) {
    const std::string_view raw = TakeLine(&text);
    const std::string_view first = Trimmed(raw);
    if (first.find(".go:") == first.npos) continue;
    std::string message(first.substr(0, kMostBytes));
    if (!AfterPlace(first).empty()) return message;
    const size_t indent = raw.find(first);
    for (int lines = 0; lines < kMostLines && !text.empty();) {
      const std::string_view next = TakeLine(&text);
      const std::string_view words = Trimmed(next);
      if (words.empty()) continue;
      if (next.find(words) <= indent) break;
      if (words.starts_with("Error Trace:")) continue;  // the place once more
      message += ' ';
      // Columns are for many lines.
      bool blank = false;
      for (const char c : words) {
        const bool space = c == ' ' || c == '\t';
        if (!space) message += c;
        if (space && !blank) message += ' ';
        blank = space;
      }
      ++lines;
    }
    return message.substr(0, kMostBytes);
  }
  return {};
}

// Of a panic's value and stack: its place is the first frame outside of Go's runtime and package testing.
std::string PanicIn(std::string_view text) {
  const std::string_view value = Trimmed(TakeLine(&text));
  if (value.empty()) return {};
  const auto is_go = [](std::string_view function) {
    constexpr std::string_view kPrefixes[] = {"runtime.", "runtime/", "testing.", "panic(", "internal/"};
    return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                       [function](std::string_view prefix) { return function.starts_with(prefix); });
  };
  std::string place;
  std::string_view function;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (!line.starts_with('\t')) {
      function = line;
      continue;
    }
    std::string_view file = line.substr(1, line.find(" +0x") - 1);
    if (function.empty() || is_go(function) || file.find(".go:") == file.npos) continue;
    file.remove_prefix(file.rfind('/') + 1);  // none: from the beginning
    place = fmt::format("{}: ", file);
    break;
  }
  return fmt::format("{}panic: {}", place, value).substr(0, kMostBytes);
}

// What a program says before it exits: the last line. Where each call ends with the same one, as with how the
// program is used, what is wrong comes first.
std::string LastWords(std::string_view output) {
  std::vector<std::string_view> lines;
  while (!output.empty()) {
    if (const std::string_view line = Trimmed(TakeLine(&output)); !line.empty()) lines.push_back(line);
  }
  if (lines.empty()) return {};
  const std::string last(lines.back().substr(0, kMostBytes));
  const auto before = std::find(lines.rbegin() + 1, lines.rend(), lines.back());  // the end of another call
  if (before == lines.rend() || before == lines.rbegin() + 1) return last;
  return fmt::format("{} ... {}", before.base()->substr(0, kMostBytes), last).substr(0, kMostBytes);
}

}  // namespace

std::string WordsOfFailure(const CallTally& tally, std::string_view output) {
  constexpr std::string_view kFailed = "--- FAIL: ";
  for (const agent::CallNote& note : tally.notes) {
    std::string words;
    if (note.outcome() == agent::OUTCOME_FAILED) words = MessageIn(note.text());
    if (note.outcome() == agent::OUTCOME_PANICKED) words = PanicIn(note.text());
    if (!words.empty()) return words;
  }
  const size_t failed = output.rfind(kFailed);
  if (failed != output.npos) return MessageIn(output.substr(failed));
  return tally.outcomes[agent::OUTCOME_EXITED] > 0 ? LastWords(output) : "";
}

}  // namespace goleakstress::campaign
