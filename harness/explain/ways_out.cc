#include "harness/explain/ways_out.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/explain/go_source.h"

namespace goleakstress::explain {
namespace {

size_t IndentOf(std::string_view line) { return std::min(line.find_first_not_of('\t'), line.size()); }

// The variable that the result of the call in this line is assigned to first; empty: none.
std::string_view AssignedTo(std::string_view line) {
  std::string_view name = line.substr(IndentOf(line));
  for (const std::string_view keyword : {"if ", "var ", "switch "}) {
    if (name.starts_with(keyword)) name.remove_prefix(keyword.size());
  }
  const auto* const end = std::find_if(name.begin(), name.end(), [](char c) { return !IsWord(c); });
  const std::string_view rest = name.substr(static_cast<size_t>(end - name.begin()));
  const bool assigned = rest.starts_with(", ") || rest.starts_with(" := ") || rest.starts_with(" = ");
  return assigned ? name.substr(0, name.size() - rest.size()) : std::string_view();
}

// Whether the call whose arguments begin in `before` is one of Go's own that read, write or print what they
// are given, and close nothing.
bool OnlyUses(std::string_view before) {
  constexpr std::array<std::string_view, 9> kPackages = {"io",     "ioutil", "bufio", "json", "xml",
                                                         "errors", "fmt",    "log",   "slog"};
  int depth = 1;
  size_t open = before.size();
  while (open > 0 && depth > 0) {
    --open;
    if (before[open] == ')') ++depth;
    if (before[open] == '(') --depth;
  }
  size_t begin = open;
  while (begin > 0 && IsWord(before[begin - 1])) --begin;
  const std::string_view callee = before.substr(begin, open - begin);
  return std::any_of(kPackages.begin(), kPackages.end(), [callee](std::string_view package) {
    return callee.starts_with(package) && callee.substr(package.size()).starts_with('.');
  });
}

// Whether the line closes the variable, or hands it to a function that may: one that is called for what it
// does, not for what it returns, or to make the error.
bool DealsWith(std::string_view line, std::string_view variable) {
  const std::string_view statement = line.substr(IndentOf(line));
  const size_t call = statement.find_first_of("( ");
  const bool for_effect = statement.starts_with("return ") || statement.starts_with("_ = ") ||
                          (call != std::string_view::npos && statement[call] == '(');
  for (size_t at = line.find(variable); at != std::string_view::npos; at = line.find(variable, at + 1)) {
    std::string_view rest = line.substr(at + variable.size());
    if (at > 0 && IsWord(line[at - 1])) continue;
    if (rest.starts_with(".Body")) rest.remove_prefix(5);
    const std::string_view before = line.substr(0, at);
    const bool argument =
        (before.ends_with('(') || before.ends_with(", ")) && (rest.starts_with(')') || rest.starts_with(','));
    if ((argument && for_effect && !OnlyUses(before)) ||
        (rest.starts_with('.') && rest.find("Close(") != std::string_view::npos))
      return true;
  }
  return false;
}

}  // namespace

bool ForgetsItOnReturn(std::string_view source, int line) {
  const auto [lines, opened] = DeclarationAround(source, line);
  if (lines.empty()) return false;
  const std::string_view variable = AssignedTo(lines[opened]);
  if (variable.empty() || variable == "_") return false;
  size_t i = opened + 1;
  // Where opening it failed there is nothing to close.
  const bool checked_in_line = lines[opened].ends_with("{");
  if (checked_in_line || (i < lines.size() && lines[i].find("err != nil {") != std::string_view::npos)) {
    const size_t indent = IndentOf(lines[checked_in_line ? opened : i]);
    while (i < lines.size() && (IndentOf(lines[i]) > indent || !lines[i].substr(indent).starts_with('}')))
      ++i;
  }
  // What is done with it in the block where it was opened: behind that the other ways out of it count.
  size_t block_end = i;
  while (block_end < lines.size() &&
         (lines[block_end].empty() || IndentOf(lines[block_end]) >= IndentOf(lines[opened])))
    ++block_end;
  bool deferred = false;  // what may come at every end
  size_t defer_indent = 0;
  for (const size_t behind = i; i < lines.size(); ++i) {
    const std::string_view text = lines[i].substr(IndentOf(lines[i]));
    deferred = text.starts_with("defer ") || (deferred && IndentOf(lines[i]) > defer_indent);
    if (text.starts_with("defer ")) defer_indent = IndentOf(lines[i]);
    if (deferred && text.find(variable) != std::string_view::npos) return false;
    if (!text.starts_with("return nil")) continue;
    const size_t from = i < block_end ? behind : block_end;
    bool dealt_with = DealsWith(lines[i], variable);
    for (size_t before = from; before < i && !dealt_with; ++before) {
      const bool leaves = lines[before].substr(IndentOf(lines[before])).starts_with("return ");
      dealt_with = !leaves && DealsWith(lines[before], variable);
    }
    if (!dealt_with) return true;
  }
  return false;
}

}  // namespace goleakstress::explain
