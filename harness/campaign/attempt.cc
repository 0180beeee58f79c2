#include "harness/campaign/attempt.h"

#include <algorithm>
#include <utility>

#include "collectors/fd_table.h"
#include "harness/campaign/exhaustion.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/row_source.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {
namespace {

using experiment::Plan;
using explain::Family;
using explain::Site;
using std::chrono::seconds;

constexpr int kTimedCalls = 4;        // before the plan is chosen; the first one is not counted
constexpr double kWarmUpShare = 0.1;  // of the budget goes to the calls before the first reading, at most
constexpr double kFewCalls = 330;     // in all: then the horizon is 64, and the warm-up shorter
constexpr double kLeastWarmUp = 4;
constexpr double kCallsPerHorizon = 1.3;  // until a leak by call is told
constexpr double kUsualSnapshots = 45;    // until a verdict
constexpr double kIdleShare = 0.5;  // of the time left is used for a longer horizon that nothing asks for
constexpr int64_t kMiddleHorizon = 1024;
constexpr int64_t kLongestHorizon = 8192;
constexpr double kSlowShare = 0.2;  // of the budget for them: a slow first snapshot is taken again
// What a goroutine that stays costs over all snapshots to come: some 20 us each time, 20 times.
constexpr double kSecondsPerLeakedGoroutine = 400e-6;
constexpr double kRealHoldShare = 0.15;   // of the budget, where the clock cannot be moved
constexpr double kHoldReserve = 0.05;     // of the budget is kept for the hold
constexpr double kFineHoldShare = 0.03;   // of the budget goes to the fine steps of each hold, at most
constexpr double kMemoryShare = 0.75;     // of the memory cap in live heap counts as exhausted
constexpr int64_t kLeastShared = 4;       // calls under one schedule
constexpr int64_t kMostHungCalls = 20;    // then it is known that calls hang
constexpr double kRealPadSeconds = 0.1;   // where the clock cannot be moved
constexpr size_t kFreshChunk = 1024;      // inputs in one message
constexpr double kBytesResolution = 16;   // the smallest size class step
constexpr double kMaterialBytes = 1;      // per call
constexpr double kMaterialCount = 0.002;  // per call: one in 500
// Goroutines and what needs a close: a pool of them is bounded by what runs at once, and calls run one by
// one; idle ones of more than 150 go with the pad. Maps and slices have no such bound.
constexpr int64_t kLeastCounted = 256;
// Pools of descriptors are smaller than 1,024, the usual limit of a process (getrlimit(2), RLIMIT_NOFILE):
// where each second call leaves one behind, that horizon tells a pool from a leak.
constexpr double kDescriptorsPerCall = 0.5;

// The calls that each horizon needs: those of a leak by key, which climbs at half the pace.
Plan PlanFor(double affordable_calls, double warm_up, int64_t longest) {
  if (affordable_calls >= 14000 && longest == kLongestHorizon) return Plan::ForHorizon(kLongestHorizon);
  if (affordable_calls >= 1800) return Plan::ForHorizon(kMiddleHorizon);
  return Plan::ForHorizon(affordable_calls >= kFewCalls || warm_up > 2 * kLeastWarmUp ? 256 : 64);
}

experiment::SiteTraits TraitsOf(const Site& site) {
  if (IsBytes(site)) return {kBytesResolution, kMaterialBytes, false};
  if (site.kind == explain::kOutsideMemory) {
    return {kOutsideStep, kMaterialBytes, false};
  }
  const bool counted = site.family != Family::kHeap && site.family != Family::kProcess;
  return {1, kMaterialCount, site.before_jump, counted ? kLeastCounted : Plan::kLeastHorizon};
}

}  // namespace

int64_t Failing(const CallTally& tally) {
  return tally.outcomes[agent::OUTCOME_FAILED] + tally.outcomes[agent::OUTCOME_PANICKED];
}

absl::Status Attempt::Run() {
  for (auto stage : {&Attempt::Start, &Attempt::WarmUp, &Attempt::Dose, &Attempt::Hold, &Attempt::SeekDead,
                     &Attempt::Explain}) {
    if (absl::Status status = (this->*stage)(); !status.ok()) {
      ExplainWithoutTarget();
      return status;
    }
    if (only_once_ || runs_on_ || clock_breaks_calls_) break;
  }
  session_->End();
  return absl::OkStatus();
}

absl::Status Attempt::Start() {
  Tell("starting");
  auto session = Session::Start(job_.program, deadline_, job_.interrupted);
  if (!session.ok()) return session.status();
  session_ = *std::move(session);
  auto metrics =
      session_->client().ReadMetrics({"/sched/gomaxprocs:threads", "goleakstress/goroutines"}, seconds(20));
  if (!metrics.ok()) return metrics.status();
  for (const agent::Metric& metric : metrics->metrics()) {
    if (metric.name() == "/sched/gomaxprocs:threads") own_processors_ = static_cast<uint32_t>(metric.value());
    if (metric.name() == "goleakstress/goroutines") goroutines_at_start_ = metric.value();
  }
  auto fds = collectors::ReadFdTable(session_->pid(), {});
  if (!fds.ok()) return fds.status();
  fds_at_start_ = static_cast<double>(fds->size());
  portfolio_ = Portfolio(own_processors_, session_->HasProbe("schedule"), yields_);
  if (absl::Status status = Apply(portfolio_.back(), seed_, &session_->client()); !status.ok()) return status;
  auto kinds = input::KindsFromProto(session_->ready());
  if (!kinds.ok()) return kinds.status();
  if (kinds->empty()) {
    source_ = std::make_unique<input::NoInputs>();
  } else if (explored_.row) {
    source_ = std::make_unique<RowSource>(explored_.pool, session_->ready().members(), seed_);
  } else {
    auto generator = std::make_unique<input::Generator>(
        *kinds, explored_.seeds.empty() ? input::SeedsFromProto(session_->ready()) : explored_.seeds,
        job_.dictionary, seed_);
    generator_ = generator.get();
    source_ = std::move(generator);
  }
  takes_inputs_ = !kinds->empty();
  if (takes_inputs_) pool_ = explored_.pool.empty() ? source_->RepeatPool() : explored_.pool;
  return absl::OkStatus();
}

absl::Status Attempt::WarmUp() {
  if (absl::Status status = Repeat(1); !status.ok()) return status;
  if (RunsOn()) {
    runs_on_ = true;
    return absl::OkStatus();
  }
  const Clock::time_point timed = Clock::now();
  if (absl::Status status = Repeat(kTimedCalls - 1); !status.ok()) return status;
  per_call_ = Seconds(Clock::now() - timed) / (kTimedCalls - 1);
  if (CallableOnlyOnce()) {
    only_once_ = true;
    return absl::OkStatus();
  }
  const double affordable = kWarmUpShare * Seconds(job_.budget) / std::max(per_call_, 1e-7);
  const double most = affordable < kWarmUpShare * kFewCalls ? kLeastWarmUp * 2 : 64;
  const auto warm_up = static_cast<int64_t>(std::clamp(affordable, kLeastWarmUp, most));
  if (absl::Status status = Make({warm_up - warm_up / 2, warm_up / 2, 0}); !status.ok()) return status;
  // Again, now that lazy things are there: the doses are planned by it.
  if (tally_.made > 0) {
    per_call_ =
        std::max(1e-7, 1e-9 * static_cast<double>(tally_.nanoseconds) / static_cast<double>(tally_.made));
  }
  reader_.emplace(*session_, table_);
  reader_->MoveClock(move_clock_);
  clock_watch_.BeforeJump(tally_.made, Failing(tally_));
  const double pad = MovesClock() ? Plan().pad_seconds : kRealPadSeconds;
  auto read = reader_->Read(pad);
  if (!read.ok()) return read.status();
  snapshot_seconds_ = read->seconds;
  if (kUsualSnapshots * snapshot_seconds_ > kSlowShare * Seconds(job_.budget)) {
    // The first one may pay for what is done once; the plan hangs on it.
    read = reader_->Read(pad);
    if (!read.ok()) return read.status();
    snapshot_seconds_ = std::min(snapshot_seconds_, read->seconds);
  }

  ChoosePlan(*read, warm_up, pad);
  experiment_.emplace(plan_, seed_);
  AddNewSites();
  experiment_->FirstReading(table_.levels());
  Remember(*read);
  exhausted_at_start_ = read->exhausted;
  return absl::OkStatus();
}

void Attempt::ChoosePlan(const SnapshotResult& first, int64_t warm_up, double pad) {
  const double left =
      Seconds(deadline_ - Clock::now()) * (1 - kHoldReserve) - kUsualSnapshots * snapshot_seconds_;
  const double descriptors = PerCall(static_cast<double>(first.fds) - fds_at_start_);
  longest_horizon_ = descriptors < kDescriptorsPerCall ? kLongestHorizon : kMiddleHorizon;
  plan_ = PlanFor(left / CostOfCall(static_cast<double>(first.goroutines)), static_cast<double>(warm_up),
                  longest_horizon_);
  plan_.warm_up = warm_up;
  plan_.inputs = takes_inputs_;
  plan_.pad_seconds = pad;
  if (!session_->HasProbe("clock")) plan_.holds = {std::min(100.0, kRealHoldShare * Seconds(job_.budget))};
}

double Attempt::PerCall(double came) const {
  return std::max(0.0, came) / static_cast<double>(std::max<int64_t>(1, tally_.made));
}

// Where goroutines pile up every snapshot has more to read and to collect, and all later ones too.
double Attempt::CostOfCall(double goroutines) const {
  return per_call_ + PerCall(goroutines - goroutines_at_start_) * kSecondsPerLeakedGoroutine;
}

bool Attempt::GoesOn() {
  int64_t horizon = experiment_->LackingHorizon();
  double share = 1 - kHoldReserve;
  if (horizon == 0 && experiment_->stop() == experiment::Stop::kSettled) {
    // The plan was made by calls that were slow: the first ones, or while the machine was busy.
    horizon = std::min(longest_horizon_, plan_.horizon < kMiddleHorizon ? kMiddleHorizon : kLongestHorizon);
    // Memory that grows alone may be a structure that this horizon is too short for.
    if (experiment_->DecidedBelow(Plan::kLeastHorizon)) return false;
    if (experiment_->first_alarm_calls() == 0) share = kIdleShare;
  }
  if (horizon <= plan_.horizon) return false;
  const double calls =
      kCallsPerHorizon * static_cast<double>(horizon) - static_cast<double>(experiment_->calls());
  const double needed = calls * CostOfCall(static_cast<double>(last_read_.goroutines)) +
                        kUsualSnapshots / 2 * snapshot_seconds_;
  if (needed > Seconds(deadline_ - Clock::now()) * share) return false;
  experiment_->GoOn(horizon);
  plan_.horizon = horizon;
  return true;
}

absl::Status Attempt::Dose() {
  while (!experiment_->Done() || GoesOn()) {
    if (OutOfTime() || HangsTooMuch() || tally_.ended) {
      experiment_->NoteCut();
      break;
    }
    const experiment::Dose dose = experiment_->Next();
    const CallTally before = tally_;
    if (absl::Status status = MakeOnAllSchedules(dose); !status.ok()) return status;
    if (tally_.made > before.made) {
      per_call_ = std::max(1e-7, 1e-9 * static_cast<double>(tally_.nanoseconds - before.nanoseconds) /
                                     static_cast<double>(tally_.made - before.made));
    }
    if (MovesClock() && clock_watch_.BreaksCalls(tally_.made, Failing(tally_))) {
      clock_breaks_calls_ = true;
      return absl::OkStatus();
    }
    clock_watch_.BeforeJump(tally_.made, Failing(tally_));
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

absl::Status Attempt::Hold() {
  reader_->MoveClock(true);
  reader_->StepFinely(kFineHoldShare * Seconds(job_.budget) / kFineStepSeconds);
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

absl::Status Attempt::MakeOnAllSchedules(const experiment::Dose& dose) {
  const auto shares = static_cast<int64_t>(portfolio_.size());
  if (dose.repeated + dose.fresh < kLeastShared * shares) return Make(dose);
  for (int64_t i = 0; i < shares; ++i) {
    const Schedule& schedule = portfolio_[static_cast<size_t>(i)];
    if (absl::Status status =
            Apply(schedule, seed_ + static_cast<uint64_t>(tally_.made), &session_->client());
        !status.ok())
      return status;
    const auto share = [i, shares](int64_t calls) { return calls * (i + 1) / shares - calls * i / shares; };
    if (absl::Status status = Make({share(dose.repeated), share(dose.fresh), 0}); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Attempt::Make(const experiment::Dose& dose) {
  if (absl::Status status = Call(pool_, dose.repeated); !status.ok()) return status;
  if (!takes_inputs_) return Call({}, dose.fresh);
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

absl::Status Attempt::Call(const std::vector<input::Input>& inputs, int64_t count) {
  if (count <= 0 || tally_.cut || tally_.ended) return absl::OkStatus();
  auto tally = session_->Calls(inputs, count, deadline_);
  if (!tally.ok()) return tally.status();
  tally_.Add(*tally);
  return absl::OkStatus();
}

bool Attempt::RunsOn() {
  if (job_.program.kind != agent::ENTRY_MAIN || session_->hangs().empty()) return false;
  const Hang& hang = session_->hangs().front();
  if (!hang.timers && WaitForEachOther(hang.stacks, job_.code)) return false;
  notes_.push_back(
      "main did not return: it serves until it is told to end, and nothing was asked of it; a test or fuzz "
      "target that calls what it serves would tell more");
  return true;
}

bool Attempt::CallableOnlyOnce() const {
  if (job_.program.kind != agent::ENTRY_MAIN) return false;
  return tally_.ended || (tally_.made > 1 && tally_.outcomes[agent::OUTCOME_PANICKED] == tally_.made - 1);
}

void Attempt::AddNewSites() {
  while (sites_ < table_.size()) {
    experiment_->AddSite(TraitsOf(table_.site(sites_)));
    ++sites_;
  }
}

void Attempt::Remember(const SnapshotResult& read) {
  history_.push_back(table_.levels());
  calls_at_.push_back(tally_.made);
  snapshot_seconds_ = read.seconds;
  snapshot_times_.push_back(read.seconds);
  last_read_ = read;
  if (!read.quiet) ++unquiet_;
}

bool Attempt::OutOfTime() const {
  if (job_.interrupted != nullptr && job_.interrupted->load()) return true;
  // The next dose is secret, so it may not decide; half of the largest one must fit.
  const double unit =
      static_cast<double>(experiment_->calls()) / static_cast<double>(2 * plan_.spread_screen);
  const double next = plan_.top_level * std::max(1.0, unit) / 2 * per_call_ + 2 * snapshot_seconds_;
  return Seconds(deadline_ - Clock::now()) < next + kHoldReserve * Seconds(job_.budget);
}

bool Attempt::OutOfMemory(const SnapshotResult& read) const {
  return job_.program.memory_cap_bytes > 0 &&
         read.heap_live_bytes > kMemoryShare * static_cast<double>(job_.program.memory_cap_bytes);
}

void Attempt::Tell(const char* stage) const {
  progress_({.stage = stage,
             .calls = tally_.made,
             .horizon = plan_.horizon,
             .snapshots = snapshots(),
             .goroutines = last_read_.goroutines,
             .heap_bytes = last_read_.heap_live_bytes});
}

bool Attempt::HangsTooMuch() const { return tally_.outcomes[agent::OUTCOME_HUNG] >= kMostHungCalls; }

}  // namespace goleakstress::campaign
