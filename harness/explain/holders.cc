#include "harness/explain/holders.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace goleakstress::explain {
namespace {

bool IsLetter(char c) { return IsWord(c) && c != '.'; }

// Calls `found` with what stands before the name and behind it, where it is a word, until that is true.
template <typename Found>
bool AnyMention(std::string_view text, std::string_view name, const Found& found) {
  return AnyPlace(text, name, [&found](std::string_view before, std::string_view rest) {
    return EndsWord(before) && (rest.empty() || !IsLetter(rest[0])) && found(before, rest);
  });
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

std::string_view BehindBody(std::string_view rest) {
  if (rest.starts_with(".Body")) rest.remove_prefix(5);
  return rest;
}

// Whether the text has the variable as a value: not one of its fields, nor what one of its methods returns,
// nor what a reader of its contents does, nor what it compares to.
bool HasValue(std::string_view text, std::string_view name) {
  return AnyMention(text, name, [](std::string_view before, std::string_view rest) {
    rest = BehindBody(rest);
    if (rest.starts_with('.') && !rest.starts_with(".(")) return false;
    const bool key = rest.starts_with(':');  // of a literal
    return !key && !rest.starts_with(" == ") && !rest.starts_with(" != ") && !OnlyUses(before);
  });
}

// A statement that goes on over several lines: a literal, a call, a closure.
std::string WholeStatement(const std::vector<std::string_view>& lines, size_t at) {
  std::string text(lines[at]);
  if (!text.ends_with('{') && !text.ends_with('(')) return text;
  const size_t indent = IndentOf(lines[at]);
  for (size_t i = at + 1; i < lines.size(); ++i) {
    text += '\n';
    text += lines[i];
    if (!lines[i].empty() && IndentOf(lines[i]) <= indent) break;
  }
  return text;
}

bool OpensBlock(std::string_view statement) {
  constexpr std::array<std::string_view, 4> kWords = {"if ", "for ", "switch ", "} else"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [statement](std::string_view word) { return statement.starts_with(word); });
}

// `handed`: handing one to a function counts as well.
bool Deals(std::string_view line, const Variables& holders, bool handed) {
  const auto deals = [handed](std::string_view before, std::string_view rest) {
    if (rest.starts_with("()")) return true;  // cancel()
    rest = BehindBody(rest);
    const bool argument =
        (before.ends_with('(') || before.ends_with(", ")) && (rest.starts_with(')') || rest.starts_with(','));
    if (argument && handed && !OnlyUses(before)) return true;
    if (!rest.starts_with('.')) return false;
    for (size_t open = rest.find('('); open != std::string_view::npos; open = rest.find('(', open + 1)) {
      size_t begin = open;
      while (begin > 0 && IsLetter(rest[begin - 1])) --begin;
      if (GivesUp(rest.substr(begin, open - begin))) return true;
    }
    return false;
  };
  return std::any_of(holders.begin(), holders.end(),
                     [&](const std::string& holder) { return AnyMention(line, holder, deals); });
}

}  // namespace

size_t IndentOf(std::string_view line) { return std::min(line.find_first_not_of('\t'), line.size()); }

std::string_view StatementOf(std::string_view line) { return line.substr(IndentOf(line)); }

std::vector<std::string_view> AssignedTo(std::string_view line) {
  std::string_view text = StatementOf(line);
  for (const std::string_view keyword : {"if ", "var ", "switch "}) {
    if (text.starts_with(keyword)) text.remove_prefix(keyword.size());
  }
  std::vector<std::string_view> names;
  for (;;) {
    const auto* const end = std::find_if(text.begin(), text.end(), [](char c) { return !IsWord(c); });
    const std::string_view name = text.substr(0, static_cast<size_t>(end - text.begin()));
    text.remove_prefix(name.size());
    if (name.empty()) return {};
    names.push_back(name);
    if (text.starts_with(" := ") || text.starts_with(" = ")) return names;
    if (!text.starts_with(", ")) return {};
    text.remove_prefix(2);
  }
}

Variables HoldersOf(const Declaration& declaration) {
  Variables holders;
  const auto add = [&holders](std::string_view line) {
    for (const std::string_view name : AssignedTo(line)) {
      if (name == "_" || name == "err" || name == "ok") continue;
      holders.emplace(name);
      holders.emplace(name.substr(0, name.find('.')));  // s.file is part of s
    }
  };
  if (declaration.lines.empty()) return holders;
  add(declaration.lines[declaration.at]);
  if (holders.empty()) return holders;
  for (size_t i = declaration.at + 1; i < declaration.lines.size(); ++i) {
    if (AssignedTo(declaration.lines[i]).empty()) continue;
    const std::string text = OpensBlock(StatementOf(declaration.lines[i]))
                                 ? std::string(declaration.lines[i])
                                 : WholeStatement(declaration.lines, i);
    const std::string_view value = std::string_view(text).substr(text.find("= ") + 2);
    if (std::any_of(holders.begin(), holders.end(),
                    [value](const std::string& holder) { return HasValue(value, holder); }))
      add(declaration.lines[i]);
  }
  return holders;
}

bool GivesUp(std::string_view name) {
  constexpr std::array<std::string_view, 25> kVerbs = {
      "close",      "stop",    "shutdown", "release", "quit",      "cancel",      "disconnect",
      "free",       "kill",    "destroy",  "dispose", "terminate", "unmap",       "rollback",
      "cleanup",    "discard", "commit",   "abort",   "finish",    "unsubscribe", "unregister",
      "deregister", "detach",  "logout",   "leave"};
  constexpr std::array<std::string_view, 4> kHalves = {"closesend", "closewrite", "closeread", "closeidle"};
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto begins = [&lower](std::string_view verb) { return lower.starts_with(verb); };
  return std::any_of(kVerbs.begin(), kVerbs.end(), begins) &&
         std::none_of(kHalves.begin(), kHalves.end(), begins);
}

bool DealsWith(std::string_view line, const Variables& holders) {
  const std::string_view statement = StatementOf(line);
  const size_t call = statement.find_first_of("( ");
  const bool for_effect = statement.starts_with("return ") || statement.starts_with("_ = ") ||
                          (call != std::string_view::npos && statement[call] == '(');
  return Deals(line, holders, for_effect);
}

bool GivesOneUp(std::string_view line, const Variables& holders) {
  return Deals(line, holders, /*handed=*/false);
}

bool Stores(std::string_view line, const Variables& holders) {
  const std::string_view statement = StatementOf(line);
  const auto stores = [statement](std::string_view before, std::string_view) {
    return before.ends_with("<- ") || before.ends_with("] = ") ||
           before.find("append(") != std::string_view::npos || statement.starts_with("go ");
  };
  return std::any_of(holders.begin(), holders.end(), [&](const std::string& holder) {
    return HasValue(line, holder) && AnyMention(line, holder, stores);
  });
}

bool NamesOne(std::string_view text, const Variables& variables) {
  return std::any_of(variables.begin(), variables.end(), [text](const std::string& variable) {
    return AnyMention(text, variable, [](std::string_view, std::string_view) { return true; });
  });
}

bool ReturnsOne(const Declaration& declaration, const Variables& holders, std::string_view results) {
  const auto closes = [](std::string_view, std::string_view rest) {  // c.Close, as a value
    return rest.starts_with('.') && GivesUp(rest.substr(1));
  };
  for (size_t i = declaration.at; i < declaration.lines.size(); ++i) {
    const std::string_view statement = StatementOf(declaration.lines[i]);
    if (statement == "return" && NamesOne(results, holders)) return true;
    if (!statement.starts_with("return ")) continue;
    const std::string text = WholeStatement(declaration.lines, i);
    const size_t closure = text.find("func(");
    if (closure != std::string::npos && DealsWith(text, holders)) return true;
    if (std::any_of(holders.begin(), holders.end(), [&](const std::string& holder) {
          return HasValue(std::string_view(text).substr(0, closure), holder) ||
                 AnyMention(text, holder, closes);
        }))
      return true;
  }
  return false;
}

}  // namespace goleakstress::explain
