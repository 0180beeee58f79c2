#include "harness/explain/go_source.h"

#include <cctype>

namespace goleakstress::explain {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

size_t DeclarationAbove(std::string_view source, int line) {
  size_t declared = std::string_view::npos, begin = 0;
  for (int i = 1; i <= line && begin < source.size(); ++i) {
    if (source.substr(begin).starts_with(kDeclaration)) declared = begin;
    const size_t end = source.find('\n', begin);
    begin = end == std::string_view::npos ? source.size() : end + 1;
  }
  return declared;
}

}  // namespace goleakstress::explain
