#include "harness/campaign/fuzz_verbs.h"

#include <utility>

#include "harness/campaign/corpora.h"
#include "harness/campaign/merge_corpus.h"
#include "harness/campaign/plan.h"
#include "harness/exit_code.h"

namespace goleakstress::campaign {
namespace {

absl::Status FillCorpora(const Options& options, Workplace& place, report::Corpora* corpora) {
  auto wanted = FilterOf(options);
  if (!wanted.ok()) return wanted.status();
  auto packages = FindPackages(options, place);
  if (!packages.ok()) return packages.status();
  corpora->set_place(CorporaPlace(options, place));
  for (report::Corpus& corpus : FindCorpora(corpora->place(), *packages, *wanted)) {
    *corpora->add_corpus() = std::move(corpus);
  }
  return absl::OkStatus();
}

}  // namespace

report::Report ListCorpora(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted) {
  const Clock::time_point begin = Clock::now();
  report::Report report = NewReport(options);
  if (observer.on_stage) observer.on_stage("finding packages");
  Options tools = options;
  tools.work.clear();  // another run may hold that directory, and listing shall not make it
  Workplace place;
  absl::Status status = Prepare(tools, interrupted, &place);
  if (status.ok()) status = FillCorpora(options, place, report.mutable_corpora());
  if (status.ok()) {
    Conclude(&report);
  } else {
    report.clear_corpora();
    Fail(&report, status);
  }
  report.set_seconds(Seconds(Clock::now() - begin));
  return report;
}

report::Report MergeCorpora(const Options& options, const Observer& observer,
                            const std::atomic<bool>* interrupted) {
  const Clock::time_point begin = Clock::now();
  report::Report report = NewReport(options);
  StageTimer timer(&report);
  Workplace place;
  std::vector<PlannedEntry> entries;
  if (!Plan(options, observer, interrupted, &place, &entries, &timer, &report)) return report;
  report.mutable_corpora()->set_place(CorporaPlace(options, place));
  std::erase_if(entries, [](const PlannedEntry& entry) { return entry.kind != agent::ENTRY_FUZZ; });
  if (observer.on_plan) observer.on_plan(entries.size());
  bool failed = false;
  for (const PlannedEntry& planned : entries) {
    if (Interrupted(interrupted)) break;
    auto temp_dir = place.work_dir->NewTargetDir();
    if (!temp_dir.ok()) {
      Fail(&report, temp_dir.status());
      break;
    }
    const EntryJob job = JobFor(planned, options, place, *temp_dir, interrupted);
    report::Entry current;
    current.set_package(job.package);
    current.set_name(planned.name);
    report::Corpus* corpus = report.mutable_corpora()->add_corpus();
    corpus->set_package(job.package);
    corpus->set_entry(planned.name);
    corpus->set_directory(job.corpus_dir);
    MergeCorpus(
        job,
        [&](const EntryProgress& progress) {
          if (observer.on_progress) observer.on_progress(current, progress);
        },
        corpus);
    failed = failed || !corpus->merge().error().empty();
    if (observer.on_entry) observer.on_entry(current);
  }
  if (failed) report.set_exit_code(static_cast<int>(ExitCode::kFailure));
  report.set_interrupted(Interrupted(interrupted));
  Conclude(&report);
  report.set_seconds(Seconds(Clock::now() - begin));
  return report;
}

}  // namespace goleakstress::campaign
