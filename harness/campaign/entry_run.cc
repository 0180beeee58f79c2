#include "harness/campaign/entry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "collectors/fd_table.h"
#include "harness/campaign/exhaustion.h"
#include "harness/campaign/explore.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/process_run.h"
#include "harness/campaign/retention.h"
#include "harness/campaign/schedule.h"
#include "harness/campaign/series.h"
#include "harness/campaign/smallest_input.h"
#include "harness/campaign/snapshot.h"
#include "harness/experiment/experiment.h"
#include "harness/explain/findings.h"
#include "harness/input/generator.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {
namespace {

using experiment::Experiment;
using experiment::Plan;
using experiment::SiteVerdict;
using explain::Family;
using explain::GoroutineDetail;
using explain::GrowingSite;
using explain::Site;
using std::chrono::duration;
using std::chrono::seconds;

constexpr int kMostProcesses = 3;       // a target that keeps dying is not worth more
constexpr int kTimedCalls = 4;          // before the plan is chosen; the first one is not counted
constexpr double kWarmUpShare = 0.1;    // of the budget goes to the calls before the first reading, at most
constexpr double kUsualSnapshots = 45;  // until a verdict
constexpr double kSlowShare = 0.2;      // of the budget for them: a slow first snapshot is taken again
// What a goroutine that stays costs over all snapshots to come: some 20 us each time, 20 times.
constexpr double kSecondsPerLeakedGoroutine = 400e-6;
constexpr double kRealHoldShare = 0.15;  // of the budget, where the clock cannot be moved
constexpr double kHoldReserve = 0.05;    // of the budget is kept for the hold
constexpr double kMemoryShare = 0.75;    // of the memory cap in live heap counts as exhausted
constexpr double kStockSeconds = 0.3;    // for calls on Go's own schedule...
constexpr double kMostStockCalls = 300;  // ...at most
constexpr int64_t kLeastStockCalls = 20;
constexpr double kSameRate = 0.8;           // less than this share of the rate is worth a word
constexpr int64_t kLeastShared = 4;         // calls under one schedule
constexpr int64_t kTellingCalls = 12;       // since the first jump, from which on failing ones tell...
constexpr int64_t kMostTellingCalls = 500;  // ...and until when: later it may be for another reason
constexpr int64_t kMostHungCalls = 20;      // then it is known that calls hang
constexpr size_t kMostPartners = 32;        // goroutines of a hung call that its finding names
constexpr double kRealPadSeconds = 0.1;     // where the clock cannot be moved
constexpr size_t kFreshChunk = 1024;        // inputs in one message

// Of the budget goes to making inputs small: so much where it is there, and so much though it is not.
constexpr double kMinimiseShare = 0.2;
constexpr double kLeastMinimiseShare = 0.07;

constexpr double kBytesResolution = 16;   // the smallest size class step
constexpr double kMaterialBytes = 1;      // per call
constexpr double kMaterialCount = 0.002;  // per call: one in 500

// What two heap dumps may take beyond the budget where that is used up: a leak that is not understood is half
// a leak.
constexpr double kLeastRetentionSeconds = 1;
constexpr double kRetentionShare = 0.1;
constexpr double kLeastContainerBytes = 1024;

double Seconds(Clock::duration d) { return duration<double>(d).count(); }

// Pools of descriptors are smaller than 1,024, the usual limit of a process (getrlimit(2), RLIMIT_NOFILE):
// where each second call leaves one behind, that horizon tells a pool from a leak.
constexpr double kDescriptorsPerCall = 0.5;

// The calls that each horizon needs: those of a leak by key, which climbs at half the pace.
Plan ChoosePlan(double affordable_calls, double descriptors_per_call) {
  if (affordable_calls >= 14000 && descriptors_per_call < kDescriptorsPerCall) return Plan::ForHorizon(8192);
  if (affordable_calls >= 1800) return Plan::ForHorizon(1024);
  return Plan::ForHorizon(256);
}

experiment::SiteTraits TraitsOf(const Site& site) {
  if (site.family == Family::kHeap && site.kind == "bytes") return {kBytesResolution, kMaterialBytes, false};
  if (site.family == Family::kProcess && site.kind.starts_with("memory")) {
    return {kOutsideStep, kMaterialBytes, false};
  }
  return {1, kMaterialCount, site.before_jump};
}

int64_t Failing(const CallTally& tally) {
  return tally.outcomes[agent::OUTCOME_FAILED] + tally.outcomes[agent::OUTCOME_PANICKED] +
         tally.outcomes[agent::OUTCOME_HUNG];
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void SetOutcomes(report::Outcomes* out, const CallTally& tally) {
  out->set_ok(static_cast<int>(tally.outcomes[agent::OUTCOME_OK]));
  out->set_failed(static_cast<int>(tally.outcomes[agent::OUTCOME_FAILED]));
  out->set_skipped(static_cast<int>(tally.outcomes[agent::OUTCOME_SKIPPED]));
  out->set_panicked(static_cast<int>(tally.outcomes[agent::OUTCOME_PANICKED]));
  out->set_exited(static_cast<int>(tally.outcomes[agent::OUTCOME_EXITED]));
  out->set_hung(static_cast<int>(tally.outcomes[agent::OUTCOME_HUNG]));
}

// One process, one experiment.
class Attempt {
 public:
  // `move_clock`: between batches; the hold moves it anyway, where it can be moved.
  Attempt(const EntryJob& job, const Explored& explored, const ProgressSink& progress,
          Clock::time_point begin, uint64_t seed, bool move_clock)
      : job_(job),
        explored_(explored),
        progress_(progress),
        begin_(begin),
        deadline_(begin + job.budget),
        seed_(seed),
        move_clock_(move_clock),
        table_(job.code) {}

  // Not ok: the process could not go on; what was learnt until then stands.
  absl::Status Run() {
    for (auto stage :
         {&Attempt::Start, &Attempt::WarmUp, &Attempt::Dose, &Attempt::Hold, &Attempt::Explain}) {
      if (absl::Status status = (this->*stage)(); !status.ok()) return status;
      if (only_once_ || clock_breaks_calls_) break;
    }
    session_->End();
    return absl::OkStatus();
  }

  // The entry is a main that works once and not again: nothing was decided.
  bool only_once() const { return only_once_; }
  // Calls fail since the clock was moved and did not before: nothing was decided.
  bool clock_breaks_calls() const { return clock_breaks_calls_; }
  Session* session() { return session_.get(); }
  const CallTally& tally() const { return tally_; }
  const std::vector<input::Input>& pool() const { return pool_; }
  const std::vector<GrowingSite>& growing() const { return growing_; }
  int snapshots() const { return experiment_ ? experiment_->snapshots() : 0; }
  void Fill(EntryResult* result);

 private:
  absl::Status Start() {
    Tell("starting");
    auto session = Session::Start(job_.program, deadline_, job_.interrupted);
    if (!session.ok()) return session.status();
    session_ = *std::move(session);
    auto metrics =
        session_->client().ReadMetrics({"/sched/gomaxprocs:threads", "goleakstress/goroutines"}, seconds(20));
    if (!metrics.ok()) return metrics.status();
    for (const agent::Metric& metric : metrics->metrics()) {
      if (metric.name() == "/sched/gomaxprocs:threads")
        own_processors_ = static_cast<uint32_t>(metric.value());
      if (metric.name() == "goleakstress/goroutines") goroutines_at_start_ = metric.value();
    }
    auto fds = collectors::ReadFdTable(session_->pid(), {});
    if (!fds.ok()) return fds.status();
    fds_at_start_ = static_cast<double>(fds->size());
    portfolio_ = Portfolio(own_processors_, session_->HasProbe("schedule"));
    if (absl::Status status = Apply(portfolio_.back(), seed_, &session_->client()); !status.ok())
      return status;
    auto kinds = input::KindsFromProto(session_->ready());
    if (!kinds.ok()) return kinds.status();
    std::vector<input::Input> seeds = job_.extra_seeds;
    for (const agent::Input& message : session_->ready().seeds()) {
      if (auto seed = input::FromProto(message); seed.ok()) seeds.push_back(*std::move(seed));
    }
    if (kinds->empty()) {
      source_ = std::make_unique<input::NoInputs>();
    } else {
      auto generator = std::make_unique<input::Generator>(
          *kinds, explored_.seeds.empty() ? seeds : explored_.seeds, job_.dictionary, seed_);
      generator_ = generator.get();
      source_ = std::move(generator);
    }
    if (generator_ != nullptr) pool_ = explored_.pool.empty() ? source_->RepeatPool() : explored_.pool;
    return absl::OkStatus();
  }

  absl::Status WarmUp() {
    if (absl::Status status = Repeat(1); !status.ok()) return status;
    const Clock::time_point timed = Clock::now();
    if (absl::Status status = Repeat(kTimedCalls - 1); !status.ok()) return status;
    per_call_ = Seconds(Clock::now() - timed) / (kTimedCalls - 1);
    if (CallableOnlyOnce()) {
      only_once_ = true;
      return absl::OkStatus();
    }
    const double affordable = kWarmUpShare * Seconds(job_.budget) / std::max(per_call_, 1e-7);
    const auto warm_up = static_cast<int64_t>(std::clamp(affordable, 4.0, 64.0));
    if (absl::Status status = Make({warm_up - warm_up / 2, warm_up / 2, 0}); !status.ok()) return status;
    // Again, now that lazy things are there: the doses are planned by it.
    if (tally_.made > 0) {
      per_call_ =
          std::max(1e-7, 1e-9 * static_cast<double>(tally_.nanoseconds) / static_cast<double>(tally_.made));
    }
    reader_.emplace(*session_, table_);
    reader_->MoveClock(move_clock_);
    before_jump_ = tally_;
    auto read = reader_->Read(MovesClock() ? Plan().pad_seconds : kRealPadSeconds);
    if (!read.ok()) return read.status();
    snapshot_seconds_ = read->seconds;
    if (kUsualSnapshots * snapshot_seconds_ > kSlowShare * Seconds(job_.budget)) {
      // The first one may pay for what is done once; the plan hangs on it.
      read = reader_->Read(MovesClock() ? Plan().pad_seconds : kRealPadSeconds);
      if (!read.ok()) return read.status();
      snapshot_seconds_ = std::min(snapshot_seconds_, read->seconds);
    }

    const double left =
        Seconds(deadline_ - Clock::now()) * (1 - kHoldReserve) - kUsualSnapshots * snapshot_seconds_;
    // Where goroutines pile up every snapshot has more to read and to collect, and all later ones too.
    const auto made = static_cast<double>(std::max<int64_t>(1, tally_.made));
    const auto per_call = [made](double now, double at_start) {
      return std::max(0.0, now - at_start) / made;
    };
    const double piling = per_call(static_cast<double>(read->goroutines), goroutines_at_start_);
    plan_ = ChoosePlan(left / (per_call_ + piling * kSecondsPerLeakedGoroutine),
                       per_call(static_cast<double>(read->fds), fds_at_start_));
    plan_.warm_up = warm_up;
    plan_.inputs = generator_ != nullptr;
    if (!MovesClock()) plan_.pad_seconds = kRealPadSeconds;
    if (!session_->HasProbe("clock")) plan_.holds = {std::min(100.0, kRealHoldShare * Seconds(job_.budget))};
    experiment_.emplace(plan_, seed_);
    AddNewSites();
    experiment_->FirstReading(table_.levels());
    Remember(*read);
    exhausted_at_start_ = read->exhausted;
    return absl::OkStatus();
  }

  absl::Status Dose() {
    while (!experiment_->Done()) {
      if (OutOfTime() || HangsTooMuch() || tally_.ended) {
        experiment_->NoteCut();
        break;
      }
      const experiment::Dose dose = experiment_->Next();
      if (absl::Status status = MakeOnAllSchedules(dose); !status.ok()) return status;
      if (ClockBreaksCalls()) {
        clock_breaks_calls_ = true;
        return absl::OkStatus();
      }
      auto read = reader_->Read(plan_.pad_seconds * (1 + dose.idle_pads));
      if (!read.ok()) return read.status();
      AddNewSites();
      if (tally_.cut) {
        experiment_->ObserveLost(read->target_seconds);
        experiment_->NoteCut();
        break;
      }
      experiment_->Observe(table_.levels(), read->target_seconds);
      Remember(*read);
      Tell(experiment_->stage() == experiment::Stage::kScreen ? "screen" : "confirm");
      const bool exhausted = read->exhausted > exhausted_at_start_;
      if (exhausted && exhausted_after_ == 0) exhausted_after_ = experiment_->calls();
      // Where nothing betrays itself before, the calls that fail from now on do.
      if ((exhausted && experiment_->first_alarm_calls() > 0) || OutOfMemory(*read))
        experiment_->NoteExhausted(experiment_->calls());
    }
    return absl::OkStatus();
  }

  absl::Status Hold() {
    reader_->MoveClock(true);
    double held = 0;
    while (experiment_->NeedsHold()) {
      Tell("hold");
      const double until = experiment_->HoldSeconds();
      auto read = reader_->Read(until - held);
      if (!read.ok()) return read.status();
      AddNewSites();
      held = until;
      experiment_->ObserveHold(until, table_.levels());
    }
    return absl::OkStatus();
  }

  absl::Status Explain();

  // ---- pieces

  absl::Status Repeat(int64_t count) { return Call(pool_, count); }

  // The dose in equal shares, one under each schedule.
  absl::Status MakeOnAllSchedules(const experiment::Dose& dose) {
    const auto shares = static_cast<int64_t>(portfolio_.size());
    if (dose.repeated + dose.fresh < kLeastShared * shares) return Make(dose);
    for (int64_t i = 0; i < shares; ++i) {
      const Schedule& schedule = portfolio_[static_cast<size_t>(i)];
      if (absl::Status status =
              Apply(schedule, seed_ + static_cast<uint64_t>(tally_.made), &session_->client());
          !status.ok())
        return status;
      const auto share = [i, shares](int64_t calls) { return calls * (i + 1) / shares - calls * i / shares; };
      if (absl::Status status = Make({share(dose.repeated), share(dose.fresh), 0}); !status.ok())
        return status;
    }
    return absl::OkStatus();
  }

  absl::Status Make(const experiment::Dose& dose) {
    if (absl::Status status = Call(pool_, dose.repeated); !status.ok()) return status;
    if (generator_ == nullptr) return Call({}, dose.fresh);
    for (int64_t made = 0; made < dose.fresh && !tally_.cut && !tally_.ended;) {
      auto inputs = source_->Take(std::min(kFreshChunk, static_cast<size_t>(dose.fresh - made)));
      if (!inputs.ok()) return inputs.status();
      if (absl::Status status = Call(*inputs, static_cast<int64_t>(inputs->size())); !status.ok())
        return status;
      if (absl::Status status = source_->Report(std::vector<input::CallResult>(inputs->size())); !status.ok())
        return status;
      made += static_cast<int64_t>(inputs->size());
    }
    return absl::OkStatus();
  }

  absl::Status Call(const std::vector<input::Input>& inputs, int64_t count) {
    if (count <= 0 || tally_.cut || tally_.ended) return absl::OkStatus();
    auto tally = session_->Calls(inputs, count, deadline_);
    if (!tally.ok()) return tally.status();
    tally_.Add(*tally);
    return absl::OkStatus();
  }

  bool MovesClock() const { return move_clock_ && session_->HasProbe("clock"); }

  // One long-lived connection, session or lease that the jump let expire: hardly a call failed before, most
  // do since.
  bool ClockBreaksCalls() const {
    const int64_t since = tally_.made - before_jump_.made;
    if (!MovesClock() || since < kTellingCalls || since > kMostTellingCalls) return false;
    return 10 * Failing(before_jump_) <= before_jump_.made &&
           2 * (Failing(tally_) - Failing(before_jump_)) >= since;
  }

  // It ended the process, or all calls but the first panic: what it registers can be registered only once.
  bool CallableOnlyOnce() const {
    if (job_.program.kind != agent::ENTRY_MAIN) return false;
    return tally_.ended || (tally_.made > 1 && tally_.outcomes[agent::OUTCOME_PANICKED] == tally_.made - 1);
  }

  void AddNewSites() {
    while (sites_ < table_.size()) {
      experiment_->AddSite(TraitsOf(table_.site(sites_)));
      ++sites_;
    }
  }

  void Remember(const SnapshotResult& read) {
    history_.push_back(table_.levels());
    snapshot_seconds_ = read.seconds;
    snapshot_times_.push_back(read.seconds);
    last_read_ = read;
    if (!read.quiet) ++unquiet_;
  }

  bool OutOfTime() const {
    if (job_.interrupted != nullptr && job_.interrupted->load()) return true;
    // The next dose is secret, so it may not decide; half of the largest one must fit.
    const double next = static_cast<double>(experiment_->calls()) / 4 * per_call_ + 2 * snapshot_seconds_;
    return Seconds(deadline_ - Clock::now()) < next + kHoldReserve * Seconds(job_.budget);
  }

  bool HangsTooMuch() const { return tally_.outcomes[agent::OUTCOME_HUNG] >= kMostHungCalls; }

  bool OutOfMemory(const SnapshotResult& read) const {
    return job_.program.memory_cap_bytes > 0 &&
           read.heap_live_bytes > kMemoryShare * static_cast<double>(job_.program.memory_cap_bytes);
  }

  void Tell(const char* stage) const {
    progress_({.stage = stage,
               .calls = tally_.made,
               .horizon = plan_.horizon,
               .snapshots = snapshots(),
               .goroutines = last_read_.goroutines,
               .heap_bytes = last_read_.heap_live_bytes});
  }

  double LevelAt(size_t row, size_t site) const;
  bool IsCompanion(size_t site) const;
  std::vector<GrowingSite> GrowingSites(const std::vector<SiteVerdict>& verdicts) const;
  absl::Status MarkProven(const std::vector<GrowingSite>& sites, std::vector<GoroutineDetail>* details);
  absl::Status CompareWithStock(const std::vector<GrowingSite>& sites, std::vector<GoroutineDetail>* details);
  explain::EntryContext Context() const;
  RetentionJob Retention();
  void NoteInconclusive(const std::vector<SiteVerdict>& verdicts);
  void AddHangFinding(std::vector<report::Finding>* findings) const;

  const EntryJob& job_;
  const Explored& explored_;
  const ProgressSink& progress_;
  const Clock::time_point begin_, deadline_;
  const uint64_t seed_;
  const bool move_clock_;
  SeriesTable table_;
  size_t sites_ = 0;  // of the table that the experiment knows
  std::unique_ptr<Session> session_;
  std::unique_ptr<input::InputSource> source_;
  input::Generator* generator_ = nullptr;  // source_, where the entry takes inputs
  std::vector<input::Input> pool_;
  double goroutines_at_start_ = 0, fds_at_start_ = 0;  // before the first call
  uint32_t own_processors_ = 1;
  std::vector<Schedule> portfolio_;
  Plan plan_;
  std::optional<Experiment> experiment_;
  std::optional<SnapshotReader> reader_;
  CallTally tally_;
  double per_call_ = 0;
  bool only_once_ = false;
  bool clock_breaks_calls_ = false;
  CallTally before_jump_;
  double snapshot_seconds_ = 0;  // the last one
  std::vector<double> snapshot_times_;
  int unquiet_ = 0;
  int64_t exhausted_at_start_ = 0;
  int64_t exhausted_after_ = 0;  // calls; 0: nothing ran out
  SnapshotResult last_read_;
  std::vector<std::vector<double>> history_;  // levels by snapshot
  std::vector<GrowingSite> growing_;
  std::vector<report::Finding> findings_;
  std::optional<experiment::EntryVerdict> verdict_;
  std::vector<std::string> notes_;
};

double Attempt::LevelAt(size_t row, size_t site) const {
  const std::vector<double>& levels = history_[row];
  return site < levels.size() ? levels[site] : 0.0;
}

// Whether an allocation site gained for good without a growth word, as the backing array of a map does.
bool Attempt::IsCompanion(size_t site) const {
  if (table_.site(site).family != Family::kHeap || table_.site(site).kind != "bytes" || history_.empty())
    return false;
  const double first = LevelAt(0, site);
  const double gained = LevelAt(history_.size() - 1, site) - first;
  double most = 0;
  for (size_t row = 1; row < history_.size(); ++row) most = std::max(most, LevelAt(row, site) - first);
  return gained >= kLeastContainerBytes && gained >= 0.5 * most;
}

std::vector<GrowingSite> Attempt::GrowingSites(const std::vector<SiteVerdict>& verdicts) const {
  std::vector<GrowingSite> growing;
  bool fds_grow = false;
  for (const SiteVerdict& verdict : verdicts) {
    const size_t id = static_cast<size_t>(verdict.site);
    const Site& site = table_.site(id);
    if (site.before_jump) continue;
    GrowingSite grown;
    grown.site = site;
    const bool failing = TakeExhaustion(&grown.site);
    grown.companion = !IsGrowth(verdict.verdict);
    if (grown.companion && !IsCompanion(id)) continue;
    grown.verdict = std::string(Name(verdict.verdict));
    if (failing && verdict.verdict == experiment::Verdict::kLeak) grown.verdict = "exhausted";
    grown.driver = std::string(Name(verdict.driver));
    double log_e = verdict.log_e_call;
    grown.factor = "call";
    if (verdict.driver == experiment::Driver::kKey) grown.factor = "fresh";
    if (verdict.driver == experiment::Driver::kTime) {
      grown.factor = "time";
      log_e = verdict.log_e_time;
    }
    grown.log10_e = log_e / 2.302585092994046;
    grown.rate = verdict.rate.rate;
    grown.rate_low = verdict.rate.low;
    grown.rate_high = verdict.rate.high;
    for (size_t row = 1; row < history_.size(); ++row) {
      grown.changes.push_back(LevelAt(row, id) - LevelAt(row - 1, id));
    }
    fds_grow = fds_grow || failing || (site.family == Family::kFd && !site.healed_by_gc);
    growing.push_back(std::move(grown));
  }
  // The kernel's list is the truth about descriptors: the agent's may have missed a close.
  std::erase_if(growing, [&](const GrowingSite& grown) {
    return grown.site.family == Family::kResource && grown.site.kind.starts_with("fd.") &&
           !grown.site.healed_by_gc && !fds_grow;
  });
  return growing;
}

absl::Status Attempt::MarkProven(const std::vector<GrowingSite>& sites,
                                 std::vector<GoroutineDetail>* details) {
  // Read twice: a goroutine that is just coming back to life may be listed once (go.dev/issue/79452).
  std::vector<double> least;
  for (int reading = 0; reading < 2; ++reading) {
    auto bytes = session_->client().ReadProfile("goroutineleak", seconds(60));
    if (!bytes.ok()) return bytes.status();
    if (!*bytes) return absl::OkStatus();
    auto profile = collectors::DecodeProfile(**std::move(bytes));
    if (!profile.ok()) return profile.status();
    const std::vector<double> leaked = CountLeaked(*profile, sites, job_.code);
    for (size_t i = 0; i < leaked.size(); ++i) {
      if (reading == 0) {
        least.push_back(leaked[i]);
      } else {
        least[i] = std::min(least[i], leaked[i]);
      }
    }
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    double grown = 0;
    for (const double change : sites[i].changes) grown += change;
    (*details)[i].proven =
        sites[i].site.family == Family::kGoroutine && grown >= 1 && least[i] >= 0.5 * grown;
  }
  return absl::OkStatus();
}

// How often the goroutines stay on a schedule as Go's own, beside how often they did.
absl::Status Attempt::CompareWithStock(const std::vector<GrowingSite>& sites,
                                       std::vector<GoroutineDetail>* details) {
  const double affordable = kStockSeconds / std::max(per_call_, 1e-7);
  const auto calls = static_cast<int64_t>(std::clamp(affordable, 0.0, kMostStockCalls));
  if (!session_->HasProbe("schedule") || tally_.cut || tally_.ended || HangsTooMuch() ||
      calls < kLeastStockCalls)
    return absl::OkStatus();
  if (absl::Status status = Apply(Stock(own_processors_), seed_, &session_->client()); !status.ok())
    return status;
  const auto level = [this](const GrowingSite& grown) { return table_.LevelOf(grown.site); };
  std::vector<double> before;
  auto read = reader_->Read(plan_.pad_seconds);
  if (!read.ok()) return read.status();
  for (const GrowingSite& grown : sites) before.push_back(level(grown));
  const experiment::Dose dose = {calls - calls / 2, calls / 2, 0};
  const CallTally before_calls = tally_;
  if (absl::Status status = Make(dose); !status.ok()) return status;
  // After the hold calls may fail that did not before.
  const bool failing = 2 * (Failing(tally_) - Failing(before_calls)) > calls;
  if (tally_.made - before_calls.made != calls || failing) return absl::OkStatus();
  read = reader_->Read(plan_.pad_seconds);
  if (!read.ok()) return read.status();
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].site.family != Family::kGoroutine) continue;
    const double stayed = std::max(0.0, level(sites[i]) - before[i]);
    if (stayed < kSameRate * sites[i].rate * static_cast<double>(calls)) {
      (*details)[i].schedule =
          fmt::format("{:.3g} per call with {}; {:.3g} on Go's own schedule ({} calls)", sites[i].rate,
                      Describe(portfolio_), stayed / static_cast<double>(calls), calls);
    }
  }
  return absl::OkStatus();
}

explain::EntryContext Attempt::Context() const {
  explain::EntryContext context;
  context.package = job_.package;
  context.entry = job_.program.entry;
  context.calls = static_cast<int>(tally_.made);
  context.snapshots = snapshots();
  context.relative_to = job_.relative_to;
  context.reproduce =
      fmt::format("goleakstress run {} -run '^{}$' -seed {}", job_.pattern, job_.program.entry, job_.seed);
  context.error_bound = plan_.family_error;
  if (verdict_) {
    context.horizon_entries = static_cast<int>(0.6 * static_cast<double>(verdict_->horizon));
    context.hold_seconds = verdict_->hold_seconds;
    context.exhausted_after =
        static_cast<int>(verdict_->stop == experiment::Stop::kExhausted ? verdict_->calls : exhausted_after_);
  }
  return context;
}

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

absl::Status Attempt::Explain() {
  std::vector<SiteVerdict> verdicts = experiment_->Judge();
  const int64_t failed_for_others = std::erase_if(verdicts, [this](const SiteVerdict& verdict) {
    return FailsForOthers(table_, static_cast<size_t>(verdict.site));
  });
  if (failed_for_others > 0)
    notes_.push_back(
        "calls that create descriptors failed, though this process holds few: the system has run out");
  verdict_ = experiment_->Summary(verdicts);
  growing_ = GrowingSites(verdicts);
  const std::vector<GrowingSite>& growing = growing_;
  std::vector<GoroutineDetail> details(growing.size());
  const bool in_goroutines = std::any_of(growing.begin(), growing.end(), [this](const GrowingSite& grown) {
    return grown.site.family == Family::kGoroutine || IsForeign(grown.site, job_.code);
  });
  if (in_goroutines) {
    auto text = session_->client().ReadStacks(16 << 20, seconds(60));
    if (!text.ok()) return text.status();
    details = DescribeGoroutines(*text, growing, job_.code);
    if (absl::Status status = MarkProven(growing, &details); !status.ok()) return status;
    if (absl::Status status = CompareWithStock(growing, &details); !status.ok()) return status;
  }
  findings_ = MakeFindings(Context(), growing, details, job_.code);
  ExplainRetention(*session_, Retention(), &findings_, &notes_);
  AddHangFinding(&findings_);
  if (findings_.empty() && verdict_->verdict == experiment::Verdict::kInconclusive)
    NoteInconclusive(verdicts);
  return absl::OkStatus();
}

// Names the site that kept the entry from being clean: the first few are enough to see what to look at.
void Attempt::NoteInconclusive(const std::vector<SiteVerdict>& verdicts) {
  constexpr size_t kMost = 3;
  for (const SiteVerdict& verdict : verdicts) {
    if (verdict.verdict != experiment::Verdict::kInconclusive) continue;
    const Site& site = table_.site(static_cast<size_t>(verdict.site));
    if (site.before_jump) continue;
    const explain::Frame* where = explain::Culprit(site.stack, job_.code);
    if (where == nullptr && !site.stack.empty()) where = &site.stack.front();
    notes_.push_back(fmt::format(
        "could not decide on {}{}{}", explain::NameOf(site),
        where == nullptr ? "" : fmt::format(" of {} ({}:{})", where->function, where->file, where->line),
        verdict.settle.empty() ? "" : ": " + verdict.settle));
    if (notes_.size() == kMost) return;
  }
}

void Attempt::AddHangFinding(std::vector<report::Finding>* findings) const {
  const int64_t hung = tally_.outcomes[agent::OUTCOME_HUNG];
  if (hung == 0 || session_->hangs().empty()) return;
  const Hang& hang = session_->hangs().front();
  const HungGoroutines goroutines = HungCall(hang.stacks, job_.code);
  if (goroutines.sites.empty()) return;
  GrowingSite grown;
  grown.site = goroutines.sites[0];
  grown.verdict = hang.virtual_seconds > 0 && hung > 1 ? "leak" : "growing";
  grown.driver = "call";
  grown.factor = "call";
  grown.rate = static_cast<double>(hung) / static_cast<double>(std::max<int64_t>(1, tally_.made));
  grown.rate_low = grown.rate_high = grown.rate;
  explain::EntryContext context = Context();
  context.hold_seconds = hang.virtual_seconds;
  context.horizon_entries = 0;
  for (report::Finding& finding : MakeFindings(context, {grown}, {goroutines.details[0]}, job_.code)) {
    finding.set_rule("GLS009");
    finding.set_id("GLS009-" + finding.signature().substr(0, 8));
    finding.set_unit("calls");
    *finding.mutable_culprit() = finding.stack(0);
    for (const report::Frame& frame : finding.stack()) {
      if (frame.user()) {
        *finding.mutable_culprit() = frame;
        break;
      }
    }
    finding.set_summary(fmt::format("{} of {} calls did not return{}", hung, tally_.made,
                                    hang.busy ? " and kept running" : ""));
    for (size_t i = 1; i < std::min(goroutines.sites.size(), kMostPartners); ++i) {
      GrowingSite partner = grown;
      partner.site = goroutines.sites[i];
      report::Member* member = finding.add_members();
      *member = explain::MemberOf(partner, goroutines.details[i], context, job_.code);
      member->set_kind(fmt::format("a goroutine in {}", goroutines.details[i].wait_reason));
    }
    // The goroutine of a hung call grows as well: it is the same finding.
    std::erase_if(*findings, [&](const report::Finding& other) {
      return other.class_() == "goroutine" && other.culprit().function() == finding.culprit().function();
    });
    findings->insert(findings->begin(), finding);
  }
}

void Attempt::Fill(EntryResult* result) {
  report::Entry& entry = result->entry;
  entry.set_calls(entry.calls() + static_cast<int>(tally_.made));
  entry.set_snapshots(entry.snapshots() + snapshots());
  entry.set_horizon(static_cast<int>(verdict_ ? verdict_->horizon : plan_.horizon));
  entry.set_microseconds_per_call(1e6 * per_call_);
  entry.set_milliseconds_per_snapshot(1e3 * Median(snapshot_times_));
  SetOutcomes(entry.mutable_outcomes(), tally_);
  if (session_ != nullptr) {
    entry.set_clock(MovesClock() ? "virtual" : "real");
    if (!portfolio_.empty()) entry.set_schedule(Describe(portfolio_));
  }
  if (generator_ != nullptr) entry.set_distinct_inputs(static_cast<int>(generator_->distinct()));
  if (verdict_) {
    entry.set_verdict(std::string(Name(verdict_->verdict)));
    entry.set_hold_seconds(verdict_->hold_seconds);
  }
  for (const report::Finding& finding : findings_) {
    if (explain::IsLeak(finding.verdict()) || finding.verdict() == explain::kGcOnly) {
      entry.set_verdict(finding.verdict());
      break;
    }
  }
  if (unquiet_ > 0)
    notes_.push_back(
        fmt::format("{} of {} snapshots were taken before the target came to rest", unquiet_, snapshots()));
  for (const std::string& note : notes_) entry.add_notes(note);
  result->findings = findings_;
}

// What the experiment on a fuzz entry is made with. The build of the second binary takes what it takes:
// `begin` moves by it.
Explored ChooseInputs(const EntryJob& job, const ProgressSink& progress, Clock::time_point* begin,
                      EntryResult* result) {
  if (!job.replay.empty()) return {.pool = job.replay, .seeds = job.replay};
  if (!job.build_explorer) return {};
  Explored explored = Explore(job, progress);
  *begin += std::chrono::duration_cast<Clock::duration>(duration<double>(explored.summary.build_seconds()));
  *result->entry.mutable_exploration() = explored.summary;
  result->crashes = explored.crashes;
  for (const std::string& note : explored.notes) result->entry.add_notes(note);
  return explored;
}

void MakeInputsSmall(const EntryJob& job, const ProgressSink& progress, const Attempt& attempt,
                     Clock::time_point deadline, EntryResult* result) {
  if (job.program.kind != agent::ENTRY_FUZZ || job.corpus_dir.empty()) return;
  if (!job.replay.empty()) return NameReplayed(job, &result->findings);
  const Clock::time_point begin = Clock::now();
  progress({.stage = "minimise", .calls = attempt.tally().made, .snapshots = attempt.snapshots()});
  const Clock::duration most = std::chrono::duration_cast<Clock::duration>(kMinimiseShare * job.budget);
  const Clock::duration least = std::chrono::duration_cast<Clock::duration>(kLeastMinimiseShare * job.budget);
  FindSmallestInputs(job, attempt.pool(), attempt.growing(),
                     begin + std::clamp(deadline - begin, least, most), &result->findings);
  result->entry.mutable_exploration()->set_minimise_seconds(Seconds(Clock::now() - begin));
}

}  // namespace

EntryResult RunEntry(const EntryJob& job, const ProgressSink& progress) {
  Clock::time_point begin = Clock::now();
  EntryResult result;
  report::Entry& entry = result.entry;
  entry.set_package(job.package);
  entry.set_name(job.program.entry);
  entry.set_kind(job.kind_name);
  entry.set_mode("in-process");
  entry.set_verdict("inconclusive");
  const Explored explored = ChooseInputs(job, progress, &begin, &result);
  bool move_clock = true;
  for (int process = 1; process <= kMostProcesses; ++process) {
    entry.set_processes(process);
    // Every process draws anew: a target that dies at one dose shall not die at the same one again.
    Attempt attempt(job, explored, progress, begin,
                    job.seed + static_cast<uint64_t>(process - 1) * 0x9e3779b97f4a7c15ULL, move_clock);
    const absl::Status status = attempt.Run();
    if (attempt.only_once()) {
      RunProcessPerCall(job, progress, begin + job.budget, &result);
      break;
    }
    attempt.Fill(&result);
    if (status.ok() && attempt.clock_breaks_calls()) {
      move_clock = false;
      entry.add_notes(
          "calls fail since the target's clock was moved and did not before: on in real time, in a fresh "
          "process; only the hold moves the clock");
      continue;
    }
    if (status.ok()) {
      MakeInputsSmall(job, progress, attempt, begin + job.budget, &result);
      break;
    }
    if (target::FailureOf(status) == target::CallFailure::kCancelled) break;
    report::Crash& crash = result.crashes.emplace_back();
    crash.set_package(job.package);
    crash.set_entry(job.program.entry);
    crash.set_what(std::string(status.message()));
    if (attempt.session() != nullptr) crash.set_text(attempt.session()->OutputTail());
    entry.mutable_outcomes()->set_crashed(entry.outcomes().crashed() + 1);
    entry.add_notes(fmt::format("process {}: {}", process, crash.what()));
    if (Clock::now() - begin > job.budget / 2) break;
  }
  entry.set_seconds(Seconds(Clock::now() - begin));
  return result;
}

}  // namespace goleakstress::campaign
