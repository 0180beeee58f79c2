// Text of Go, as gofmt has it.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_GO_SOURCE_H_
#define HARNESS_EXPLAIN_GO_SOURCE_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace goleakstress::explain {

// Whether a name, with its package, goes on with it.
bool IsWord(char c);

// Whether `found` is true of what stands before the name and behind it, at one of the places where it stands,
// as a word or within one.
template <typename Found>
bool AnyPlace(std::string_view text, std::string_view name, const Found& found) {
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (found(text.substr(0, at), text.substr(at + name.size()))) return true;
  }
  return false;
}

// Whether a name may begin behind this text, or end before it.
inline bool EndsWord(std::string_view before) { return before.empty() || !IsWord(before.back()); }
inline bool BeginsNoWord(std::string_view rest) { return rest.empty() || !IsWord(rest.front()); }

// Whether the text has the word, be it a name with its package.
inline bool HasWord(std::string_view text, std::string_view word) {
  return AnyPlace(text, word, [](std::string_view before, std::string_view rest) {
    return EndsWord(before) && BeginsNoWord(rest);
  });
}

// The first line of the text.
inline std::string_view LineOf(std::string_view text) { return text.substr(0, text.find('\n')); }

// The type of a receiver: "Pool" of "p *Pool[T]".
std::string_view TypeOfReceiver(std::string_view receiver);

inline constexpr std::string_view kDeclaration = "func ";  // how a line with one begins

// Where the function declaration begins that `line` (from 1) stands in; npos where there is none.
size_t DeclarationAbove(std::string_view source, int line);

// The lines from the declaration of the function around `line` to its end, and the index of `line`; none
// where none is found.
struct Declaration {
  std::vector<std::string_view> lines = {};
  size_t at = 0;
};
Declaration DeclarationAround(std::string_view source, int line);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_GO_SOURCE_H_
