// What a heap gained from one dump of a process to a later one.
//
// Pure; thread-safe.
#ifndef COLLECTORS_HEAP_DUMP_HEAP_GROWTH_H_
#define COLLECTORS_HEAP_DUMP_HEAP_GROWTH_H_

#include <cstdint>
#include <vector>

#include "collectors/heap_dump/heap_summary.h"

namespace goleakstress::collectors {

// What a root gained; negative: lost.
struct RootGrowth {
  uint32_t root = 0;  // of the later summary
  int64_t bytes = 0;
  int64_t objects = 0;
};
// Most bytes first.
std::vector<RootGrowth> GrowthByRoot(const HeapSummary& before, const HeapSummary& after);

// What was gained per allocation stack and root: with the numbers of `after`, those that gained only.
std::vector<Holding> GrowthByHolding(const HeapSummary& before, const HeapSummary& after);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_HEAP_GROWTH_H_
