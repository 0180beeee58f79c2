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
