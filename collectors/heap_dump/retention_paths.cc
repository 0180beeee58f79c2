#include "collectors/heap_dump/retention_paths.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace goleakstress::collectors {
namespace {

constexpr size_t kLongestPath = 6;
constexpr size_t kLongestClimb = 1 << 20;  // lists are as deep as they are long

class Follower : public DumpVisitor {
 public:
  Follower(const ObjectGraph& graph, const std::vector<RetentionPath>& paths) : graph_(graph) {
    for (const RetentionPath& path : paths) {
      for (size_t i = 0; i + 1 < path.objects.size() && !path.offsets.empty(); ++i)
        wanted_[graph.address(path.objects[i])].emplace_back(path.objects[i + 1], kUnknown);
    }
  }

  bool empty() const { return wanted_.empty(); }

  void Object(uint64_t address, uint64_t, uint64_t) override {
    const auto found = wanted_.find(address);
    from_ = found == wanted_.end() ? nullptr : &found->second;
  }
  void ObjectWord(uint64_t offset, uint64_t value) override {
    if (from_ == nullptr) return;
    const uint32_t target = graph_.Find(value);
    for (auto& [to, at] : *from_) {
      if (to == target && at == kUnknown) at = offset;
    }
  }

  void Append(RetentionPath* path) const {
    for (size_t i = 0; i + 1 < path->objects.size() && !path->offsets.empty(); ++i) {
      const auto& pointers = wanted_.at(graph_.address(path->objects[i]));
      const auto pointer = std::find_if(pointers.begin(), pointers.end(), [&](const auto& candidate) {
        return candidate.first == path->objects[i + 1];
      });
      if (pointer == pointers.end() || pointer->second == kUnknown) return;
      path->offsets.push_back(pointer->second);
    }
  }

 private:
  static constexpr uint64_t kUnknown = ~uint64_t{0};

  const ObjectGraph& graph_;
  // By address: the objects that are looked for in this one, and where they are.
  std::unordered_map<uint64_t, std::vector<std::pair<uint32_t, uint64_t>>> wanted_;
  std::vector<std::pair<uint32_t, uint64_t>>* from_ = nullptr;
};

}  // namespace

std::vector<uint32_t> ObjectsAbove(const Retention& retention, uint32_t object) {
  if (retention.shared[object]) return {};
  std::vector<uint32_t> objects;
  size_t climbed = 0;
  for (; object != Retention::kNobody; object = retention.dominator[object]) {
    if (++climbed > kLongestClimb) return {};
    objects.push_back(object);
  }
  std::reverse(objects.begin(), objects.end());
  objects.resize(std::min(objects.size(), kLongestPath));
  return objects;
}

absl::Status FollowPaths(ByteSource& source, const ObjectGraph& graph, const DumpLimits& limits,
                         std::vector<RetentionPath>* paths) {
  Follower follower(graph, *paths);
  if (follower.empty()) return absl::OkStatus();
  if (absl::Status status = ReadDump(source, follower, true, limits); !status.ok()) return status;
  for (RetentionPath& path : *paths) follower.Append(&path);
  return absl::OkStatus();
}

}  // namespace goleakstress::collectors
