#include "harness/campaign/plan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include "harness/campaign/corpora.h"
#include "harness/campaign/spellings.h"
#include "harness/exit_code.h"
#include "harness/explain/findings.h"
#include "harness/input/dictionary.h"

namespace goleakstress::campaign {
namespace {

uint64_t MemoryCap(const Options& options) {
  if (options.memory_cap > 0) return options.memory_cap;
  const auto pages = sysconf(_SC_PHYS_PAGES);
  const auto page_size = sysconf(_SC_PAGE_SIZE);
  return pages > 0 && page_size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size) / 4 : 0;
}

// What makes a run another one, besides package, entry and seed.
std::string FlagsAgain(const Options& options) {
  std::string flags;
  const auto add = [&flags](std::string_view name, const std::string& value) {
    if (!value.empty()) flags += fmt::format(" -{} {}", name, ShellWord(value));
  };
  if (options.budget != Options().budget)
    add("budget", fmt::format("{:g}s", std::chrono::duration<double>(options.budget).count()));
  if (options.memory_cap > 0) add("memory-cap", std::to_string(options.memory_cap));
  add("probes", options.probes);
  add("tags", options.tags);
  add("mod", options.mod);
  add("modfile", options.modfile);
  add("ldflags", options.ldflags);
  add("gcflags", options.gcflags);
  if (options.race) flags += " -race";
  if (!options.arguments.empty()) flags += " --";
  for (const std::string& argument : options.arguments) flags += ' ' + ShellWord(argument);
  return flags;
}

}  // namespace

void StageTimer::Done(const char* name) {
  const auto now = Clock::now();
  report::Stage* stage = report_->add_stages();
  stage->set_name(name);
  stage->set_seconds(Seconds(now - since_));
  since_ = now;
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

EntryJob JobFor(const PlannedEntry& planned, const Options& options, const Workplace& place,
                const std::string& temp_dir, const std::atomic<bool>* interrupted) {
  EntryJob job;
  job.program.binary = planned.binary;
  job.program.working_dir = planned.kind == agent::ENTRY_MAIN ? temp_dir : planned.package_dir;
  job.program.temp_dir = temp_dir;
  job.program.kind = planned.kind;
  job.program.entry = planned.name;
  job.program.arguments = options.arguments;
  job.program.memory_cap_bytes = MemoryCap(options);
  job.package = planned.package;
  job.pattern = planned.pattern;
  job.kind_name = std::string(KindName(planned.kind));
  job.code.user_dirs = {planned.module_dir};
  job.program.user_dirs = job.code.user_dirs;
  job.code.goroots = planned.goroots;
  job.code.agent_package = planned.agent_package;
  job.relative_to = planned.module_dir;
  job.package_dir = planned.package_dir;
  job.combined = planned.combined;
  if (planned.kind == agent::ENTRY_FUZZ) {
    job.dictionary = input::ReadPackageDictionary(planned.package_dir);
    job.corpus_dir = MakeCorpusDir(planned.package_dir, planned.name, place);
  }
  job.build_explorer = planned.build_explorer;
  job.guidance = {.coverage = options.guide == "both" || options.guide == "coverage",
                  .leaks = options.guide == "both" || options.guide == "leaks"};
  job.workers = options.workers;
  // Go has no target of such a name that would read them.
  if (options.save_corpus && !planned.combined)
    job.save_dir = fmt::format("{}/testdata/fuzz/{}", planned.package_dir, planned.name);
  job.seed = options.seed;
  job.flags = FlagsAgain(options);
  job.budget = options.budget;
  job.interrupted = interrupted;
  return job;
}

void Conclude(report::Report* report) {
  const auto has_leak = [report](const report::Finding& finding) {
    return explain::IsLeak(finding.verdict()) ||
           (finding.verdict() == explain::kGcOnly && report->gc_only_fails());
  };
  const bool leak = std::any_of(report->findings().begin(), report->findings().end(), has_leak);
  const bool broken = std::any_of(report->packages().begin(), report->packages().end(),
                                  [](const report::Package& package) { return !package.error().empty(); });
  const auto& entries = report->entries();
  // A main that serves, calls that all fail: where nothing else was run, nothing was tested.
  const auto not_run = [](const report::Entry& entry) { return entry.verdict().empty(); };
  const auto called = [](const report::Entry& entry) { return entry.calls() > 0; };
  const bool none_ran = std::all_of(entries.begin(), entries.end(), not_run) &&
                        std::any_of(entries.begin(), entries.end(), called);
  const bool unclear =
      none_ran || std::any_of(entries.begin(), entries.end(), [](const report::Entry& entry) {
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

}  // namespace goleakstress::campaign
