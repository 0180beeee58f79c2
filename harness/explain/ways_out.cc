#include "harness/explain/ways_out.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/explain/go_source.h"
#include "harness/explain/holders.h"

namespace goleakstress::explain {
namespace {

using Lines = std::vector<std::string_view>;

// Behind the check of the error of what was opened: where that failed there is nothing to close. The line
// itself where it is not checked at once.
size_t BehindErrorCheck(const Lines& lines, size_t opened) {
  size_t i = opened + 1;
  const bool checked_in_line = lines[opened].ends_with("{");
  if (!checked_in_line && (i >= lines.size() || lines[i].find("err != nil {") == std::string_view::npos))
    return i;
  const size_t indent = IndentOf(lines[checked_in_line ? opened : i]);
  while (i < lines.size() && (IndentOf(lines[i]) > indent || !lines[i].substr(indent).starts_with('}'))) ++i;
  return i;
}

bool Leaves(std::string_view line) {
  constexpr std::array<std::string_view, 4> kWords = {"return", "continue", "break", "goto"};
  const std::string_view statement = StatementOf(line);
  const std::string_view word = statement.substr(0, statement.find(' '));
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() || statement.starts_with("panic(");
}

// Whether a way through line `from` comes to line `to`: the block of `from`, and those around it, do not end
// by leaving before that.
bool ComesTo(const Lines& lines, size_t from, size_t to) {
  size_t indent = IndentOf(lines[from]);
  for (size_t i = from + 1; i < to; ++i) {
    if (lines[i].empty()) continue;
    indent = std::min(indent, IndentOf(lines[i]));
    if (IndentOf(lines[i]) == indent && Leaves(lines[i])) return false;
  }
  return true;
}

// The line that closes the block of the line that opens one.
size_t BlockEnd(const Lines& lines, size_t opens) {
  size_t i = opens + 1;
  while (i < lines.size() && (lines[i].empty() || IndentOf(lines[i]) > IndentOf(lines[opens]))) ++i;
  return i;
}

// The head of the innermost loop around the line; its own number where there is none.
size_t LoopAround(const Lines& lines, size_t at) {
  size_t indent = IndentOf(lines[at]);
  for (size_t i = at; i-- > 0;) {
    if (lines[i].empty() || IndentOf(lines[i]) >= indent) continue;
    indent = IndentOf(lines[i]);
    if (StatementOf(lines[i]).starts_with("for ")) return i;
  }
  return at;
}

// Whether line `to` stands in a block that is entered only when opening it in line `opened` failed.
bool OnlyWhenItFailed(const Lines& lines, size_t opened, size_t to) {
  size_t indent = IndentOf(lines[to]);
  for (size_t i = to; i-- > opened + 1;) {
    if (lines[i].empty() || IndentOf(lines[i]) >= indent) continue;
    indent = IndentOf(lines[i]);
    const std::string_view head = lines[i];
    if (!StatementOf(head).starts_with("if ") || !AssignedTo(head).empty() || !NamesOne(head, {"err"}) ||
        head.find("err == nil") != std::string_view::npos || head.find(" || ") != std::string_view::npos)
      continue;
    return std::none_of(lines.begin() + static_cast<long>(opened) + 1, lines.begin() + static_cast<long>(i),
                        [](std::string_view line) {
                          const auto names = AssignedTo(line);
                          return std::find(names.begin(), names.end(), "err") != names.end();
                        });
  }
  return false;
}

// Whether what line `opened` opened is done with on every way to line `to`, or was not opened at all on it:
// behind a block for `err == nil` that leaves.
bool DoneBefore(const Lines& lines, size_t opened, size_t to, const Variables& holders) {
  for (size_t i = opened; i < to; ++i) {
    if (lines[i].ends_with("if err == nil {") || lines[i].ends_with("; err == nil {")) {
      const size_t end = BlockEnd(lines, i);
      if (end <= to && Leaves(lines[end - 1])) return true;
    }
    const bool done = i > opened && (DealsWith(lines[i], holders) || Stores(lines[i], holders));
    if (done && !Leaves(lines[i]) && ComesTo(lines, i, to)) return true;
  }
  return false;
}

}  // namespace

bool ForgetsItOnReturn(std::string_view source, int line) {
  const Declaration declaration = DeclarationAround(source, line);
  const auto& [lines, opened] = declaration;
  const Variables holders = HoldersOf(declaration);
  if (holders.empty()) return false;
  size_t i = BehindErrorCheck(lines, opened);
  // What is done with it in the block where it was opened: behind that the other ways out of it count.
  size_t block_end = i;
  while (block_end < lines.size() &&
         (lines[block_end].empty() || IndentOf(lines[block_end]) >= IndentOf(lines[opened])))
    ++block_end;
  bool deferred = false;  // what may come at every end
  size_t defer_indent = 0;
  for (const size_t behind = i; i < lines.size(); ++i) {
    const std::string_view text = StatementOf(lines[i]);
    deferred = text.starts_with("defer ") || (deferred && IndentOf(lines[i]) > defer_indent);
    if (text.starts_with("defer ")) defer_indent = IndentOf(lines[i]);
    if (deferred && NamesOne(text, holders)) return false;
    if (!text.starts_with("return nil")) continue;
    const size_t from = i < block_end ? behind : block_end;
    bool dealt_with = DealsWith(lines[i], holders);
    for (size_t before = from; before < i && !dealt_with; ++before) {
      const bool leaves = StatementOf(lines[before]).starts_with("return ");
      dealt_with = !leaves && DealsWith(lines[before], holders) && ComesTo(lines, before, i);
    }
    if (!dealt_with) return true;
  }
  return false;
}

bool ForgetsItOnNextTurn(std::string_view source, int line) {
  const Declaration declaration = DeclarationAround(source, line);
  const auto& [lines, opened] = declaration;
  const Variables holders = HoldersOf(declaration);
  if (holders.empty()) return false;
  const size_t loop = LoopAround(lines, opened);
  if (loop == opened || NamesOne(lines[loop], holders) || lines[loop].find("err ") != std::string_view::npos)
    return false;
  const size_t end = BlockEnd(lines, loop), behind = BehindErrorCheck(lines, opened);
  for (size_t i = behind; i < lines.size(); ++i) {
    if (StatementOf(lines[i]).starts_with("defer ") && NamesOne(lines[i], holders)) return false;
  }
  for (size_t i = behind; i <= end && i < lines.size(); ++i) {
    const bool next_turn = i == end || (StatementOf(lines[i]) == "continue" && LoopAround(lines, i) == loop);
    if (next_turn && ComesTo(lines, opened, i) && !OnlyWhenItFailed(lines, opened, i) &&
        !DoneBefore(lines, opened, i, holders))
      return true;
  }
  return false;
}

bool GivesItUp(std::string_view source, int line) {
  constexpr std::string_view kDefer = "defer ";
  const Declaration declaration = DeclarationAround(source, line);
  const auto& [lines, opened] = declaration;
  const Variables holders = HoldersOf(declaration);
  if (holders.empty()) return false;
  const auto in_passing = [&](size_t i) {  // on every way that comes so far
    return i < lines.size() && !lines[i].empty() && IndentOf(lines[i]) == IndentOf(lines[opened]) &&
           !StatementOf(lines[i]).starts_with("go ") && GivesOneUp(lines[i], holders);
  };
  if (in_passing(opened + 1)) return true;  // `if err := c.Close(); err != nil {` checks no opening
  for (size_t i = BehindErrorCheck(lines, opened); i < lines.size() && !Leaves(lines[i]); ++i) {
    const std::string_view statement = StatementOf(lines[i]);
    if (statement.starts_with(kDefer) && DealsWith(statement.substr(kDefer.size()), holders)) return true;
    if (i > opened && in_passing(i)) return true;
  }
  return false;
}

bool KeepsForNextTime(std::string_view source, int line) {
  static constexpr std::array<std::string_view, 5> kPuts = {".Store(", ".LoadOrStore(", ".Add(", ".Set(",
                                                            ".Put("};
  static constexpr std::array<std::string_view, 3> kGets = {"[", ".Load(", ".Get("};
  const Declaration declaration = DeclarationAround(source, line);
  if (declaration.lines.empty()) return false;
  const Variables holders = HoldersOf(declaration);
  const auto looked_in = [&](std::string_view container) {
    return !container.empty() &&
           std::any_of(declaration.lines.begin(),
                       declaration.lines.begin() + static_cast<std::ptrdiff_t>(declaration.at),
                       [container](std::string_view text) {
                         return std::any_of(kGets.begin(), kGets.end(), [&](std::string_view get) {
                           return text.find(std::string(container) + std::string(get)) !=
                                  std::string_view::npos;
                         });
                       });
  };
  for (size_t i = declaration.at; i < declaration.lines.size(); ++i) {
    const std::string_view statement = StatementOf(declaration.lines[i]);
    const size_t assigned = statement.find("] = ");
    if (assigned != std::string_view::npos && NamesOne(statement.substr(assigned + 4), holders) &&
        looked_in(statement.substr(0, statement.find('['))))
      return true;
    for (const std::string_view put : kPuts) {
      const size_t at = statement.find(put);
      if (at == std::string_view::npos || !NamesOne(statement.substr(at + put.size()), holders)) continue;
      size_t begin = at;
      while (begin > 0 && IsWord(statement[begin - 1])) --begin;
      if (looked_in(statement.substr(begin, at - begin))) return true;
    }
  }
  return false;
}

}  // namespace goleakstress::explain
