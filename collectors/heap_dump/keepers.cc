#include "collectors/heap_dump/keepers.h"

#include <map>
#include <utility>

namespace goleakstress::collectors {
namespace {

constexpr uint32_t kNobody = Retention::kNobody;
constexpr uint32_t kUnknown = kNobody - 1;

// For each object the nearest one above it with a stack, and another one. Lists are as deep as they are long:
// what is known of the object above is used again.
class Keepers {
 public:
  Keepers(const Retention& retention, std::span<const uint32_t> stack_of)
      : dominator_(retention.dominator), stack_of_(stack_of), keeper_(stack_of.size(), kUnknown) {}

  uint32_t KeeperOf(uint32_t object) {
    climb_.assign(1, object);
    while (!climb_.empty()) {
      const uint32_t below = climb_.back();
      const uint32_t stack = stack_of_[below];
      const auto is_passed = [&](uint32_t other) {
        return other != kNobody && (stack_of_[other] == Keeping::kNone || stack_of_[other] == stack);
      };
      uint32_t above = dominator_[below];
      while (is_passed(above) && keeper_[above] != kUnknown) above = keeper_[above];
      if (is_passed(above)) {
        climb_.push_back(above);
        continue;
      }
      keeper_[below] = above;
      climb_.pop_back();
    }
    return keeper_[object];
  }

 private:
  const std::vector<uint32_t>& dominator_;
  const std::span<const uint32_t> stack_of_;
  std::vector<uint32_t> keeper_;  // by object
  std::vector<uint32_t> climb_;
};

constexpr uint32_t kUnseen = kUnknown - 1;
constexpr uint32_t kSeveral = kUnseen - 1;  // or a root, or nobody knows who

// For each object the stack that made all objects that point to it, if that is another one than its own.
// Where it belongs to a root of one rank, pointers from below other ranks keep nothing.
std::vector<uint32_t> MakersOfReferrers(const RootedGraph& graph, const Retention& retention,
                                        std::span<const uint32_t> stack_of) {
  std::vector<uint32_t> makers(stack_of.size(), kUnseen);
  const auto rank = [&](uint32_t root) { return graph.ranks[root]; };
  for (uint32_t from = 0; from < stack_of.size(); ++from) {
    if (retention.owner[from] == kNobody) continue;
    for (const uint32_t to : graph.objects.pointers(from)) {
      if (to == ObjectGraph::kNone || to == from || rank(retention.owner[from]) != rank(retention.owner[to]))
        continue;
      const bool known = stack_of[from] != Keeping::kNone && stack_of[from] != stack_of[to];
      const bool first = makers[to] == kUnseen;
      makers[to] = known && (first || makers[to] == stack_of[from]) ? stack_of[from] : kSeveral;
    }
  }
  for (const auto& [root, object] : graph.held) {
    if (rank(root) == rank(retention.owner[object])) makers[object] = kSeveral;
  }
  return makers;
}

}  // namespace

std::vector<Keeping> FindKeepings(const RootedGraph& graph, const Retention& retention,
                                  std::span<const uint32_t> stack_of) {
  Keepers keepers(retention, stack_of);
  const std::vector<uint32_t> makers = MakersOfReferrers(graph, retention, stack_of);
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> objects;
  for (uint32_t object = 0; object < stack_of.size(); ++object) {
    if (stack_of[object] == Keeping::kNone || retention.owner[object] == kNobody) continue;
    uint32_t maker = makers[object];
    if (maker == kUnseen || maker == kSeveral) {
      const uint32_t keeper = keepers.KeeperOf(object);
      maker = keeper == kNobody ? Keeping::kNone : stack_of[keeper];
    }
    ++objects[{stack_of[object], maker}];
  }
  std::vector<Keeping> keepings;
  keepings.reserve(objects.size());
  for (const auto& [stacks, count] : objects) keepings.push_back({stacks.first, stacks.second, count});
  return keepings;
}

}  // namespace goleakstress::collectors
