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

}  // namespace

std::vector<Keeping> FindKeepings(const Retention& retention, std::span<const uint32_t> stack_of) {
  Keepers keepers(retention, stack_of);
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> objects;
  for (uint32_t object = 0; object < stack_of.size(); ++object) {
    if (stack_of[object] == Keeping::kNone || retention.owner[object] == kNobody) continue;
    const uint32_t keeper = keepers.KeeperOf(object);
    ++objects[{stack_of[object], keeper == kNobody ? Keeping::kNone : stack_of[keeper]}];
  }
  std::vector<Keeping> keepings;
  keepings.reserve(objects.size());
  for (const auto& [stacks, count] : objects) keepings.push_back({stacks.first, stacks.second, count});
  return keepings;
}

}  // namespace goleakstress::collectors
