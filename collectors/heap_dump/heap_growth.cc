#include "collectors/heap_dump/heap_growth.h"

#include <algorithm>
#include <map>
#include <utility>

namespace goleakstress::collectors {
namespace {

// For each root of `after` the same of `before`, or -1.
std::vector<int64_t> Matches(const HeapSummary& before, const HeapSummary& after) {
  std::map<RootKey, int64_t> known;
  for (size_t i = 0; i < before.roots.size(); ++i)
    known.emplace(KeyOf(before.roots[i]), static_cast<int64_t>(i));
  std::vector<int64_t> matches;
  for (const HeapRoot& root : after.roots) {
    const auto match = known.find(KeyOf(root));
    matches.push_back(match == known.end() ? -1 : match->second);
  }
  return matches;
}

}  // namespace

std::vector<RootGrowth> GrowthByRoot(const HeapSummary& before, const HeapSummary& after) {
  const std::vector<int64_t> matches = Matches(before, after);
  std::vector<RootGrowth> growth;
  for (uint32_t root = 0; root < after.roots.size(); ++root) {
    const HeapRoot& now = after.roots[root];
    const HeapRoot then = matches[root] < 0 ? HeapRoot{} : before.roots[static_cast<size_t>(matches[root])];
    growth.push_back({.root = root,
                      .bytes = static_cast<int64_t>(now.bytes - then.bytes),
                      .objects = static_cast<int64_t>(now.objects - then.objects)});
  }
  std::sort(growth.begin(), growth.end(), [](const RootGrowth& a, const RootGrowth& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.root < b.root;
  });
  return growth;
}

std::vector<Holding> GrowthByHolding(const HeapSummary& before, const HeapSummary& after) {
  const std::vector<int64_t> matches = Matches(before, after);
  std::map<std::pair<uint64_t, uint32_t>, const Holding*> then;
  for (const Holding& holding : before.holdings) then[{holding.stack_id, holding.root}] = &holding;
  std::vector<Holding> gained;
  for (Holding holding : after.holdings) {
    const int64_t root = matches[holding.root];
    const auto old = root < 0 ? then.end() : then.find({holding.stack_id, static_cast<uint32_t>(root)});
    if (old != then.end()) {
      if (holding.bytes <= old->second->bytes) continue;
      holding.bytes -= old->second->bytes;
      holding.objects -= std::min(holding.objects, old->second->objects);
      holding.shared -= std::min(holding.shared, old->second->shared);
    }
    gained.push_back(holding);
  }
  return gained;
}

}  // namespace goleakstress::collectors
