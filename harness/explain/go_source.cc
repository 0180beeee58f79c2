#include "harness/explain/go_source.h"

#include <algorithm>
#include <cctype>

namespace goleakstress::explain {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

std::string_view TypeOfReceiver(std::string_view receiver) {
  receiver = receiver.substr(0, receiver.find('['));
  receiver.remove_prefix(receiver.find_last_of(" *") + 1);
  return receiver;
}

size_t DeclarationAbove(std::string_view source, int line) {
  size_t declared = std::string_view::npos, begin = 0;
  for (int i = 1; i <= line && begin < source.size(); ++i) {
    if (source.substr(begin).starts_with(kDeclaration)) declared = begin;
    const size_t end = source.find('\n', begin);
    begin = end == std::string_view::npos ? source.size() : end + 1;
  }
  return declared;
}

Declaration DeclarationAround(std::string_view source, int line) {
  const size_t declared = DeclarationAbove(source, line);
  if (declared == std::string_view::npos) return {};
  int number =
      1 + static_cast<int>(std::count(source.begin(), source.begin() + static_cast<long>(declared), '\n'));
  Declaration declaration;
  for (size_t begin = declared; begin < source.size(); ++number) {
    const std::string_view text = LineOf(source.substr(begin));
    begin += text.size() + 1;
    declaration.lines.push_back(text);
    if (number == line) declaration.at = declaration.lines.size() - 1;
    const bool one_line = declaration.lines.size() == 1 && text.ends_with('}');
    if (number >= line && (text.starts_with('}') || one_line)) return declaration;
  }
  return {};
}

}  // namespace goleakstress::explain
