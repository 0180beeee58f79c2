#include "collectors/heap_dump/heap_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "collectors/heap_dump/dominators.h"
#include "collectors/heap_dump/object_graph.h"
#include "collectors/heap_dump/retention_paths.h"

namespace goleakstress::collectors {
namespace {

constexpr int kDeepestValue = 4;  // of initial values within initial values

// The linker writes dots of the last element of an import path as %2e.
std::string Plain(std::string_view name) {
  std::string plain;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool dot = name.substr(i, 3) == "%2e";
    plain += dot ? '.' : name[i];
    if (dot) i += 2;
  }
  return plain;
}

bool IsInPackage(std::string_view name, std::string_view package) {
  return name.size() > package.size() && name.starts_with(package) && name[package.size()] == '.';
}

bool IsRuntimes(std::string_view name) {
  return IsInPackage(name, "runtime") || name.starts_with("internal/runtime/");
}

// Of a goroutine that runs `outer` around `inner` or calls it: what it runs. `go f(x)` runs a wrapper, which
// is all there is where f was inlined into it.
std::string Outermost(const std::string& inner, std::string_view outer) {
  if (outer == "runtime.goexit" || outer == "runtime.main") return inner;
  const bool wraps =
      outer.find(".gowrap") != std::string_view::npos && !inner.empty() && !inner.starts_with("runtime.");
  return wraps ? inner : Plain(outer);
}

// Is told everything but the objects, and keeps what the summary needs.
class Roots : public DumpVisitor {
 public:
  Roots(const ObjectGraph& graph, const ElfSymbols& symbols, const SummaryOptions& options,
        HeapSummary* summary)
      : graph_(graph), symbols_(symbols), options_(options), summary_(summary) {
    stack_of_.assign(graph.size(), ObjectGraph::kNone);
  }

  void Goroutine(const DumpGoroutine& goroutine) override {
    EndGoroutine();
    in_goroutine_ = true;
    goroutine_id_ = goroutine.id;
    goroutine_ = {.kind = RootKind::kGoroutine,
                  .name = {},
                  .creator = FunctionAt(goroutine.created_at),
                  .wait_reason = std::string(goroutine.wait_reason)};
  }
  void Frame(std::string_view function, uint64_t) override {
    goroutine_.name = Outermost(goroutine_.name, function);
  }
  void FrameWord(uint64_t value) override { AddHeld(value, &on_stack_); }
  void FrameMemory(uint64_t value) override { AddHeld(value, &in_frames_); }
  void OtherRoot(std::string_view description, uint64_t value) override {
    if (in_goroutine_) return AddHeld(value, &on_stack_);
    std::vector<uint32_t> held;
    AddHeld(value, &held);
    Add({.kind = RootKind::kRuntime, .name = std::string(description)}, held);
  }
  void Segment(uint64_t address, uint64_t size) override {
    EndGoroutine();
    segments_.emplace_back(address, size);
  }
  void SegmentWord(uint64_t address, uint64_t value) override { words_.emplace_back(address, value); }
  void Finalizer(const DumpFinalizer& finalizer) override {
    EndGoroutine();
    std::vector<uint32_t> held;
    AddHeld(finalizer.closure, &held);
    const uint32_t object = graph_.Find(finalizer.object);
    if (object != ObjectGraph::kNone) {
      if (finalizer.queued) held.push_back(object);
      // The collector does not count a pointer of the object to itself.
      for (const uint32_t target : graph_.pointers(object)) {
        if (target != ObjectGraph::kNone && target != object) held.push_back(target);
      }
    }
    Add({.kind = RootKind::kFinalizer, .name = FunctionAt(finalizer.code)}, held);
  }
  void HeapAlloc(uint64_t bytes) override { summary_->heap_bytes = bytes; }
  void AllocationStack(uint64_t id) override {
    EndGoroutine();
    const auto stack = static_cast<uint32_t>(summary_->stacks.size());
    stacks_.emplace(id, stack);
    stack_ids_.push_back(id);
    summary_->stacks.emplace_back();
  }
  void AllocationFrame(std::string_view function, std::string_view file, uint64_t line) override {
    summary_->stacks.back().push_back({Plain(function), std::string(file), line});
  }
  void Sample(uint64_t object, uint64_t stack_id) override {
    const uint32_t number = graph_.Find(object);
    const auto stack = stacks_.find(stack_id);
    if (number != ObjectGraph::kNone && stack != stacks_.end()) stack_of_[number] = stack->second;
  }

  // Fills the summary once the dump is read. Returns where the paths to its holdings begin.
  std::vector<RetentionPath> Finish() {
    EndGoroutine();
    AddGlobals();
    RootedGraph rooted{.objects = graph_, .roots = static_cast<uint32_t>(held_.size())};
    for (auto& [key, held] : held_) {
      const auto& [kind, name, creator, reason] = key.first;
      const HeapRoot summed = {.kind = kind, .name = name, .creator = creator, .wait_reason = reason};
      if (summary_->roots.empty() || summary_->roots.back() != summed) summary_->roots.push_back(summed);
      const auto root = static_cast<uint32_t>(roots_.size());
      roots_.push_back({static_cast<uint32_t>(summary_->roots.size() - 1), key.second});
      rooted.ranks.push_back(static_cast<uint8_t>(kind));
      for (const uint32_t object : held) rooted.held.emplace_back(root, object);
      std::vector<uint32_t>().swap(held);
    }
    const Retention retention = FindRetention(rooted);
    for (size_t root = 0; root < roots_.size(); ++root) {
      HeapRoot& summed = summary_->roots[roots_[root].summed];
      summed.bytes += retention.bytes[root];
      summed.objects += retention.objects[root];
      summary_->reachable_bytes += retention.bytes[root];
    }
    summary_->objects = graph_.size();
    summary_->named = !symbols_.empty();
    if (options_.paths) {
      std::vector<bool> is_goroutine;
      for (const Root& root : roots_) is_goroutine.push_back(root.goroutine != 0);
      summary_->references = FindReferences(rooted, retention, stack_of_, is_goroutine);
      summary_->keepings = FindKeepings(rooted, retention, CallersOf(stack_of_));
    }
    return AddHoldings(retention);
  }

 private:
  std::string FunctionAt(uint64_t pc) const {
    const Symbol* const symbol = symbols_.Function(pc);
    return symbol == nullptr ? std::string() : Plain(symbol->name);
  }

  // By object the first stack that differs in functions of the runtime only: a map grows in several of them.
  std::vector<uint32_t> CallersOf(std::vector<uint32_t> stack_of) const {
    std::map<std::vector<std::tuple<std::string_view, std::string_view, uint64_t>>, uint32_t> firsts;
    std::vector<uint32_t> first_of;
    for (uint32_t stack = 0; stack < summary_->stacks.size(); ++stack) {
      std::vector<std::tuple<std::string_view, std::string_view, uint64_t>> callers;
      for (const auto& frame : summary_->stacks[stack]) {
        if (!IsRuntimes(frame.function) || !callers.empty())
          callers.emplace_back(frame.function, frame.file, frame.line);
      }
      first_of.push_back(firsts.emplace(std::move(callers), stack).first->second);
    }
    for (uint32_t& stack : stack_of) {
      if (stack != ObjectGraph::kNone) stack = first_of[stack];
    }
    return stack_of;
  }

  void AddHeld(uint64_t value, std::vector<uint32_t>* held) const {
    const uint32_t object = graph_.Find(value);
    if (object != ObjectGraph::kNone) held->push_back(object);
  }

  void Add(const HeapRoot& root, const std::vector<uint32_t>& held, uint64_t goroutine = 0) {
    if (held.empty()) return;
    std::vector<uint32_t>& all = held_[{KeyOf(root), goroutine}];
    all.insert(all.end(), held.begin(), held.end());
  }

  void EndGoroutine() {
    if (!in_goroutine_) return;
    in_goroutine_ = false;
    Add(goroutine_, on_stack_, goroutine_id_);
    std::sort(on_stack_.begin(), on_stack_.end());
    std::erase_if(in_frames_, [this](uint32_t object) {
      return std::binary_search(on_stack_.begin(), on_stack_.end(), object);
    });
    goroutine_.kind = RootKind::kFrames;
    Add(goroutine_, in_frames_, goroutine_id_);
    on_stack_.clear();
    in_frames_.clear();
  }

  bool IsInSegment(uint64_t address) const {
    return std::any_of(segments_.begin(), segments_.end(),
                       [address](const auto& segment) { return address - segment.first < segment.second; });
  }

  // Data without a symbol, which a variable's initial value points to: `var x = &T{...}`.
  struct Unnamed {
    const Symbol* variable = nullptr;
    uint64_t pointer = 0;  // address of the pointer to it
  };
  const std::pair<const uint64_t, Unnamed>* UnnamedAt(uint64_t address) const {
    constexpr uint64_t kLargest = 64 << 10;
    const auto after = unnamed_.upper_bound(address);
    if (after == unnamed_.begin()) return nullptr;
    const auto before = std::prev(after);
    return address - before->first < kLargest ? &*before : nullptr;
  }

  // The variable at the address, or the one whose initial value lies there.
  const Symbol* VariableAt(uint64_t address) const {
    if (const Symbol* const symbol = symbols_.Variable(address)) return symbol;
    const auto* const unnamed = UnnamedAt(address);
    return unnamed == nullptr ? nullptr : unnamed->second.variable;
  }

  // Where the word lies in its variable, or on which way from there.
  std::vector<uint64_t> OffsetsOf(uint64_t address) const {
    std::vector<uint64_t> offsets;
    for (int depth = 0; depth <= kDeepestValue; ++depth) {
      if (const Symbol* const symbol = symbols_.Variable(address)) {
        offsets.push_back(address - symbol->address);
        break;
      }
      const auto* const unnamed = UnnamedAt(address);
      if (unnamed == nullptr) break;
      offsets.push_back(address - unnamed->first);
      address = unnamed->second.pointer;
    }
    std::reverse(offsets.begin(), offsets.end());
    return offsets;
  }

  void NameUnnamed() {
    for (int depth = 0; depth < kDeepestValue; ++depth) {
      for (const auto& [address, value] : words_) {
        if (!IsInSegment(value) || symbols_.Variable(value) != nullptr || unnamed_.contains(value)) continue;
        if (const Symbol* const variable = VariableAt(address))
          unnamed_.emplace(value, Unnamed{variable, address});
      }
    }
  }

  HeapRoot GlobalAt(uint64_t address) const {
    const Symbol* const variable = VariableAt(address);
    if (variable == nullptr) {
      // Neighbours are told together: which words belong to one variable is not known.
      return {.kind = symbols_.empty() ? RootKind::kGlobal : RootKind::kRuntime,
              .name = fmt::format("data at {:#x}", address)};
    }
    HeapRoot root = {.kind = RootKind::kGlobal, .name = Plain(variable->name)};
    const auto last = [&root](std::string_view package) { return IsInPackage(root.name, package); };
    // Caches of the runtime for a type switch or assertion.
    const bool cache = root.name.find("..typeAssert.") != std::string::npos ||
                       root.name.find("..interfaceSwitch.") != std::string::npos;
    if (cache || IsRuntimes(root.name) ||
        std::any_of(options_.last_packages.begin(), options_.last_packages.end(), last)) {
      root.kind = RootKind::kRuntime;
    }
    return root;
  }

  void AddGlobals() {
    if (!symbols_.empty()) NameUnnamed();
    std::vector<uint32_t> held;
    for (const auto& [address, value] : words_) {
      held.clear();
      AddHeld(value, &held);
      if (!held.empty()) Add(GlobalAt(address), held);
    }
  }

  std::vector<RetentionPath> AddHoldings(const Retention& retention) {
    const auto key = [](uint32_t stack, uint32_t root) { return uint64_t{stack} << 32 | root; };
    std::unordered_map<uint64_t, size_t> places;    // by stack and root of the summary
    std::unordered_map<uint64_t, uint64_t> of_one;  // bytes, by stack and root that is one goroutine
    std::vector<uint64_t> most;                     // of them, by holding
    std::vector<uint32_t> examples;                 // by holding: one of its objects
    for (uint32_t object = 0; object < graph_.size(); ++object) {
      const uint32_t owner = retention.owner[object];
      const uint32_t stack = stack_of_[object];
      if (owner == Retention::kNobody || stack == ObjectGraph::kNone) continue;
      const auto& [root, goroutine] = roots_[owner];
      const auto [place, added] = places.emplace(key(stack, root), summary_->holdings.size());
      if (added) {
        summary_->holdings.push_back({.stack_id = stack_ids_[stack], .stack = stack, .root = root});
        examples.push_back(object);
        most.push_back(0);
      }
      Holding& holding = summary_->holdings[place->second];
      holding.bytes += graph_.bytes(object);
      ++holding.objects;
      if (retention.shared[object]) ++holding.shared;
      if (goroutine == 0) continue;
      const uint64_t bytes = of_one[key(stack, owner)] += graph_.bytes(object);
      if (bytes <= most[place->second]) continue;
      most[place->second] = bytes;
      holding.goroutine = goroutine;
    }
    if (!options_.paths) return {};
    return Paths(retention, examples);
  }

  std::vector<RetentionPath> Paths(const Retention& retention, const std::vector<uint32_t>& examples) {
    std::vector<RetentionPath> paths;
    std::map<std::pair<uint32_t, std::string_view>, std::vector<size_t>> begins;  // by first object and root
    for (size_t i = 0; i < examples.size(); ++i) {
      const HeapRoot& root = summary_->roots[summary_->holdings[i].root];
      RetentionPath path{.holding = i, .objects = ObjectsAbove(retention, examples[i])};
      if (root.kind != RootKind::kGlobal || path.objects.empty()) continue;
      begins[{path.objects[0], root.name}].push_back(paths.size());
      paths.push_back(std::move(path));
    }
    for (const auto& [address, value] : words_) {
      const uint32_t object = graph_.Find(value);
      const Symbol* const variable = object == ObjectGraph::kNone ? nullptr : VariableAt(address);
      if (variable == nullptr) continue;
      const auto begin = begins.find({object, Plain(variable->name)});
      if (begin == begins.end()) continue;
      for (const size_t path : begin->second) paths[path].offsets = OffsetsOf(address);
      begins.erase(begin);
    }
    return paths;
  }

  const ObjectGraph& graph_;
  const ElfSymbols& symbols_;
  const SummaryOptions& options_;
  HeapSummary* const summary_;
  bool in_goroutine_ = false;
  HeapRoot goroutine_;
  uint64_t goroutine_id_ = 0;
  std::vector<uint32_t> on_stack_;
  std::vector<uint32_t> in_frames_;
  std::vector<std::pair<uint64_t, uint64_t>> segments_;  // address, size
  std::vector<std::pair<uint64_t, uint64_t>> words_;     // address, value
  std::map<uint64_t, Unnamed> unnamed_;                  // by address
  // Objects by root, which is one goroutine where it is any: else 0 stands for its id.
  std::map<std::pair<RootKey, uint64_t>, std::vector<uint32_t>> held_;
  struct Root {
    uint32_t summed = 0;  // of the summary, where goroutines that do the same are one
    uint64_t goroutine = 0;
  };
  std::vector<Root> roots_;
  std::unordered_map<uint64_t, uint32_t> stacks_;  // by id
  std::vector<uint64_t> stack_ids_;
  std::vector<uint32_t> stack_of_;  // by object
};

}  // namespace

std::string FunctionThatRuns(const std::vector<AllocationFrame>& stack) {
  std::string name;
  for (const AllocationFrame& frame : stack) name = Outermost(name, frame.function);
  return name;
}

RootKey KeyOf(const HeapRoot& root) { return {root.kind, root.name, root.creator, root.wait_reason}; }

absl::StatusOr<HeapSummary> SummarizeDump(ByteSource& source, const ElfSymbols& symbols,
                                          const SummaryOptions& options) {
  auto graph = ObjectGraph::ReadObjects(source, options.limits);
  if (!graph.ok()) return graph.status();
  HeapSummary summary;
  Roots roots(*graph, symbols, options, &summary);
  if (absl::Status status = graph->ReadPointers(source, roots, options.limits); !status.ok()) return status;
  std::vector<RetentionPath> paths = roots.Finish();
  if (absl::Status status = FollowPaths(source, *graph, options.limits, &paths); !status.ok()) return status;
  for (RetentionPath& path : paths) summary.holdings[path.holding].offsets = std::move(path.offsets);
  return summary;
}

}  // namespace goleakstress::collectors
