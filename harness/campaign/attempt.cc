#include "harness/campaign/attempt.h"

#include <algorithm>
#include <utility>

#include "collectors/fd_table.h"
#include "harness/campaign/exhaustion.h"
#include "harness/campaign/row_source.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {
namespace {

using experiment::Plan;
using explain::Family;
using explain::Site;
using std::chrono::seconds;

constexpr int kTimedCalls = 4;            // before the plan is chosen; the first one is not counted
constexpr int kFirstCallOfTime = 10;      // the first call takes real time for this part of the budget
constexpr double kWarmUpShare = 0.1;      // of the budget goes to the calls before the first reading, at most
constexpr double kSlowShare = 0.2;        // of the budget for them: a slow first snapshot is taken again
constexpr double kMemoryShare = 0.75;     // of the memory cap in live heap counts as exhausted
constexpr size_t kEarlyStacks = 1 << 20;  // bytes
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
constexpr double kLeastCountedThings = 100, kEnoughCountedThings = 150;

// `counts_entries`: of maps, so that their arrays need not tell.
experiment::SiteTraits TraitsOf(const Site& site, bool counts_entries) {
  const bool vague = site.tiny || (counts_entries && site.container == "map" && site.kind != "entries");
  if (IsBytes(site)) {
    return {.resolution = kBytesResolution,
            .material_rate = kMaterialBytes,
            .thing = site.container.empty() ? std::max(kBytesResolution, site.object_bytes)
                                            : Plan::kBytesOfElement,
            .vague = vague};
  }
  if (site.kind == explain::kOutsideMemory) {
    return {.resolution = kOutsideStep, .material_rate = kMaterialBytes, .thing = Plan::kBytesOfElement};
  }
  if (site.family == Family::kHeap || site.family == Family::kProcess)
    return {.material_rate = kMaterialCount, .vague = vague};
  return {.material_rate = kMaterialCount,
          .before_jump = site.before_jump,
          .least_horizon = kLeastCounted,
          .least_things = kLeastCountedThings,
          .enough_things = kEnoughCountedThings};
}

}  // namespace

int64_t Failing(const CallTally& tally) {
  return tally.outcomes[agent::OUTCOME_FAILED] + tally.outcomes[agent::OUTCOME_PANICKED] +
         tally.outcomes[agent::OUTCOME_EXITED];
}

absl::Status Attempt::Run() {
  for (auto stage : {&Attempt::Start, &Attempt::WarmUp, &Attempt::Dose, &Attempt::Hold, &Attempt::SeekDead,
                     &Attempt::Explain}) {
    if (absl::Status status = (this->*stage)(); !status.ok()) {
      ExplainWithoutTarget();
      return status;
    }
    if (only_once_ || runs_on_ || clock_breaks_calls_ || ended_early_ || ran_out_early_ > 0) break;
    if (IsUnfinished() && !experiment_) break;
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
  auto fds = collectors::CountFds(session_->pid());
  if (!fds.ok()) return fds.status();
  fds_at_start_ = static_cast<double>(*fds);
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
  session_->PassTime(clock_.between_batches, job_.budget / kFirstCallOfTime);
  if (absl::Status status = Repeat(1); !status.ok()) return status;
  if (RunsOn()) {
    runs_on_ = true;
    return absl::OkStatus();
  }
  const CallTally first = tally_;  // with all that is done once
  session_->PassTime(clock_.between_batches);
  const Clock::time_point timed = Clock::now();
  if (absl::Status status = Repeat(kTimedCalls - 1); !status.ok()) return status;
  per_call_ = Seconds(Clock::now() - timed) / (kTimedCalls - 1);
  if (PassingBreaksCalls(first)) {
    clock_breaks_calls_ = true;
    return absl::OkStatus();
  }
  if (CallableOnlyOnce()) {
    only_once_ = true;
    return absl::OkStatus();
  }
  const double affordable =
      kWarmUpShare * std::min(Seconds(job_.budget) / std::max(per_call_, 1e-7), MostCalls());
  auto heap = HeapObjectBytes();
  if (!heap.ok()) return heap.status();
  const double room = job_.program.memory_cap_bytes == 0
                          ? affordable
                          : kWarmUpShare * static_cast<double>(job_.program.memory_cap_bytes) /
                                std::max(1.0, *heap / kTimedCalls);
  const double most =
      std::clamp(room, kLeastWarmUp, affordable < kWarmUpShare * kFewCalls ? kLeastWarmUp * 2 : 64);
  const auto warm_up = static_cast<int64_t>(std::clamp(affordable, kLeastWarmUp, most));
  if (absl::Status status = Make({warm_up - warm_up / 2, warm_up / 2, 0}); !status.ok()) return status;
  if (IsUnfinished()) return absl::OkStatus();
  // Again, now that lazy things are there: the doses are planned by it.
  TimeCallsSince(first);
  if (session_->HasProbe("tiny")) table_.NoSharedBlocks();
  reader_.emplace(*session_, table_);
  reader_->MoveClock(clock_.between_batches);
  clock_watch_.BeforeJump(tally_.made, Failing(tally_));
  const double pad = MovesClock() ? Plan().pad_seconds : kRealPadSeconds;
  auto read = ReadAfter({}, pad);
  if (!read.ok()) return read.status();
  if (ended_early_) return absl::OkStatus();
  snapshot_seconds_ = read->seconds;
  if (kUsualSnapshots * snapshot_seconds_ > kSlowShare * Seconds(job_.budget)) {
    // The first one may pay for what is done once; the plan hangs on it.
    read = ReadAfter(tally_, pad);
    if (!read.ok()) return read.status();
    if (ended_early_) return absl::OkStatus();
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

absl::Status Attempt::Dose() {
  while (!experiment_->Done() || GoesOn()) {
    if (OutOfTime() || HangsTooMuch() || tally_.ended) {
      // Calls that fail are often slow: no horizon can be reached any more.
      if (exhausted_after_ > 0 && !experiment_->Done()) experiment_->NoteExhausted(experiment_->calls());
      experiment_->NoteCut();
      break;
    }
    const experiment::Dose dose = experiment_->Next();
    const CallTally before = tally_;
    if (absl::Status status = MakeOnAllSchedules(dose); !status.ok()) return status;
    if (IsUnfinished()) {
      experiment_->ObserveLost(table_.levels(), 0);
      experiment_->NoteCut();
      break;
    }
    TimeCallsSince(before);
    if (MovesClock() && clock_watch_.BreaksCalls(tally_.made, Failing(tally_))) {
      if (absl::Status status = AskWhyCallsFail(); !status.ok()) return status;
      if (clock_breaks_calls_ || ran_out_early_ > 0) return absl::OkStatus();
    }
    clock_watch_.BeforeJump(tally_.made, Failing(tally_));
    auto read = ReadAfter(before, plan_.pad_seconds * (1 + dose.idle_pads));
    if (!read.ok()) return read.status();
    if (ended_early_) return absl::OkStatus();
    AddNewSites();
    if (tally_.cut) {
      experiment_->ObserveLost(table_.levels(), read->target_seconds);
      experiment_->NoteCut();
      break;
    }
    const bool exhausted = read->exhausted > exhausted_at_start_;
    if (exhausted && exhausted_after_ == 0) {
      // From then on each call comes to that.
      exhausted_after_ = std::max(before.made, tally_.made - (read->exhausted - exhausted_at_start_));
    }
    if (exhausted && experiment_->first_alarm_calls() > 0) {
      // What grew before the calls failed did so in proportion to them.
      experiment_->ObserveLost(table_.levels(), read->target_seconds);
    } else {
      experiment_->Observe(table_.levels(), read->target_seconds);
      Remember(*read);
    }
    if (absl::Status status = RememberStacks(); !status.ok()) return status;
    Tell(experiment_->stage() == experiment::Stage::kScreen ? "screen" : "confirm");
    // Where nothing betrays itself before, the calls that fail from now on do.
    out_of_memory_ = IsOutOfMemory(read->heap_live_bytes);
    if ((exhausted && experiment_->first_alarm_calls() > 0) || out_of_memory_)
      experiment_->NoteExhausted(experiment_->calls());
  }
  NoteRanOut();
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

void Attempt::TimeCallsSince(const CallTally& before) {
  if (tally_.made == before.made) return;
  per_call_ = std::max(1e-7, 1e-9 * static_cast<double>(tally_.nanoseconds - before.nanoseconds) /
                                 static_cast<double>(tally_.made - before.made));
}

absl::Status Attempt::Call(const std::vector<input::Input>& inputs, int64_t count) {
  if (count <= 0 || tally_.cut || tally_.ended) return absl::OkStatus();
  auto tally = session_->Calls(inputs, count, calls_until_);
  if (!tally.ok()) return tally.status();
  tally_.Add(*tally);
  return absl::OkStatus();
}

void Attempt::AddNewSites() {
  for (size_t i = things_.size(); i < table_.size(); ++i) {
    const Site& site = table_.site(i);
    experiment::SiteTraits traits = TraitsOf(site, session_->HasProbe("containers"));
    traits.sum = site.total;
    if (site.family == Family::kHeap && !site.total) {
      traits.group = heap_places_.try_emplace(PlaceOf(site), static_cast<int>(i)).first->second;
    }
    experiment_->AddSite(traits);
    things_.push_back(traits.thing);
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

absl::Status Attempt::RememberStacks() {
  const bool may_end = experiment_->first_alarm_calls() > 0 || clock_keeps_busy_;
  if (!may_end || !early_stacks_.empty()) return absl::OkStatus();
  auto text = session_->client().ReadStacks(kEarlyStacks, seconds(60));
  if (!text.ok()) return text.status();
  early_stacks_ = *std::move(text);
  return absl::OkStatus();
}

bool Attempt::OutOfTime() const {
  if (job_.interrupted != nullptr && job_.interrupted->load()) return true;
  // The next dose is secret, so it may not decide; half of the largest one must fit.
  const double unit =
      static_cast<double>(experiment_->calls()) / static_cast<double>(2 * plan_.spread_screen);
  const double next = plan_.top_level * std::max(1.0, unit) / 2 * per_call_ + 2 * snapshot_seconds_;
  return Seconds(deadline_ - Clock::now()) < next + HoldReserve();
}

absl::StatusOr<double> Attempt::HeapObjectBytes() {
  auto bytes = session_->client().ReadMetric("/memory/classes/heap/objects:bytes", seconds(20));
  if (!bytes.ok()) return bytes.status();
  return bytes->value_or(0);
}

bool Attempt::IsOutOfMemory(double heap_live_bytes) const {
  return job_.program.memory_cap_bytes > 0 &&
         heap_live_bytes > kMemoryShare * static_cast<double>(job_.program.memory_cap_bytes);
}

void Attempt::Tell(const char* stage) const {
  progress_({.stage = stage,
             .calls = tally_.made,
             .horizon = plan_.horizon,
             .snapshots = snapshots(),
             .goroutines = last_read_.goroutines,
             .heap_bytes = last_read_.heap_live_bytes});
}

bool Attempt::SkipsItself() const { return tally_.outcomes[agent::OUTCOME_SKIPPED] == tally_.made; }

bool Attempt::HangsTooMuch() const { return tally_.outcomes[agent::OUTCOME_HUNG] >= kMostHungCalls; }

}  // namespace goleakstress::campaign
