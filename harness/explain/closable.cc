#include "harness/explain/closable.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "harness/explain/go_source.h"
#include "harness/explain/holders.h"

namespace goleakstress::explain {
namespace {

constexpr std::string_view kMethod = "\nfunc (";
constexpr size_t kLongestReceiver = 4096;

// The word of a type: "Conn" of "*Conn[T]", "net.Conn" of "net.Conn // of the peer".
std::string_view WordOf(std::string_view type) {
  type.remove_prefix(std::min(type.find_first_not_of("* \t"), type.size()));
  const auto* const end = std::find_if_not(type.begin(), type.end(), IsWord);
  return type.substr(0, static_cast<size_t>(end - type.begin()));
}

void AddDeclared(std::vector<std::string_view>* closers, std::string_view package, std::string_view type) {
  for (size_t at = package.find(kMethod); at != std::string_view::npos; at = package.find(kMethod, at + 1)) {
    const std::string_view text = package.substr(at + kMethod.size(), kLongestReceiver);
    const size_t end = text.find(") ");
    if (end == std::string_view::npos) continue;
    const std::string_view receiver = TypeOfReceiver(text.substr(0, end));
    const std::string_view method = LineOf(text.substr(end + 2));
    if (receiver == type && GivesUp(method.substr(0, method.find('(')))) closers->push_back(method);
  }
}

// The lines of the struct or interface that the type is declared as, by itself or in a block of types.
std::vector<std::string_view> BodyOf(std::string_view package, std::string_view type) {
  constexpr std::array<std::string_view, 2> kBegins = {"\ntype ", "\n\t"};
  for (const std::string_view begins : kBegins) {
    const std::string name = std::string(begins) + std::string(type);
    for (size_t at = package.find(name); at != std::string_view::npos; at = package.find(name, at + 1)) {
      std::string_view rest = package.substr(at + name.size());
      const std::string_view line = LineOf(rest);
      const bool opens = line.ends_with(" struct {") || line.ends_with(" interface {");
      if (!opens || (!line.starts_with(' ') && !line.starts_with('['))) continue;
      rest.remove_prefix(line.size());
      rest = rest.substr(0, rest.find(begins == kBegins[0] ? "\n}" : "\n\t}"));
      std::vector<std::string_view> lines;
      while (!rest.empty()) {
        rest.remove_prefix(1);
        lines.push_back(LineOf(rest));
        rest.remove_prefix(lines.back().size());
      }
      return lines;
    }
  }
  return {};
}

void AddClosers(std::vector<std::string_view>* closers, std::string_view package, std::string_view type,
                const IsCloser& is_closer, std::set<std::string_view>* seen) {
  if (type.empty() || !seen->insert(type).second) return;
  AddDeclared(closers, package, type);
  for (std::string_view line : BodyOf(package, type)) {
    line = StatementOf(line);
    const std::string_view word = WordOf(line);
    if (word.empty()) continue;
    std::string_view rest = line.substr(static_cast<size_t>(word.data() - line.data()) + word.size());
    if (rest.starts_with('(')) {  // a method of an interface
      if (GivesUp(word)) closers->push_back(line);
      continue;
    }
    if (rest.starts_with('[')) rest.remove_prefix(std::min(rest.find(']') + 1, rest.size()));
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const bool embedded = rest.empty() || rest.starts_with("//") || rest.starts_with('`');
    if (!embedded) continue;
    if (word.find('.') == std::string_view::npos) {
      AddClosers(closers, package, word, is_closer, seen);
    } else if (is_closer(word)) {
      closers->push_back("Close()");
    }
  }
}

}  // namespace

std::vector<std::string_view> ClosersOf(std::string_view package, std::string_view type,
                                        const IsCloser& is_closer) {
  std::vector<std::string_view> closers;
  std::set<std::string_view> seen;  // types may embed each other
  AddClosers(&closers, package, type, is_closer, &seen);
  return closers;
}

}  // namespace goleakstress::explain
