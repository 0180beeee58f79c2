#include "harness/campaign/campaign.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include "harness/campaign/prepare.h"
#include "harness/campaign/spellings.h"
#include "harness/exit_code.h"
#include "harness/explain/findings.h"
#include "harness/input/dictionary.h"
#include "harness/input/file_bytes.h"
#include "harness/input/seed_corpus.h"
#include "harness/input/sha256.h"

namespace goleakstress::campaign {
namespace {

using std::chrono::duration;

constexpr size_t kMostReplayBytes = size_t{64} << 20;

bool Interrupted(const std::atomic<bool>* flag) { return flag != nullptr && flag->load(); }

uint64_t MemoryCap(const Options& options) {
  if (options.memory_cap > 0) return options.memory_cap;
  const auto pages = sysconf(_SC_PHYS_PAGES);
  const auto page_size = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && page_size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size) / 4 : 0;
}

report::Report NewReport(const Options& options) {
  report::Report report;
  report.set_schema("goleakstress/report/v1");
  report.set_tool_version(GOLEAKSTRESS_VERSION);
  report.set_seed(options.seed);
  report.set_gc_only_fails(options.gc_only_fails);
  report.set_started(fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))));
  for (const std::string& pattern : options.packages) {
    report.set_target(report.target() + (report.target().empty() ? "" : " ") + pattern);
  }
  if (report.target().empty()) report.set_target(".");
  return report;
}

// Measures the stages of a campaign one after the other.
class StageTimer {
 public:
  explicit StageTimer(report::Report* report) : report_(report) {}
  void Done(const char* name) {
    const auto now = Clock::now();
    report::Stage* stage = report_->add_stages();
    stage->set_name(name);
    stage->set_seconds(duration<double>(now - since_).count());
    since_ = now;
  }

 private:
  report::Report* report_;
  Clock::time_point since_ = Clock::now();
};

// What exploring an entry finds is kept in the work directory, or else in the cache. Empty: there is no
// place.
std::string CorpusDir(const PlannedEntry& planned, const Workplace& place) {
  const std::string key = input::Sha256Hex(planned.package_dir + "\n" + planned.name).substr(0, 16);
  const std::string name = fmt::format("{}-{}", planned.name, key);
  if (place.work_dir->kept()) return fmt::format("{}/{}", place.work_dir->inputs_dir(), name);
  auto entry = place.cache->Entry("fuzz", name);
  return entry.ok() ? *entry : "";
}

EntryJob JobFor(const PlannedEntry& planned, const Options& options, const std::string& temp_dir,
                uint64_t memory_cap, const std::atomic<bool>* interrupted) {
  EntryJob job;
  job.program.binary = planned.binary;
  job.program.working_dir = planned.kind == agent::ENTRY_MAIN ? temp_dir : planned.package_dir;
  job.program.temp_dir = temp_dir;
  job.program.kind = planned.kind;
  job.program.entry = planned.name;
  job.program.arguments = options.arguments;
  job.program.memory_cap_bytes = memory_cap;
  job.package = planned.package;
  job.pattern = planned.pattern;
  job.kind_name = std::string(KindName(planned.kind));
  job.code.user_dirs = {planned.module_dir};
  job.code.goroots = planned.goroots;
  job.code.agent_package = planned.agent_package;
  job.relative_to = planned.module_dir;
  job.package_dir = planned.package_dir;
  if (planned.kind == agent::ENTRY_FUZZ) job.dictionary = input::ReadPackageDictionary(planned.package_dir);
  job.build_explorer = planned.build_explorer;
  if (options.save_corpus)
    job.save_dir = fmt::format("{}/testdata/fuzz/{}", planned.package_dir, planned.name);
  job.seed = options.seed;
  job.budget = options.budget;
  job.interrupted = interrupted;
  return job;
}

absl::StatusOr<input::Sequence> ReadReplay(const std::string& path) {
  auto text = input::ReadFileBytes(path, kMostReplayBytes);
  if (!text.ok()) return absl::InvalidArgumentError(std::string(text.status().message()));
  auto calls = ReadCalls(*text);
  if (!calls.ok()) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", path, std::string(calls.status().message())));
  }
  return calls;
}

// A leak outweighs everything; then what kept us from looking; then what we could not decide.
void Conclude(report::Report* report) {
  const auto has_leak = [report](const report::Finding& finding) {
    return explain::IsLeak(finding.verdict()) ||
           (finding.verdict() == explain::kGcOnly && report->gc_only_fails());
  };
  const bool leak = std::any_of(report->findings().begin(), report->findings().end(), has_leak);
  const bool broken = std::any_of(report->packages().begin(), report->packages().end(),
                                  [](const report::Package& package) { return !package.error().empty(); });
  const bool unclear =
      std::any_of(report->entries().begin(), report->entries().end(), [](const report::Entry& entry) {
        return entry.verdict() == "inconclusive" || entry.verdict() == "growing";
      });
  ExitCode code = ExitCode::kClean;
  const char* outcome = "clean";
  if (report->interrupted()) {
    code = ExitCode::kInterrupted;
    outcome = "interrupted";
  } else if (leak) {
    code = ExitCode::kLeak;
    outcome = "leak";
  } else if (broken || report->exit_code() != 0) {
    code = ExitCode::kFailure;
    outcome = "error";
  } else if (unclear) {
    code = ExitCode::kInconclusive;
    outcome = "inconclusive";
  }
  report->set_exit_code(static_cast<int>(code));
  report->set_outcome(outcome);
}

void Fail(report::Report* report, const absl::Status& status) {
  report->add_notices(std::string(status.message()));
  const bool usage =
      status.code() == absl::StatusCode::kInvalidArgument || status.code() == absl::StatusCode::kNotFound;
  report->set_exit_code(static_cast<int>(usage ? ExitCode::kUsage : ExitCode::kFailure));
  report->set_outcome("error");
}

// Plans the entries into the report. False: there is nothing to run, and the report says why.
bool Plan(const Options& options, const Observer& observer, const std::atomic<bool>* interrupted,
          Workplace* place, std::vector<PlannedEntry>* entries, StageTimer* timer, report::Report* report) {
  if (absl::Status status = Prepare(options, interrupted, place); !status.ok()) {
    Fail(report, status);
    return false;
  }
  timer->Done("prepare");
  const StageSink tell = [&observer](const std::string& stage) {
    if (observer.on_stage) observer.on_stage(stage);
  };
  auto planned = PlanEntries(options, *place, tell, report);
  timer->Done("build");
  if (!planned.ok()) {
    report->set_interrupted(Interrupted(interrupted));
    if (report->interrupted()) {
      Conclude(report);
    } else {
      Fail(report, planned.status());
    }
    return false;
  }
  *entries = *std::move(planned);
  if (!entries->empty()) return true;
  Conclude(report);
  if (report->exit_code() == 0) {
    Fail(report,
         absl::NotFoundError(
             options.run.empty()
                 ? fmt::format("{}: no entries: no FuzzXxx, TestXxx, ExampleXxx or BenchmarkXxx in its "
                               "_test.go files and no package main",
                               report->target())
                 : fmt::format("-run {}: no entry matches; -list prints them all", options.run)));
  }
  return false;
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
    const uint64_t memory_cap = MemoryCap(options);
    if (observer.on_plan) observer.on_plan(entries.size());
    for (const PlannedEntry& planned : entries) {
      if (Interrupted(interrupted)) break;
      auto temp_dir = place.work_dir->NewTargetDir();
      if (!temp_dir.ok()) {
        Fail(&report, temp_dir.status());
        break;
      }
      EntryJob job = JobFor(planned, options, *temp_dir, memory_cap, interrupted);
      if (planned.kind == agent::ENTRY_FUZZ) {
        job.corpus_dir = CorpusDir(planned, place);
        job.replay = replay;
        job.replay_file = options.replay;
      }
      report::Entry current;
      current.set_package(job.package);
      current.set_name(planned.name);
      current.set_kind(job.kind_name);
      EntryResult result = RunEntry(job, [&](const EntryProgress& progress) {
        if (observer.on_progress) observer.on_progress(current, progress);
      });
      for (report::Finding& finding : result.findings) *report.add_findings() = std::move(finding);
      for (report::Crash& crash : result.crashes) *report.add_crashes() = std::move(crash);
      if (observer.on_entry) observer.on_entry(result.entry);
      *report.add_entries() = std::move(result.entry);
    }
    timer.Done("run");
    report.set_interrupted(Interrupted(interrupted));
    Conclude(&report);
  }
  report.set_seconds(duration<double>(Clock::now() - begin).count());
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
