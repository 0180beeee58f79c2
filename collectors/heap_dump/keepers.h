// Which allocations keep which: a map's array keeps the values that were put into it, the node of a list what
// it carries.
#ifndef COLLECTORS_HEAP_DUMP_KEEPERS_H_
#define COLLECTORS_HEAP_DUMP_KEEPERS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "collectors/heap_dump/dominators.h"

namespace goleakstress::collectors {

// Objects that one allocation stack made, all ways to which lead through what another one made: all pointers
// to them are in objects of its, as those of three maps to their common key, or one object stands in every
// way.
struct Keeping {
  static constexpr uint32_t kNone = 0xffffffff;

  uint32_t stack = 0;
  uint32_t keeper = kNone;  // the nearest such stack; kNone: there is none
  uint64_t objects = 0;
};

// `stack_of[object]` is kNone where it is not known. Sorted by stack and keeper. Linear in objects and
// pointers, no recursion. Thread-safe.
std::vector<Keeping> FindKeepings(const RootedGraph& graph, const Retention& retention,
                                  std::span<const uint32_t> stack_of);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_KEEPERS_H_
