#include "collectors/heap_dump/references.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace goleakstress::collectors {
namespace {

constexpr uint64_t kLeastChannel = 96;  // bytes of an hchan without a buffer (runtime/chan.go)

}  // namespace

std::vector<Reference> FindReferences(const RootedGraph& graph, const Retention& retention,
                                      std::span<const uint32_t> stack_of,
                                      const std::vector<bool>& is_goroutine) {
  constexpr uint32_t kNobody = Retention::kNobody;
  std::unordered_map<uint64_t, uint64_t> counts;  // by both stacks
  const auto count = [&](uint32_t from, uint32_t object) {
    const uint32_t to = stack_of[object];
    if (to == kNobody || to == from) return;
    if (graph.objects.pointers(object).empty() && graph.objects.bytes(object) < kLeastChannel) return;
    ++counts[uint64_t{from} << 32 | to];
  };
  std::vector<uint32_t> targets;
  for (uint32_t object = 0; object < stack_of.size(); ++object) {
    if (stack_of[object] == kNobody || retention.owner[object] == kNobody) continue;
    const auto pointers = graph.objects.pointers(object);
    targets.assign(pointers.begin(), pointers.end());
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    for (const uint32_t target : targets) {
      if (target != ObjectGraph::kNone) count(stack_of[object], target);
    }
  }
  std::vector<bool> seen(stack_of.size());
  for (const auto& [root, object] : graph.held) {
    if (!is_goroutine[root] || seen[object]) continue;
    seen[object] = true;
    count(Reference::kGoroutines, object);
  }
  std::vector<Reference> references;
  references.reserve(counts.size());
  for (const auto& [stacks, objects] : counts) {
    references.push_back(
        {static_cast<uint32_t>(stacks >> 32), static_cast<uint32_t>(stacks & 0xffffffff), objects});
  }
  std::sort(references.begin(), references.end(), [](const Reference& a, const Reference& b) {
    return std::pair(a.from, a.to) < std::pair(b.from, b.to);
  });
  return references;
}

}  // namespace goleakstress::collectors
