#include "collectors/heap_dump/dominators.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace goleakstress::collectors {
namespace {

constexpr uint32_t kNobody = Retention::kNobody;

// How far ahead memory is asked for that is read in no order: a few hundred nanoseconds of work. Reading what
// an object points to takes three steps, each of which needs the answer to the one before.
constexpr uint32_t kAhead = 16;
constexpr size_t kSiblings = 8;  // pointers of an object that are looked at ahead, at most

// Works on numbers in the order of the depth-first search, of which 0 is the start.
class Finder {
 public:
  explicit Finder(const RootedGraph& graph) : graph_(graph) {}

  Retention Run() {
    Search();
    ListSuccessors();
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

  // The search is about to look at what the object points to.
  void Expect(uint32_t object) const {
    const std::span<const uint32_t> pointers = graph_.objects.pointers(object);
    for (const uint32_t target : pointers.first(std::min(pointers.size(), kSiblings))) {
      if (target == ObjectGraph::kNone) continue;
      __builtin_prefetch(&number_[target]);
      graph_.objects.Prefetch(target);
    }
  }

  void Search() {
    number_.assign(graph_.objects.size(), kNobody);
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
        Expect(first);
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
          Expect(target);
          const uint32_t from = step.number;
          path.push_back({Visit(NodeOf(target), from), 0});
        }
      }
    }
  }

  // Asks for what the node of that number points to, as far as it is known at this distance from being read.
  void ExpectSuccessors(uint32_t number) const {
    const auto object = [this](uint64_t at) {
      return at < node_.size() && !IsRoot(node_[at]) ? node_[at] - graph_.roots : ObjectGraph::kNone;
    };
    if (const uint32_t far = object(uint64_t{number} + 3 * kAhead); far != ObjectGraph::kNone)
      graph_.objects.Prefetch(far);
    if (const uint32_t nearer = object(uint64_t{number} + 2 * kAhead); nearer != ObjectGraph::kNone)
      __builtin_prefetch(graph_.objects.pointers(nearer).data());
    if (const uint32_t next = object(uint64_t{number} + kAhead); next != ObjectGraph::kNone) {
      const std::span<const uint32_t> pointers = graph_.objects.pointers(next);
      for (const uint32_t target : pointers.first(std::min(pointers.size(), kSiblings))) {
        if (target != ObjectGraph::kNone) __builtin_prefetch(&number_[target]);
      }
    }
  }

  // Every pointer that counts, by number.
  void ListSuccessors() {
    size_t held = 0;
    size_t rank = 0;
    uint32_t rank_begin = 1;
    after_begin_.assign(2, 0);  // the start has none
    after_begin_.reserve(node_.size() + 1);
    for (uint32_t from = 1; from < node_.size(); ++from) {
      ExpectSuccessors(from);
      if (rank < rank_begins_.size() && from == rank_begins_[rank]) rank_begin = rank_begins_[rank++];
      const auto add = [&](uint32_t object) {
        // What a lower rank reaches is not this one's.
        if (object != ObjectGraph::kNone && number_[object] >= rank_begin) after_.push_back(number_[object]);
      };
      const uint32_t node = node_[from];
      if (IsRoot(node)) {
        for (; held < graph_.held.size() && graph_.held[held].first == node; ++held)
          add(graph_.held[held].second);
      } else {
        for (const uint32_t object : graph_.objects.pointers(node - graph_.roots)) add(object);
      }
      after_begin_.push_back(static_cast<uint32_t>(after_.size()));
    }
  }

  void ListPredecessors() {
    before_begin_.assign(node_.size() + 1, 0);
    const auto expect = [this](size_t k) {
      if (k < after_.size()) __builtin_prefetch(&before_begin_[after_[k]], 1);
    };
    for (size_t k = 0; k < after_.size(); ++k) {
      expect(k + kAhead);
      ++before_begin_[after_[k]];
    }
    uint32_t total = 0;
    for (uint32_t& begin : before_begin_) begin = total += begin;  // the end of each, for now
    before_.resize(total);
    for (uint32_t from = 1; from < node_.size(); ++from) {
      for (size_t k = after_begin_[from]; k < after_begin_[from + 1]; ++k) {
        expect(k + 2 * kAhead);
        if (k + kAhead < after_.size())
          __builtin_prefetch(before_.data() + before_begin_[after_[k + kAhead]], 1);
        before_[--before_begin_[after_[k]]] = from;
      }
    }
    std::vector<uint32_t>().swap(after_);
    std::vector<uint32_t>().swap(after_begin_);
  }

  // The smallest semidominator on the way from `node` up to what is not linked yet.
  uint32_t Evaluate(uint32_t node, uint32_t linked) {
    if (links_[node].above < linked) return links_[node].label;
    path_.clear();
    do {
      path_.push_back(node);
      node = links_[node].above;
    } while (links_[node].above >= linked);
    const Link* above = &links_[node];
    while (!path_.empty()) {
      Link& link = links_[path_.back()];
      path_.pop_back();
      link = {above->above, std::min(link.label, above->label)};
      above = &link;
    }
    return above->label;
  }

  void FindDominators() {
    const auto count = static_cast<uint32_t>(node_.size());
    dominator_ = std::move(parent_);
    std::vector<uint32_t> semi(count);
    links_.resize(count);
    for (uint32_t i = 0; i < count; ++i) links_[i] = {dominator_[i], i};
    for (uint32_t i = count - 1; i > 0; --i) {
      semi[i] = dominator_[i];
      for (uint32_t k = before_begin_[i]; k < before_begin_[i + 1]; ++k) {
        if (k >= kAhead) __builtin_prefetch(&links_[before_[k - kAhead]]);
        semi[i] = std::min(semi[i], Evaluate(before_[k], i + 1));
      }
      links_[i].label = semi[i];
    }
    std::vector<Link>().swap(links_);
    for (uint32_t i = 1; i < count; ++i) {
      while (dominator_[i] > semi[i]) dominator_[i] = dominator_[dominator_[i]];
    }
  }

  // By the shortest way: breadth first from all roots of a rank at once.
  void FindOwners(Retention* result) const {
    std::vector<uint32_t> reached;
    reached.reserve(node_.size());
    const auto reach = [&](uint32_t object, uint32_t root) {
      if (object == ObjectGraph::kNone || result->owner[object] != kNobody) return;
      result->owner[object] = root;
      reached.push_back(object);
    };
    size_t held = 0, next = 0;
    for (uint32_t root = 0; root < graph_.roots;) {
      const uint8_t rank = graph_.ranks[root];
      for (; root < graph_.roots && graph_.ranks[root] == rank; ++root) {
        for (; held < graph_.held.size() && graph_.held[held].first == root; ++held)
          reach(graph_.held[held].second, root);
      }
      for (; next < reached.size(); ++next) {
        if (next + 2 * kAhead < reached.size()) graph_.objects.Prefetch(reached[next + 2 * kAhead]);
        if (next + kAhead < reached.size()) {
          const std::span<const uint32_t> pointers = graph_.objects.pointers(reached[next + kAhead]);
          for (const uint32_t target : pointers.first(std::min(pointers.size(), kSiblings)))
            if (target != ObjectGraph::kNone) __builtin_prefetch(&result->owner[target], 1);
        }
        for (const uint32_t target : graph_.objects.pointers(reached[next]))
          reach(target, result->owner[reached[next]]);
      }
    }
  }

  Retention Result() {
    std::vector<uint32_t>().swap(before_);
    std::vector<uint32_t>().swap(before_begin_);
    Retention result;
    result.bytes.assign(graph_.roots, 0);
    result.objects.assign(graph_.roots, 0);
    result.shared.assign(graph_.objects.size(), false);
    result.owner.assign(graph_.objects.size(), kNobody);
    result.dominator.assign(graph_.objects.size(), kNobody);
    FindOwners(&result);
    for (uint32_t number = 1; number < node_.size(); ++number) {
      if (number + kAhead < node_.size() && !IsRoot(node_[number + kAhead])) {
        const uint32_t next = node_[number + kAhead] - graph_.roots;
        __builtin_prefetch(&result.owner[next]);
        __builtin_prefetch(&result.dominator[next], 1);
        graph_.objects.Prefetch(next);
      }
      if (IsRoot(node_[number])) continue;
      const uint32_t object = node_[number] - graph_.roots;
      const uint32_t above = dominator_[number];
      if (above == 0) {
        result.shared[object] = true;
      } else if (!IsRoot(node_[above])) {
        result.dominator[object] = node_[above] - graph_.roots;
        result.shared[object] = result.shared[result.dominator[object]];
      }
      result.bytes[result.owner[object]] += graph_.objects.bytes(object);
      ++result.objects[result.owner[object]];
    }
    return result;
  }

  struct Link {
    uint32_t above;  // the parent in the tree of the search; shortened on the way
    uint32_t label;
  };

  const RootedGraph& graph_;
  std::vector<uint32_t> number_;                     // by object
  std::vector<uint32_t> node_, parent_, dominator_;  // by number
  std::vector<uint32_t> rank_begins_;                // numbers of the first roots
  std::vector<uint32_t> after_begin_, after_;        // by number: what it points to
  std::vector<uint32_t> before_begin_, before_;      // by number: what points to it
  std::vector<Link> links_;                          // by number
  std::vector<uint32_t> path_;
};

}  // namespace

Retention FindRetention(const RootedGraph& graph) { return Finder(graph).Run(); }

}  // namespace goleakstress::collectors
