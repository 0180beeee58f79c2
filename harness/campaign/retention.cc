#include "harness/campaign/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "collectors/heap_dump/elf_symbols.h"
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
// Write and read of one dump, cautiously: 6 s and 10 s for 1 GB were measured.
constexpr double kSecondsPerByte = 20e-9;
constexpr double kSecondsPerDump = 0.05;
constexpr double kMostHeapBytes = 1 << 30;
constexpr double kDumpShare = 1.3;  // size of the file, in heap bytes
constexpr double kCallShare = 0.25;
constexpr double kMostCalls = 512;
constexpr double kClearShare = 0.6;  // of what is kept makes one root the answer

// The last two elements of a path: the dump and the report name directories in different ways.
std::string_view ShortPath(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return path;
  const size_t before = path.rfind('/', slash - 1);
  return before == std::string_view::npos ? path : path.substr(before + 1);
}

bool SamePlace(const report::Frame& frame, const AllocationFrame& allocation) {
  if (static_cast<uint64_t>(frame.line()) != allocation.line) return false;
  const std::string_view a = ShortPath(frame.file());
  const std::string_view b = ShortPath(allocation.file);
  return a == b || (a.size() < b.size() && b.ends_with(a) && b[b.size() - a.size() - 1] == '/');
}

// Whether the machine's stack, which does not show inlined calls, can be the finding's, which has lost what
// is the runtime's at both ends: the leaf is there, and all that follows is, up to the entry.
bool Matches(const report::Finding& finding, const std::vector<AllocationFrame>& stack) {
  int at = -1;
  for (const AllocationFrame& frame : stack) {
    int next = at + 1;
    while (next < finding.stack_size() && !SamePlace(finding.stack(next), frame)) ++next;
    if (next == finding.stack_size()) {
      if (at >= 0) return true;
      continue;
    }
    if (at < 0 && next > 0) return false;
    at = next;
  }
  return at >= 0;
}

std::string NameOf(const HeapRoot& root, const report::Finding& finding, std::string_view agent_package) {
  const bool agents = !agent_package.empty() && root.name.starts_with(std::string(agent_package) + ".");
  if (agents) return fmt::format("a variable that {} captures", finding.entry());
  switch (root.kind) {
    case RootKind::kGlobal:
      return "global " + root.name;
    case RootKind::kGoroutine: {
      std::string text = "goroutine " + (root.name.empty() ? "without frames" : root.name);
      if (!root.wait_reason.empty()) text += fmt::format(" ({})", root.wait_reason);
      if (!root.creator.empty()) text += ", started by " + root.creator;
      return text;
    }
    case RootKind::kFinalizer:
      return root.name.empty() ? "a finalizer" : "finalizer " + root.name;
    case RootKind::kRuntime:
      return root.name;
  }
  return {};
}

absl::StatusOr<HeapSummary> Dump(Session& session, const std::string& path,
                                 const collectors::ElfSymbols& symbols,
                                 const collectors::SummaryOptions& options) {
  absl::StatusOr<HeapSummary> summary;
  const absl::Status written = session.client().WriteHeapDump(path, kDumpLimit);
  if (written.ok()) {
    auto source = collectors::OpenByteSource(path);
    summary = source.ok() ? collectors::SummarizeDump(**source, symbols, options) : source.status();
  } else {
    summary = written;
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return summary;
}

// Why no dumps are to be made; empty: nothing speaks against it.
std::string Obstacle(Session& session, const RetentionJob& job, const std::string& path) {
  if (!session.HasProbe("heapdump")) return "the heapdump probe is missing";
  if (job.heap_bytes > kMostHeapBytes) return fmt::format("{:.0f} MB are too much", job.heap_bytes / 1e6);
  if (2 * (kSecondsPerDump + kSecondsPerByte * job.heap_bytes) > job.seconds)
    return fmt::format("no time is left to dump {:.0f} MB", job.heap_bytes / 1e6);
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  if (!error && static_cast<double>(space.available) < 2 * kDumpShare * job.heap_bytes)
    return "the disk is nearly full";
  return {};
}

absl::Status Explain(Session& session, const RetentionJob& job, const std::string& path,
                     std::vector<report::Finding>* findings, std::vector<std::string>* notes) {
  auto symbols = collectors::ElfSymbols::Read(job.program.binary);
  if (!symbols.ok()) return symbols.status();
  if (symbols->empty()) notes->push_back("the binary has no symbols: globals that keep memory have no names");
  collectors::SummaryOptions options;
  options.last_packages = {job.agent_package};
  options.limits.max_bytes = static_cast<uint64_t>(2 * kDumpShare * kMostHeapBytes);

  if (absl::Status status = job.settle(); !status.ok()) return status;
  auto after = Dump(session, path, *symbols, options);
  if (!after.ok()) return after.status();
  HeapSummary before;
  const double affordable = kCallShare * job.seconds / std::max(job.seconds_per_call, 1e-7);
  auto made = job.call(static_cast<int64_t>(std::min(kMostCalls, affordable)));
  if (made.ok() && *made > 0 && job.settle().ok()) {
    if (auto later = Dump(session, path, *symbols, options); later.ok()) {
      before = *std::exchange(after, std::move(later));
    }
  }
  for (report::Finding& finding : *findings) {
    if (finding.class_() != "cache") continue;
    finding.set_retained_by(RetainedBy(finding, before, *after, job.agent_package));
    finding.set_advice(report::AdviceFor(finding));
  }
  return absl::OkStatus();
}

}  // namespace

std::string RetainedBy(const report::Finding& finding, const HeapSummary& before, const HeapSummary& after,
                       std::string_view agent_package) {
  std::map<uint32_t, uint64_t> bytes_by_root;
  uint64_t total = 0;
  const auto count = [&](const std::vector<Holding>& holdings) {
    for (const Holding& holding : holdings) {
      if (!Matches(finding, after.stacks[holding.stack])) continue;
      bytes_by_root[holding.root] += holding.bytes;
      total += holding.bytes;
    }
  };
  count(collectors::GrowthByHolding(before, after));
  // What grows in large steps, as the array of a map, may not have grown just now.
  if (total == 0) count(after.holdings);
  if (total == 0) return {};
  std::vector<std::pair<uint64_t, uint32_t>> order;
  for (const auto& [root, bytes] : bytes_by_root) order.emplace_back(bytes, root);
  std::sort(order.rbegin(), order.rend());
  std::string text = NameOf(after.roots[order[0].second], finding, agent_package);
  if (order.size() > 1 && static_cast<double>(order[0].first) < kClearShare * static_cast<double>(total)) {
    text += " and " + NameOf(after.roots[order[1].second], finding, agent_package);
    if (order.size() > 2) text += fmt::format(" and {} more", order.size() - 2);
  }
  return text;
}

void ExplainRetention(Session& session, const RetentionJob& job, std::vector<report::Finding>* findings,
                      std::vector<std::string>* notes) {
  const bool wanted = std::any_of(findings->begin(), findings->end(), [](const report::Finding& finding) {
    return finding.class_() == "cache" && finding.stack_size() > 0;
  });
  if (!wanted) return;
  const std::string path = job.program.temp_dir + ".heapdump";
  std::string obstacle = Obstacle(session, job, path);
  if (obstacle.empty()) {
    if (const absl::Status status = Explain(session, job, path, findings, notes); !status.ok())
      obstacle = std::string(status.message());
  }
  if (!obstacle.empty()) notes->push_back("what keeps the memory alive is not known: " + obstacle);
}

}  // namespace goleakstress::campaign
