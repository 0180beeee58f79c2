#include "harness/campaign/entry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "harness/campaign/attempt.h"
#include "harness/campaign/explore.h"
#include "harness/campaign/process_run.h"
#include "harness/campaign/smallest_input.h"
#include "harness/campaign/troubles.h"
#include "harness/options.h"

namespace goleakstress::campaign {
namespace {

using std::chrono::duration;

constexpr int kMostProcesses = 3;           // a target that keeps dying is not worth more
constexpr double kSameDeath = 0.25;         // as a share of the calls before it
constexpr double kMostBeforeAnother = 0.5;  // of the budget is used up before another one is started
// Of how far the clock had been moved while the target was still met at rest: what the first call left behind
// was that old then, and all of it is in the hold.
constexpr double kHoldAtRest = 0.5;
constexpr std::string_view kKeptBusy =
    "the target runs all the time since its clock was moved, and came to rest before";
// Of the budget goes to making inputs small: so much where it is there, and so much though it is not.
constexpr double kMinimiseShare = 0.2;
constexpr double kLeastMinimiseShare = 0.07;

void MakeInputsSmall(const EntryJob& job, const ProgressSink& progress, const Attempt& attempt,
                     Clock::time_point deadline, EntryResult* result) {
  if (job.program.kind != agent::ENTRY_FUZZ || job.corpus_dir.empty()) return;
  const Members& members = attempt.session()->ready().members();
  if (!job.replay.empty()) return NameReplayed(job, members, &result->findings);
  const Clock::time_point begin = Clock::now();
  progress({.stage = "minimise", .calls = attempt.tally().made, .snapshots = attempt.snapshots()});
  const Clock::duration most = std::chrono::duration_cast<Clock::duration>(kMinimiseShare * job.budget);
  const Clock::duration least = std::chrono::duration_cast<Clock::duration>(kLeastMinimiseShare * job.budget);
  FindSmallestInputs(job, attempt.pool(), members, attempt.growing(),
                     begin + std::clamp(deadline - begin, least, most), &result->findings);
  result->entry.mutable_exploration()->set_minimise_seconds(Seconds(Clock::now() - begin));
}

// `begin`: of the budget.
EntryResult RunFrom(const EntryJob& job, const Explored& explored, const ProgressSink& progress,
                    Clock::time_point begin) {
  EntryResult result;
  report::Entry& entry = result.entry;
  entry.set_package(job.package);
  entry.set_name(job.program.entry);
  entry.set_kind(job.kind_name);
  entry.set_mode("in-process");
  entry.set_verdict("inconclusive");
  if (!explored.summary.ended().empty()) *entry.mutable_exploration() = explored.summary;
  result.crashes = explored.crashes;
  for (const std::string& note : explored.notes) entry.add_notes(note);
  ClockUse clock;
  int64_t most_calls = 0, died_after = 0;
  Yields yields = Yields::kEverywhere;
  for (int process = 1; process <= kMostProcesses; ++process) {
    entry.set_processes(process);
    // Every process draws anew: a target that dies at one dose shall not die at the same one again.
    Attempt attempt(job, explored, progress, begin,
                    job.seed + static_cast<uint64_t>(process - 1) * 0x9e3779b97f4a7c15ULL, clock, most_calls,
                    yields);
    const absl::Status status = attempt.Run();
    if (attempt.only_once()) {
      RunProcessPerCall(job, progress, begin + job.budget, &result);
      break;
    }
    attempt.Fill(&result);
    if (attempt.clock_keeps_busy() && !attempt.ended_early()) entry.add_notes(std::string(kKeptBusy));
    // Other entries may call what it serves, or work.
    if (attempt.runs_on() || (status.ok() && attempt.hardly_ran())) {
      entry.clear_verdict();
      break;
    }
    const bool time_left = Clock::now() - begin < kMostBeforeAnother * job.budget;
    if (status.ok() && attempt.clock_breaks_calls() && time_left) {
      clock.between_batches = false;
      entry.add_notes(
          "calls fail since the target's clock was moved and did not before: on in real time, in a fresh "
          "process; only the hold moves the clock");
      continue;
    }
    if (status.ok() && attempt.ended_early()) {
      clock = {.between_batches = false, .longest_hold = kHoldAtRest * attempt.moved_seconds()};
      entry.add_notes(fmt::format(
          "{}: on in real time, in a fresh process; {}", kKeptBusy,
          clock.InHold() ? fmt::format("only the hold moves the clock, by {:.0f} s", clock.longest_hold)
                         : "nothing moves its clock"));
      continue;
    }
    if (status.ok() && attempt.ran_out_early() > 0) {
      most_calls = attempt.ran_out_early();
      entry.add_notes(
          fmt::format("something ran out after {} calls, in too few batches to tell what: again in a fresh "
                      "process, in smaller ones",
                      most_calls));
      continue;
    }
    if (status.ok()) {
      MakeInputsSmall(job, progress, attempt, begin + job.budget, &result);
      break;
    }
    if (target::FailureOf(status) == target::CallFailure::kCancelled) break;
    if (target::FailureOf(status) == target::CallFailure::kHung && Clock::now() - begin >= job.budget) {
      // More time moves the clock further, and brings the same about.
      const char* const settle = attempt.clock_keeps_busy() ? "" : ": a larger -budget would do";
      entry.add_notes(std::string(status.message()) + settle);
      break;
    }
    // Each has an entry of its own, whose verdict stands; that they get in each other's way says nothing of
    // them.
    if (job.combined && attempt.session() == nullptr) {
      entry.clear_verdict();
      entry.add_notes(
          fmt::format("these fuzz targets cannot be set up side by side, so rows of their calls were not "
                      "tried: {}",
                      std::string(status.message())));
      break;
    }
    report::Crash crash;
    crash.set_package(job.package);
    crash.set_entry(job.program.entry);
    crash.set_what(std::string(status.message()));
    if (attempt.session() != nullptr) crash.set_text(attempt.session()->OutputTail());
    entry.mutable_outcomes()->set_crashed(entry.outcomes().crashed() + 1);
    entry.add_notes(
        fmt::format("process {}: {}, after {} calls", process, crash.what(), attempt.tally().made));
    AddCrashes({crash}, &result.crashes);
    if (!time_left) break;
    yields = Fewer(yields);
    // What uses something up ends where the others did: in smaller batches it shows by what it grew.
    const int64_t made = attempt.tally().made;
    if (died_after > 0 &&
        static_cast<double>(std::abs(made - died_after)) <= kSameDeath * static_cast<double>(made))
      most_calls = made;
    died_after = made;
  }
  entry.set_seconds(Seconds(Clock::now() - begin));
  return result;
}

}  // namespace

std::string RunAgain(const EntryJob& job) {
  return fmt::format("goleakstress run {} -run '{}' -seed {}{}", job.pattern, OnlyEntry(job.program.entry),
                     job.seed, job.flags);
}

EntryJob AfterOthers(EntryJob job, const std::vector<EntryResult>& earlier) {
  if (!job.combined) return job;
  for (const EntryResult& result : earlier) {
    if (result.entry.package() == job.package) job.filled.insert(result.filled.begin(), result.filled.end());
  }
  return job;
}

EntryResult RunEntry(const EntryJob& job, const ProgressSink& progress) {
  const Clock::time_point begin = Clock::now();
  if (!job.replay.empty())
    return RunFrom(job, {.pool = job.replay, .row = job.replay.size() > 1, .seeds = job.replay}, progress,
                   begin);
  if (!job.build_explorer) return RunFrom(job, {}, progress, begin);
  const Explored explored = Explore(job, UsualHunt(job), progress);
  // The build of the second binary takes what it takes.
  const duration<double> build(explored.summary.build_seconds());
  return RunFrom(job, explored, progress, begin + std::chrono::duration_cast<Clock::duration>(build));
}

EntryResult RunExplored(const EntryJob& job, const Explored& explored, const ProgressSink& progress) {
  return RunFrom(job, explored, progress, Clock::now());
}

}  // namespace goleakstress::campaign
