#include "harness/campaign/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "collectors/heap_dump/elf_symbols.h"
#include "collectors/heap_dump/heap_growth.h"
#include "harness/campaign/allocation_stack.h"
#include "harness/explain/findings.h"
#include "harness/report/groups.h"
#include "harness/report/rules.h"

namespace goleakstress::campaign {
namespace {

using collectors::AllocationFrame;
using collectors::HeapRoot;
using collectors::HeapSummary;
using collectors::Holding;
using collectors::RootKind;
using std::chrono::seconds;

constexpr seconds kDumpLimit{60};
// Writing and reading of one dump, cautiously: heap_dump_benchmark takes 2 us for each object.
constexpr double kSecondsPerByte = 2e-9;
constexpr double kSecondsPerObject = 3e-6;
constexpr double kSecondsPerDump = 0.05;
constexpr double kMostHeapBytes = 1 << 30;
constexpr double kDumpShare = 1.3;  // size of the file, in heap bytes
constexpr double kCallShare = 0.25;
constexpr double kClearShare = 0.6;  // of what is kept makes one root the answer

bool Matches(const report::Finding& finding, const std::vector<AllocationFrame>& stack) {
  explain::Stack findings;
  for (const report::Frame& frame : finding.stack())
    findings.push_back({frame.function(), frame.file(), frame.line()});
  return FramesInCommon(findings, stack) > 0;
}

// Whether the stack leads through the user's line that acquired the resource, or a library's in a goroutine
// of its own: what is a handle in Go was allocated there, by whoever made it.
bool MatchesAcquirer(const report::Finding& finding, const std::vector<AllocationFrame>& stack) {
  const report::Frame* acquirer = report::FirstUserFrame(finding.stack());
  if (acquirer == nullptr && finding.has_library()) acquirer = &finding.library();
  if (acquirer == nullptr) return false;
  const explain::Frame line{acquirer->function(), acquirer->file(), acquirer->line()};
  // Of what was inlined the dump tells the innermost line.
  const auto inlined_there = [&line](const AllocationFrame& allocation) {
    const size_t slash = line.file.rfind('/') + 1;  // 0 where there is none
    return explain::AsPrinted(allocation.function) == line.function &&
           !std::string_view(allocation.file).ends_with(std::string_view(line.file).substr(slash));
  };
  return std::any_of(stack.begin(), stack.end(), [&](const AllocationFrame& allocation) {
    return IsAt(line, allocation) || inlined_there(allocation);
  });
}

// Whether the stack leads through the line of a member: what is put into a map is allocated elsewhere than
// the map grows.
bool MatchesMember(const report::Finding& finding, const std::vector<AllocationFrame>& stack) {
  for (const report::Member& member : finding.members()) {
    const std::string_view where = member.where();
    const size_t space = where.rfind(' '), colon = where.rfind(':');
    if (space == std::string_view::npos || colon == std::string_view::npos || colon < space) continue;
    explain::Frame line{.file = std::string(where.substr(space + 1, colon - space - 1))};
    if (!absl::SimpleAtoi(std::string(where.substr(colon + 1)), &line.line)) continue;
    for (const AllocationFrame& allocation : stack) {
      if (IsAt(line, allocation)) return true;
    }
  }
  return false;
}

// The agent, the probes, or what calls the entry.
bool IsHarness(const HeapRoot& root, const HeapChange& heap) {
  return (!heap.agent_package.empty() && root.name.starts_with(heap.agent_package + ".")) ||
         root.name.find(".goleakstress") != std::string::npos ||
         (IsGoroutine(root) && root.name.starts_with("testing."));
}

// Whether the root says why something is kept. Stacks of the runtime's goroutines may hold what was there
// before; and of the entry's own variables only what a fuzz target captures outlives a call.
bool SaysWhy(const HeapRoot& root, const HeapChange& heap, const report::Finding& finding) {
  if (IsGoroutine(root) && (root.name.starts_with("runtime.") || root.wait_reason.starts_with("GC ")))
    return false;
  if (IsHarness(root, heap)) return finding.entry().starts_with("Fuzz");
  if (finding.class_() == "cache") return true;
  return !IsGoroutine(root) || !root.creator.starts_with("runtime.");
}

std::string NameOf(const report::Finding& finding, const HeapChange& heap, const Holding& holding) {
  const HeapRoot& root = heap.after.roots[holding.root];
  if (IsGoroutine(root) && root.name == "main.main" && finding.entry() != "main")
    return "a variable of TestMain";
  // What holds the entry's function holds what it captures.
  if (IsHarness(root, heap)) return "a variable of " + finding.entry();
  switch (root.kind) {
    case RootKind::kGlobal: {
      if (!heap.after.named) return "a global variable, whose name the binary has lost";
      collectors::TypePath path;
      if (heap.types != nullptr) path = heap.types->Follow(root.name, holding.offsets);
      return fmt::format("global {}{}{}", root.name, path.fields,
                         path.type.empty() ? "" : fmt::format(" ({})", path.type));
    }
    case RootKind::kGoroutine:
    case RootKind::kFrames: {
      // `go f(x)` runs a wrapper, which says no more than who started it.
      const bool wrapper = root.name.find(".gowrap") != std::string::npos && !root.creator.empty();
      const std::string name = root.name.empty() ? " without frames" : wrapper ? "" : " " + root.name;
      std::string text = "goroutine" + name;
      if (!root.wait_reason.empty()) text += fmt::format(" ({})", root.wait_reason);
      if (!root.creator.empty())
        text += fmt::format("{} started by {}", name.empty() ? "" : ",", root.creator);
      return text;
    }
    case RootKind::kFinalizer:
      return root.name.empty() ? "a finalizer" : "finalizer " + root.name;
    case RootKind::kRuntime:
      return root.name;
  }
  return {};
}

absl::StatusOr<HeapSummary> ReadDump(const std::string& path, const collectors::ElfSymbols& symbols,
                                     const collectors::SummaryOptions& options) {
  auto source = collectors::OpenByteSource(path);
  if (!source.ok()) return source.status();
  return collectors::SummarizeDump(**source, symbols, options);
}

// Why no dumps are to be made; empty: nothing speaks against it. Where there is time for one only, what was
// gained is not asked for.
std::string Obstacle(Session& session, const std::string& path, RetentionJob* job) {
  if (!session.HasProbe("heapdump")) return "the heapdump probe is missing";
  if (job->heap_bytes > kMostHeapBytes) return fmt::format("{:.0f} MB are too much", job->heap_bytes / 1e6);
  const auto objects = session.client().ReadMetric("/gc/heap/objects:objects", kDumpLimit);
  if (!objects.ok()) return std::string(objects.status().message());
  const double two = SecondsToDump(job->heap_bytes, objects->value_or(0));
  job->gain = job->gain && two <= job->seconds;
  if (two / 2 > job->seconds) return fmt::format("no time is left to dump {:.0f} MB", job->heap_bytes / 1e6);
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  if (!error && static_cast<double>(space.available) < 2 * kDumpShare * job->heap_bytes)
    return "the disk is nearly full";
  return {};
}

absl::StatusOr<HeapChange> DumpOnceOrTwice(Session& session, const RetentionJob& job, const std::string& path,
                                           std::vector<std::string>* notes) {
  auto symbols = collectors::ElfSymbols::Read(job.program.binary);
  if (!symbols.ok()) return symbols.status();
  if (symbols->empty()) notes->push_back("the binary has no symbols: globals that keep memory have no names");
  collectors::SummaryOptions options;
  options.last_packages = {job.agent_package};
  options.limits.max_bytes = static_cast<uint64_t>(2 * kDumpShare * kMostHeapBytes);

  if (absl::Status status = job.settle(); !status.ok()) return status;
  options.paths = true;
  HeapChange heap{.agent_package = job.agent_package};
  const std::string second = path + ".2";
  absl::Cleanup remove_files = [&path, &second] {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    std::filesystem::remove(second, ignored);
  };
  // The target goes on, and writes again, while the first dump is read.
  auto types = std::async(std::launch::async, collectors::GoTypes::Read, job.program.binary);
  if (absl::Status status = session.client().WriteHeapDump(path, kDumpLimit); !status.ok()) return status;
  auto first = std::async(std::launch::async, [&] { return ReadDump(path, *symbols, options); });
  const double affordable = kCallShare * job.seconds / std::max(job.seconds_per_call, 1e-7);
  const auto made =
      job.gain ? job.call(static_cast<int64_t>(std::min(static_cast<double>(job.most_calls), affordable)))
               : absl::StatusOr<int64_t>(0);
  const bool again =
      made.ok() && *made > 0 && job.settle().ok() && session.client().WriteHeapDump(second, kDumpLimit).ok();
  auto dump = first.get();
  if (!dump.ok()) return dump.status();
  heap.after = *std::move(dump);
  if (again) {
    if (dump = ReadDump(second, *symbols, options); dump.ok()) {
      heap.before = std::exchange(heap.after, *std::move(dump));
      heap.calls = *made;
    }
  }
  if (auto read = types.get(); read.ok()) heap.types = *std::move(read);
  return heap;
}

}  // namespace

bool IsHandle(const report::Finding& finding) {
  return finding.class_() == "resource" && explain::IsLeak(finding.verdict()) &&
         !finding.only_closed_by_gc() && finding.stack_size() > 0;
}

double SecondsToDump(double heap_bytes, double objects) {
  return 2 * (kSecondsPerDump + kSecondsPerByte * heap_bytes + kSecondsPerObject * objects);
}

const HeapRoot* SetRetainedBy(const HeapChange& heap, report::Finding* finding) {
  const bool memory = finding->class_() == "cache";
  if (!memory && !IsHandle(*finding)) return nullptr;
  std::map<uint32_t, Holding> by_root;  // summed
  uint64_t total = 0;
  const auto count = [&](const std::vector<Holding>& holdings, auto matches) {
    if (total > 0) return;
    for (const Holding& holding : holdings) {
      if (!matches(*finding, heap.after.stacks[holding.stack])) continue;
      Holding& sum = by_root.emplace(holding.root, Holding{.root = holding.root}).first->second;
      // The way to most of it.
      if (sum.bytes < 2 * holding.bytes) sum.offsets = holding.offsets;
      sum.bytes += holding.bytes;
      total += holding.bytes;
    }
  };
  const std::vector<Holding> gained = collectors::GrowthByHolding(heap.before, heap.after);
  if (memory) {
    count(gained, Matches);
    count(gained, MatchesMember);
    // What grows in large steps, as the array of a map, may not have grown just now.
    count(heap.after.holdings, Matches);
    count(heap.after.holdings, MatchesMember);
  } else {
    count(gained, MatchesAcquirer);
  }
  if (total == 0) return nullptr;
  std::vector<const Holding*> order;
  for (const auto& [root, holding] : by_root) order.push_back(&holding);
  std::sort(order.begin(), order.end(), [](const Holding* a, const Holding* b) {
    return a->bytes != b->bytes ? a->bytes > b->bytes : a->root < b->root;
  });
  const bool clear = static_cast<double>(order[0]->bytes) >= kClearShare * static_cast<double>(total);
  if ((!memory && !clear) || !SaysWhy(heap.after.roots[order[0]->root], heap, *finding)) return nullptr;
  std::string text = NameOf(*finding, heap, *order[0]);
  if (order.size() > 1 && !clear) {
    text += " and " + NameOf(*finding, heap, *order[1]);
    if (order.size() > 2) text += fmt::format(" and {} more", order.size() - 2);
  }
  finding->set_retained_by(text);
  finding->set_advice(report::AdviceFor(*finding));
  const HeapRoot* const root = clear ? &heap.after.roots[order[0]->root] : nullptr;
  if (!memory) return nullptr;
  if (heap.calls == 0) return root;
  for (const collectors::RootGrowth& growth : collectors::GrowthByRoot(heap.before, heap.after)) {
    if (growth.root != order[0]->root || growth.bytes <= 0) continue;
    const auto calls = static_cast<double>(heap.calls);
    finding->set_retained_bytes_per_call(static_cast<double>(growth.bytes) / calls);
    finding->set_retained_objects_per_call(std::max(0.0, static_cast<double>(growth.objects) / calls));
  }
  return root;
}

void ExplainFindings(const HeapChange& heap, std::vector<report::Finding>* findings) {
  std::vector<report::Finding> others;
  std::vector<const HeapRoot*> roots;
  for (report::Finding& finding : *findings) roots.push_back(SetRetainedBy(heap, &finding));
  const auto holds = [](const report::Finding& finding, const HeapRoot* root) {
    return root != nullptr && IsGoroutine(*root) && finding.class_() == "goroutine" &&
           finding.stack_size() > 0 && finding.stack(finding.stack_size() - 1).function() == root->name;
  };
  std::vector<bool> held(findings->size());
  for (size_t i = 0; i < findings->size(); ++i) {
    const auto holder = std::find_if(findings->begin(), findings->end(),
                                     [&](const report::Finding& other) { return holds(other, roots[i]); });
    if (holder == findings->end()) continue;
    held[i] = true;
    const report::Finding& memory = (*findings)[i];
    if (explain::IsLeak(memory.verdict()) && !explain::IsLeak(holder->verdict())) {
      holder->set_verdict(memory.verdict());
      *holder->mutable_evidence() = memory.evidence();
    }
    holder->mutable_members()->MergeFrom(memory.members());
    holder->set_bytes_per_call(holder->bytes_per_call() + memory.bytes_per_call());
  }
  for (size_t i = 0; i < findings->size(); ++i)
    if (!held[i]) others.push_back(std::move((*findings)[i]));
  *findings = std::move(others);
}

std::optional<HeapChange> DumpHeap(Session& session, RetentionJob job, std::vector<std::string>* notes) {
  const std::string path = job.program.temp_dir + ".heapdump";
  std::string obstacle = Obstacle(session, path, &job);
  if (obstacle.empty()) {
    auto heap = DumpOnceOrTwice(session, job, path, notes);
    if (heap.ok()) return *std::move(heap);
    obstacle = std::string(heap.status().message());
  }
  notes->push_back("what keeps the memory alive is not known: " + obstacle);
  return std::nullopt;
}

}  // namespace goleakstress::campaign
