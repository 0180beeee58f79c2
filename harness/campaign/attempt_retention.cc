// What keeps alive what an attempt saw growing.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "collectors/heap_dump/heap_growth.h"
#include "harness/campaign/attempt.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/retention.h"
#include "harness/campaign/site_keepers.h"
#include "harness/campaign/sites_apart.h"

namespace goleakstress::campaign {
namespace {

using explain::GoroutineDetail;

// What two heap dumps may take beyond the budget where that is used up: a leak that is not understood is half
// a leak.
constexpr double kLeastRetentionSeconds = 1;
constexpr double kRetentionShare = 0.1;
// A heap that is too large to be dumped in time is made again in a fresh process, so large at most.
constexpr double kSmallHeap = 64 << 20;
constexpr double kFewestCalls = 8, kMostCallsAnew = 64;

}  // namespace

RetentionJob Attempt::Retention() {
  RetentionJob retention{.program = job_.program};
  retention.agent_package = job_.code.agent_package;
  retention.heap_bytes = last_read_.heap_live_bytes;
  retention.seconds_per_call = per_call_;
  retention.seconds = std::max(Seconds(deadline_ - Clock::now()),
                               kLeastRetentionSeconds + kRetentionShare * Seconds(job_.budget));
  retention.call = [this](int64_t count) -> absl::StatusOr<int64_t> {
    const int64_t before = tally_.made;
    if (absl::Status status = Make({count / 2, count - count / 2, 0}); !status.ok()) return status;
    return tally_.made - before;
  };
  retention.settle = [this] { return reader_->Read(plan_.pad_seconds).status(); };
  return retention;
}

std::optional<HeapChange> Attempt::DumpAnew(RetentionJob job) {
  const double per_call = job.heap_bytes / static_cast<double>(std::max<int64_t>(1, tally_.made));
  const double calls = std::clamp(kSmallHeap / std::max(1.0, per_call), kFewestCalls, kMostCallsAnew);
  if (2 * calls * per_call > job.heap_bytes) return std::nullopt;  // would be as large
  const auto time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(job.seconds));
  const CallTally tally = tally_;
  const Clock::time_point until = std::exchange(calls_until_, Clock::now() + time);
  std::optional<HeapChange> heap;
  auto fresh = Session::Start(job_.program, calls_until_, job_.interrupted);
  if (fresh.ok()) {
    std::swap(session_, *fresh);
    SeriesTable table(job_.code);
    SnapshotReader reader(*session_, table);
    reader.MoveClock(clock_.between_batches);
    job.settle = [&] { return reader.Read(plan_.pad_seconds).status(); };
    job.heap_bytes = calls * per_call;
    job.most_calls = static_cast<int64_t>(calls);
    std::vector<std::string> ignored;  // the first trouble is told
    if (Apply(portfolio_.back(), seed_, &session_->client()).ok() && job.call(job.most_calls).ok()) {
      heap = DumpHeap(*session_, std::move(job), &ignored);
    }
    session_->End();
    std::swap(session_, *fresh);
  }
  calls_until_ = until;
  tally_ = tally;
  return heap;
}

// What keeps memory and handles alive takes dumps of the heap, which are made only where one of them is a
// finding, or may be one beside another. They also tell which of several growing allocations is the
// container.
void Attempt::ExplainRetention(std::string_view stacks, std::vector<GoroutineDetail> details) {
  const auto any = [this](const auto& wanted) {
    return std::any_of(findings_.begin(), findings_.end(), wanted);
  };
  const bool memory = any([](const report::Finding& finding) {
                        return finding.class_() == "cache" && finding.stack_size() > 0;
                      }) ||
                      MayBeApart(growing_, job_.code);
  if ((!memory && !any(IsHandle)) || IsUnfinished()) return;
  std::vector<std::string> troubles;
  RetentionJob job = Retention();
  job.gain = memory;
  std::optional<HeapChange> heap = DumpHeap(*session_, job, &troubles);
  if (!heap && memory && (heap = DumpAnew(std::move(job)))) {
    troubles.clear();
    stacks = {};  // of the goroutines of another process
  }
  if (memory) notes_.insert(notes_.end(), troubles.begin(), troubles.end());
  if (!heap) return;
  if (!memory) return ExplainFindings(*heap, &findings_);
  const std::vector<size_t> site_of = SitesOfStacks(heap->after, growing_);
  SetKeepers(heap->after, site_of, &growing_);
  const std::vector<collectors::Holding> gained = collectors::GrowthByHolding(heap->before, heap->after);
  SetHolders(gained, heap->after, site_of, &growing_);
  DescribeKeepers(stacks, growing_, KeepingGoroutines(gained, heap->after, site_of, growing_), job_.code,
                  &details);
  SetApart(heap->after, site_of, job_.code, &growing_);
  findings_ = MakeFindings(Context(), growing_, details, job_.code);
  ExplainFindings(*heap, &findings_);
}

}  // namespace goleakstress::campaign
