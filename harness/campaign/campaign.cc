#include "harness/campaign/campaign.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "harness/campaign/night.h"
#include "harness/campaign/plan.h"
#include "harness/campaign/spellings.h"
#include "harness/input/file_bytes.h"

namespace goleakstress::campaign {
namespace {

constexpr size_t kMostReplayBytes = size_t{64} << 20;
constexpr std::chrono::seconds kPartialInterval{10};

absl::StatusOr<input::Sequence> ReadReplay(const std::string& path) {
  auto text = input::ReadFileBytes(path, kMostReplayBytes);
  if (!text.ok()) return absl::InvalidArgumentError(std::string(text.status().message()));
  auto calls = ReadCalls(*text);
  if (!calls.ok()) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", path, std::string(calls.status().message())));
  }
  return calls;
}

// Hands on what is known so far, so that whoever kills the run loses little.
class PartialReports {
 public:
  PartialReports(const Observer& observer, Clock::time_point begin) : observer_(observer), begin_(begin) {}

  bool Due() const { return observer_.on_partial != nullptr && Clock::now() >= next_; }

  void Hand(report::Report so_far) {
    so_far.set_interrupted(true);
    so_far.set_seconds(Seconds(Clock::now() - begin_));
    Conclude(&so_far);
    observer_.on_partial(so_far);
    next_ = Clock::now() + kPartialInterval;
  }

 private:
  const Observer& observer_;
  Clock::time_point begin_;
  Clock::time_point next_ = begin_;
};

void AddResult(EntryResult result, report::Report* report) {
  for (report::Finding& finding : result.findings) *report->add_findings() = std::move(finding);
  for (report::Crash& crash : result.crashes) *report->add_crashes() = std::move(crash);
  *report->add_entries() = std::move(result.entry);
}

// Each for itself, or all within one time that began with the campaign.
void RunJobs(std::vector<EntryJob> jobs, const Options& options, const Observer& observer,
             Clock::time_point begin, Workplace* place, report::Report* report) {
  const auto on_progress = [&observer](const EntryJob& job, const EntryProgress& progress) {
    report::Entry current;
    current.set_package(job.package);
    current.set_name(job.program.entry);
    current.set_kind(job.kind_name);
    if (observer.on_progress) observer.on_progress(current, progress);
  };
  const auto on_entry = [&observer](const report::Entry& entry) {
    if (observer.on_entry) observer.on_entry(entry);
  };
  PartialReports partial(observer, begin);
  if (options.total.count() > 0) {
    const Night night{.jobs = std::move(jobs),
                      .end = begin + options.total,
                      .new_temp_dir = [place] { return place->work_dir->NewTargetDir(); },
                      .on_progress = on_progress,
                      .on_first_run = on_entry,
                      .on_results =
                          [&](const std::vector<EntryResult>& results) {
                            if (!partial.Due()) return;
                            report::Report so_far = *report;
                            for (const EntryResult& result : results) AddResult(result, &so_far);
                            partial.Hand(std::move(so_far));
                          }};
    for (EntryResult& result : RunNight(night)) AddResult(std::move(result), report);
    return;
  }
  std::vector<EntryResult> results;
  for (const EntryJob& job : jobs) {
    if (Interrupted(job.interrupted)) break;
    results.push_back(RunEntry(AfterOthers(job, results),
                               [&](const EntryProgress& progress) { on_progress(job, progress); }));
    on_entry(results.back().entry);
    AddResult(results.back(), report);
    if (partial.Due()) partial.Hand(*report);
  }
}

}  // namespace

report::Report RunCampaign(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted) {
  const Clock::time_point begin = Clock::now();
  report::Report report = NewReport(options);
  StageTimer timer(&report);
  Workplace place;
  std::vector<PlannedEntry> entries;
  input::Sequence replay;
  if (!options.replay.empty()) {
    auto calls = ReadReplay(options.replay);
    if (!calls.ok()) {
      Fail(&report, calls.status());
      return report;
    }
    replay = *std::move(calls);
  }
  if (Plan(options, observer, interrupted, &place, &entries, &timer, &report)) {
    if (observer.on_plan) observer.on_plan(entries.size());
    std::vector<EntryJob> jobs;
    for (const PlannedEntry& planned : entries) {
      auto temp_dir = place.work_dir->NewTargetDir();
      if (!temp_dir.ok()) {
        Fail(&report, temp_dir.status());
        break;
      }
      EntryJob& job = jobs.emplace_back(JobFor(planned, options, place, *temp_dir, interrupted));
      if (planned.kind != agent::ENTRY_FUZZ) continue;
      job.replay = replay;
      job.replay_file = options.replay;
    }
    RunJobs(std::move(jobs), options, observer, begin, &place, &report);
    timer.Done("run");
    report.set_interrupted(Interrupted(interrupted));
    Conclude(&report);
  }
  report.set_seconds(Seconds(Clock::now() - begin));
  return report;
}

report::Report ListEntries(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted) {
  report::Report report = NewReport(options);
  StageTimer timer(&report);
  Workplace place;
  std::vector<PlannedEntry> entries;
  if (!Plan(options, observer, interrupted, &place, &entries, &timer, &report)) return report;
  for (const PlannedEntry& planned : entries) {
    report::Entry* entry = report.add_entries();
    entry->set_package(planned.package);
    entry->set_name(planned.name);
    entry->set_kind(std::string(KindName(planned.kind)));
  }
  Conclude(&report);
  return report;
}

}  // namespace goleakstress::campaign
