// One target process and the experiment on it: calls, readings, verdicts, findings.
#ifndef HARNESS_CAMPAIGN_ATTEMPT_H_
#define HARNESS_CAMPAIGN_ATTEMPT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/campaign/clock_watch.h"
#include "harness/campaign/dead_goroutines.h"
#include "harness/campaign/entry_run.h"
#include "harness/campaign/explore.h"
#include "harness/campaign/go_files.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/retention.h"
#include "harness/campaign/schedule.h"
#include "harness/campaign/series.h"
#include "harness/campaign/session.h"
#include "harness/campaign/snapshot.h"
#include "harness/experiment/experiment.h"
#include "harness/explain/findings.h"
#include "harness/input/generator.h"

namespace goleakstress::campaign {

// What the stages plan with.
inline constexpr double kFewCalls = 330;  // in all: then the horizon is 64, and the warm-up shorter
inline constexpr double kLeastWarmUp = 4;
inline constexpr double kUsualSnapshots = 45;  // until a verdict
inline constexpr double kHoldReserve = 0.05;   // of the budget is kept for the hold at least...

// Calls that failed or panicked. What hangs is a finding of its own.
int64_t Failing(const CallTally& tally);

// Not thread-safe. What is handed over must outlive it.
class Attempt {
 public:
  // `clock`: how far it is moved, where it can be moved. `most_calls`: after which
  // something ran out in an earlier process; 0: nothing did.
  Attempt(const EntryJob& job, const Explored& explored, const ProgressSink& progress,
          Clock::time_point begin, uint64_t seed, ClockUse clock, int64_t most_calls, Yields yields)
      : job_(job),
        explored_(explored),
        progress_(progress),
        deadline_(begin + job.budget),
        calls_until_(deadline_),
        seed_(seed),
        clock_(clock),
        most_calls_(most_calls),
        yields_(yields),
        table_(job.code) {}

  // Not ok: the process could not go on; what was learnt until then stands.
  absl::Status Run();

  // The entry is a main that works once and not again: nothing was decided.
  bool only_once() const { return only_once_; }
  // The entry is a main that serves until it is told to end: nothing was decided.
  bool runs_on() const { return runs_on_; }
  // Calls fail since the clock was moved and did not before: nothing was decided.
  bool clock_breaks_calls() const { return clock_breaks_calls_; }
  // The target does not rest any more since its clock was moved: what is asked of it takes any time. Nothing
  // was decided where it ended early for that, with time left for a fresh process.
  bool clock_keeps_busy() const { return clock_keeps_busy_; }
  bool ended_early() const { return ended_early_; }
  // How far the clock was moved while the target came to rest; seconds.
  double moved_seconds() const { return moved_seconds_; }
  // Calls until something ran out, in so few and large batches that nothing was decided; 0: not so.
  int64_t ran_out_early() const { return ran_out_early_; }
  // Nearly all calls failed or panicked, or only the first one returned, and nothing was found: what they
  // would have come to is not known.
  bool hardly_ran() const;
  Session* session() const { return session_.get(); }
  const CallTally& tally() const { return tally_; }
  const std::vector<input::Input>& pool() const { return pool_; }
  const std::vector<explain::GrowingSite>& growing() const { return growing_; }
  int snapshots() const { return experiment_ ? experiment_->snapshots() : 0; }
  void Fill(EntryResult* result);

 private:
  // The stages.
  absl::Status Start();
  absl::Status WarmUp();
  absl::Status Dose();
  absl::Status Hold();
  // Lets so much time pass and reads; again, up to `more` times, while that releases something in parts.
  absl::Status Idle(double seconds, int more);
  // Calls after the last hold and lessens the levels to what is there then: what expired is often swept by
  // the next call only.
  absl::Status CallOnceMore(std::vector<double>* levels);
  // Holds on, in finer steps, while many wait for a time: who does something every five seconds for an hour,
  // or every hour for a day, may have done it but once in each step of the clock.
  absl::Status LetTimersEnd(double seconds);
  absl::Status MakeAfterHold();
  // Rare leaks of goroutines that the runtime proves dead; it goes on calling where some are, until it is
  // clear whether they come with the calls.
  absl::Status SeekDead();
  absl::Status Explain();

  // Calls.
  // Sets per_call_ by the calls made since; keeps it where there were none.
  void TimeCallsSince(const CallTally& before);
  absl::Status Repeat(int64_t count) { return Call(pool_, count); }
  absl::Status Make(const experiment::Dose& dose);
  // The dose in equal shares, one under each schedule.
  absl::Status MakeOnAllSchedules(const experiment::Dose& dose);
  absl::Status Call(const std::vector<input::Input>& inputs, int64_t count);

  // Readings.
  double PerCall(double came) const;           // what came since the start
  double MostCalls() const;                    // until something runs out
  double CostOfCall(double goroutines) const;  // seconds, where so many are there now
  void ChoosePlan(const SnapshotResult& first, int64_t warm_up, double pad);
  int64_t LongestHorizon(const SnapshotResult& read) const;  // that is of use, whatever the time
  struct Longer {
    int64_t horizon;
    double share;  // of the time left, at most
  };
  // What a settled experiment could be followed to, the longest first.
  std::vector<Longer> LongerHorizons() const;
  // Seconds of a snapshot: on a busy machine the last one may have taken long by chance, and a verdict hangs
  // on it.
  double SnapshotLately() const;
  double HoldReserve() const;  // seconds: ...and as much as the readings of a hold take
  bool Affords(const Longer& longer) const;
  // Whether the time left is used for one of them.
  bool GoesOn();
  bool MovesClock() const { return clock_.between_batches && session_->HasProbe("clock"); }
  // Holds move the clock, and not only so far that the target stays at rest.
  bool HoldsFreely() const;
  // A snapshot after a pad. It is told whether the clock was moved in the calls since `before`.
  absl::StatusOr<SnapshotResult> ReadAfter(const CallTally& before, double pad_seconds);

  // A main that did not return, though nothing keeps it from going on: it serves until it is told to end.
  bool RunsOn();
  // It ended the process, or all calls but the first panic: what it registers can be registered only once.
  bool CallableOnlyOnce() const;
  // The first call, in real time, was well, and most of the next, for which the clock was moved, are not.
  bool PassingBreaksCalls(const CallTally& first) const;
  // Calls fail since the clock was moved: whether that is why, or they do so for want of a resource.
  absl::Status AskWhyCallsFail();
  // Something ran out, and the first batches before it may tell of what: those after it do not.
  void NoteRanOut();
  // A call was under way when the time was up, and goes on: it did not hang, but whatever moves the clock now
  // moves it for that call too, whose own time-outs would end the process.
  bool IsUnfinished() const;
  bool HasTimeForAnother() const;
  bool MayStartAnew() const;
  void AddNewSites();
  void Remember(const SnapshotResult& read);
  // At the first alarm, or once the moved clock keeps it busy, while the target still answers: that may slow
  // it down until it does not.
  absl::Status RememberStacks();
  bool OutOfTime() const;
  bool HangsTooMuch() const;
  bool SkipsItself() const;                  // in every call: there is nothing to look for
  absl::StatusOr<double> HeapObjectBytes();  // live or not
  bool IsOutOfMemory(double heap_live_bytes) const;
  void Tell(const char* stage) const;

  // Findings.
  double LevelAt(size_t row, size_t site) const;
  bool EverMoved(size_t site) const;
  bool IsCompanion(size_t site) const;
  std::set<std::string> DecidedCounts(const std::vector<experiment::SiteVerdict>& verdicts) const;
  bool SaysNoMore(const explain::Site& site, const std::set<std::string>& decided) const;
  std::vector<explain::GrowingSite> GrowingSites(const std::vector<experiment::SiteVerdict>& verdicts) const;
  GoroutineHistory HistoryOf(size_t site) const;
  // How many goroutines of each site the runtime proves dead; none where it cannot.
  absl::StatusOr<std::vector<double>> CountProven(const std::vector<explain::GrowingSite>& sites);
  absl::Status MarkProven(std::vector<explain::GrowingSite>* sites);
  absl::Status CompareWithStock(const std::vector<explain::GrowingSite>& sites,
                                std::vector<explain::GoroutineDetail>* details);
  explain::EntryContext Context() const;
  void NoteFilled(const std::vector<experiment::SiteVerdict>& verdicts);
  // Judges the sites and keeps those that grow in growing_, and those that filled up in filled_.
  std::vector<experiment::SiteVerdict> JudgeSites();
  void ExplainWithoutTarget();
  RetentionJob Retention();
  // In a fresh process, after so few calls that its heap is small; nothing where that does not help.
  std::optional<HeapChange> DumpAnew(RetentionJob job);
  void ExplainRetention(std::string_view stacks, std::vector<explain::GoroutineDetail> details);
  absl::Status NoteUncountedC();
  std::string WhatSettles(const experiment::SiteVerdict& verdict) const;
  void NoteInconclusive(const std::vector<experiment::SiteVerdict>& verdicts);
  void NoteFailures();
  void AddHangFinding(std::vector<report::Finding>* findings);
  bool OnlyTheFirstReturns(const HungGoroutines& goroutines) const;
  // Of a hung call that waits for a pool: what keeps it empty. Empty: that is not the cause.
  std::vector<report::Finding> ExhaustedPool(const Hang& hang, const HungGoroutines& goroutines) const;

  const EntryJob& job_;
  const Explored& explored_;
  const ProgressSink& progress_;
  const Clock::time_point deadline_;
  Clock::time_point calls_until_;  // later than the deadline for the few after the hold
  const uint64_t seed_;
  const ClockUse clock_;
  const int64_t most_calls_;
  const Yields yields_;
  SeriesTable table_;
  std::vector<double> things_;              // experiment::SiteTraits' of the sites that the experiment knows
  std::map<std::string, int> heap_places_;  // groups of sites by stack
  std::unique_ptr<Session> session_;
  std::unique_ptr<input::InputSource> source_;
  bool takes_inputs_ = false;
  input::Generator* generator_ = nullptr;  // source_, where it makes inputs rather than rows
  std::vector<input::Input> pool_;
  double goroutines_at_start_ = 0, fds_at_start_ = 0;  // before the first call
  uint32_t own_processors_ = 1;
  std::vector<Schedule> portfolio_;
  experiment::Plan plan_;
  std::optional<experiment::Experiment> experiment_;
  std::optional<SnapshotReader> reader_;
  CallTally tally_;
  double per_call_ = 0;  // seconds, of the last batch
  bool only_once_ = false;
  bool runs_on_ = false;
  bool counts_c_ = false;  // the memory that C takes, by the calls that take it
  bool clock_breaks_calls_ = false;
  bool clock_keeps_busy_ = false, ended_early_ = false;
  double moved_seconds_ = 0;
  int64_t ran_out_early_ = 0;
  bool only_first_returns_ = false;
  bool out_of_memory_ = false;  // by the cap on the live heap
  explain::ReadSource read_source_ = GoFiles();
  ClockWatch clock_watch_;
  double snapshot_seconds_ = 0;  // the last one
  std::vector<double> snapshot_times_;
  int unquiet_ = 0;
  int64_t exhausted_at_start_ = 0;
  int64_t exhausted_after_ = 0;  // calls until something ran out; 0: nothing did
  SnapshotResult last_read_;
  std::string early_stacks_;                  // the text of all goroutines, at the first alarm
  std::vector<std::vector<double>> history_;  // levels by snapshot
  std::vector<int64_t> calls_at_;             // made until each snapshot
  std::vector<double> held_;                  // the levels at the end of the last hold
  std::map<size_t, size_t> stands_for_;       // a total (totals.h), by site
  std::map<size_t, double> dead_;             // by site: goroutines proven dead that came with the calls
  std::vector<explain::GrowingSite> growing_;
  std::vector<report::Finding> findings_;
  std::set<std::string> filled_;  // keys of allocation sites
  std::optional<experiment::EntryVerdict> verdict_;
  std::vector<std::string> notes_;
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_ATTEMPT_H_
