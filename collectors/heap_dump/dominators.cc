#include "collectors/heap_dump/dominators.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace goleakstress::collectors {
namespace {

constexpr uint32_t kNobody = Retention::kNobody;

// Works on numbers in the order of the depth-first search, of which 0 is the start.
class Finder {
 public:
  explicit Finder(const RootedGraph& graph) : graph_(graph) {}

  Retention Run() {
    Search();
    ListPredecessors();
    FindDominators();
    return Result();
  }

 private:
  // A node is a root, below graph_.roots, or an object behind them.
  uint32_t NodeOf(uint32_t object) const { return graph_.roots + object; }
  bool IsRoot(uint32_t node) const { return node < graph_.roots; }

  // The numbers below `first` belong to roots of lower ranks.
  uint32_t Visit(uint32_t node, uint32_t parent) {
    const auto number = static_cast<uint32_t>(node_.size());
    node_.push_back(node);
    parent_.push_back(parent);
    if (!IsRoot(node)) number_[node - graph_.roots] = number;
    return number;
  }

  void Search() {
    number_.assign(graph_.objects.size(), kNobody);
    owner_.assign(graph_.objects.size(), kNobody);
    node_.push_back(kNobody);
    parent_.push_back(0);
    struct Step {
      uint32_t number, next;
    };
    std::vector<Step> path;
    size_t held = 0;
    for (uint32_t root = 0; root < graph_.roots; ++root) {
      const bool new_rank = root == 0 || graph_.ranks[root] != graph_.ranks[root - 1];
      const auto root_number = static_cast<uint32_t>(node_.size());
      if (new_rank) rank_begins_.push_back(root_number);
      Visit(root, 0);
      for (; held < graph_.held.size() && graph_.held[held].first == root; ++held) {
        const uint32_t first = graph_.held[held].second;
        if (number_[first] != kNobody) continue;
        owner_[first] = root;
        path.push_back({Visit(NodeOf(first), root_number), 0});
        while (!path.empty()) {
          Step& step = path.back();
          const std::span<const uint32_t> pointers =
              graph_.objects.pointers(node_[step.number] - graph_.roots);
          uint32_t target = ObjectGraph::kNone;
          while (step.next < pointers.size()) {
            target = pointers[step.next++];
            if (target != ObjectGraph::kNone && number_[target] == kNobody) break;
            target = ObjectGraph::kNone;
          }
          if (target == ObjectGraph::kNone) {
            path.pop_back();
            continue;
          }
          owner_[target] = root;
          const uint32_t from = step.number;
          path.push_back({Visit(NodeOf(target), from), 0});
        }
      }
    }
  }

  // Calls f(from, to) for every pointer that counts, by number.
  template <typename F>
  void ForEachPointer(F f) const {
    size_t held = 0;
    size_t rank = 0;
    uint32_t rank_begin = 1;
    for (uint32_t from = 1; from < node_.size(); ++from) {
      if (rank < rank_begins_.size() && from == rank_begins_[rank]) rank_begin = rank_begins_[rank++];
      const auto tell = [&](uint32_t object) {
        // What a lower rank reaches is not this one's.
        if (object != ObjectGraph::kNone && number_[object] >= rank_begin) f(from, number_[object]);
      };
      const uint32_t node = node_[from];
      if (IsRoot(node)) {
        for (; held < graph_.held.size() && graph_.held[held].first == node; ++held)
          tell(graph_.held[held].second);
      } else {
        for (const uint32_t object : graph_.objects.pointers(node - graph_.roots)) tell(object);
      }
    }
  }

  void ListPredecessors() {
    before_begin_.assign(node_.size() + 1, 0);
    ForEachPointer([this](uint32_t, uint32_t to) { ++before_begin_[to]; });
    uint32_t total = 0;
    for (uint32_t& begin : before_begin_) begin = total += begin;  // the end of each, for now
    before_.resize(total);
    ForEachPointer([this](uint32_t from, uint32_t to) { before_[--before_begin_[to]] = from; });
  }

  // The smallest semidominator on the way from `node` up to what is not linked yet.
  uint32_t Evaluate(uint32_t node, uint32_t linked) {
    if (parent_[node] < linked) return label_[node];
    path_.clear();
    do {
      path_.push_back(node);
      node = parent_[node];
    } while (parent_[node] >= linked);
    uint32_t above = node;
    while (!path_.empty()) {
      node = path_.back();
      path_.pop_back();
      parent_[node] = parent_[above];
      label_[node] = std::min(label_[node], label_[above]);
      above = node;
    }
    return label_[node];
  }

  void FindDominators() {
    const auto count = static_cast<uint32_t>(node_.size());
    dominator_ = parent_;
    std::vector<uint32_t> semi(count);
    label_.resize(count);
    for (uint32_t i = 0; i < count; ++i) label_[i] = i;
    for (uint32_t i = count - 1; i > 0; --i) {
      semi[i] = dominator_[i];
      for (uint32_t k = before_begin_[i]; k < before_begin_[i + 1]; ++k)
        semi[i] = std::min(semi[i], Evaluate(before_[k], i + 1));
      label_[i] = semi[i];
    }
    for (uint32_t i = 1; i < count; ++i) {
      while (dominator_[i] > semi[i]) dominator_[i] = dominator_[dominator_[i]];
    }
  }

  Retention Result() {
    Retention result;
    result.bytes.assign(graph_.roots, 0);
    result.objects.assign(graph_.roots, 0);
    result.shared.assign(graph_.objects.size(), false);
    result.dominator.assign(graph_.objects.size(), kNobody);
    for (uint32_t number = 1; number < node_.size(); ++number) {
      if (IsRoot(node_[number])) continue;
      const uint32_t object = node_[number] - graph_.roots;
      const uint32_t above = dominator_[number];
      if (above == 0) {
        result.shared[object] = true;
      } else if (!IsRoot(node_[above])) {
        result.dominator[object] = node_[above] - graph_.roots;
        result.shared[object] = result.shared[result.dominator[object]];
      }
      result.bytes[owner_[object]] += graph_.objects.bytes(object);
      ++result.objects[owner_[object]];
    }
    result.owner = std::move(owner_);
    return result;
  }

  const RootedGraph& graph_;
  std::vector<uint32_t> number_, owner_;  // by object
  std::vector<uint32_t> node_, parent_;   // by number; parent_ is shortened on the way
  std::vector<uint32_t> rank_begins_;     // numbers of the first roots
  std::vector<uint32_t> before_begin_, before_;
  std::vector<uint32_t> label_, dominator_;  // by number
  std::vector<uint32_t> path_;
};

}  // namespace

Retention FindRetention(const RootedGraph& graph) { return Finder(graph).Run(); }

}  // namespace goleakstress::collectors
