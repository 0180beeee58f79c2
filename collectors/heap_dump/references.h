// Which allocations point to which: a map's array to the values that were put into it, a goroutine to what it
// works on.
#ifndef COLLECTORS_HEAP_DUMP_REFERENCES_H_
#define COLLECTORS_HEAP_DUMP_REFERENCES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "collectors/heap_dump/dominators.h"

namespace goleakstress::collectors {

// Pointers from objects that one allocation stack made to objects that another one made. Small ones without
// pointers, texts most of them, are handed on everywhere and do not count; channels are larger.
struct Reference {
  static constexpr uint32_t kGoroutines = 0xfffffffe;  // from the stacks of goroutines

  uint32_t from = 0;  // a stack, or kGoroutines
  uint32_t to = 0;
  uint64_t objects = 0;  // that are pointed to; those that several point to count for each
};

// `stack_of[object]` is kNobody (dominators.h) where it is not known, `is_goroutine[root]` whether a root of
// the graph is the stack of a goroutine. What nobody reaches points to nothing. Sorted by from and to.
// Thread-safe.
std::vector<Reference> FindReferences(const RootedGraph& graph, const Retention& retention,
                                      std::span<const uint32_t> stack_of,
                                      const std::vector<bool>& is_goroutine);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_REFERENCES_H_
