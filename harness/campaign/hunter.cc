#include "harness/campaign/hunter.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "harness/campaign/leaky_row.h"

namespace goleakstress::campaign {
namespace {

using input::Input;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Exploring ends when it has found nothing new for so much of its time; for less where it has found what
// leaks.
constexpr double kQuietShare = 0.6;
constexpr milliseconds kLeastQuiet{1000};
constexpr milliseconds kQuietAfterLeak{700};
constexpr milliseconds kRowTime{4000};  // to look for one row
constexpr double kRowShare = 0.3;       // of the hunt's time is spent on rows that do not leak, at most
constexpr size_t kMostHistories = 2;    // in which a row is looked for
constexpr size_t kChunk = 256;
constexpr int kTellEvery = 16;  // exchanges
constexpr size_t kMostLostTargets = 50;
// A target that has gathered so much is slow to look at, and may run out of descriptors.
constexpr int64_t kMostGoroutines = 3000;
constexpr int64_t kMostResources = 300;

}  // namespace

uint64_t PlaceOf(const input::FuzzSource::Leaky& leaky) {
  if (leaky.goroutines <= 0 && leaky.resources <= 0) return kHeapPlace;
  return uint64_t{leaky.site} << 8 | (leaky.goroutines > 0 ? 4 : 0) | (leaky.resources > 0 ? 8 : 0) |
         (leaky.again ? 0 : 16);
}

// An input left goroutines or resources twice in a row: for sure.
Found FoundBy(const input::FuzzSource::Leaky& leaky, const std::set<uint64_t>& known,
              const std::unordered_set<uint64_t>& refuted) {
  const uint64_t place = PlaceOf(leaky);
  if (!leaky.again || known.contains(place) || refuted.contains(input::Hash(leaky.input)))
    return Found::kNothing;
  return place == kHeapPlace ? Found::kHint : Found::kForSure;
}

Found BestOf(const std::vector<input::FuzzSource::Leaky>& all, const std::set<uint64_t>& known,
             const std::unordered_set<uint64_t>& refuted) {
  Found best = Found::kNothing;
  for (const auto& leaky : all) best = std::max(best, FoundBy(leaky, known, refuted));
  return best;
}

HuntTeam::State HuntTeam::Tell(int64_t calls, Found found, bool news) {
  const std::lock_guard lock(mutex_);
  state_.calls += calls;
  if (news) state_.news = Clock::now();
  if (found > state_.found) {  // a hint counts until there is a better one
    state_.found = found;
    state_.found_after = state_.calls;
  }
  return state_;
}

HuntTeam::State HuntTeam::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void HuntTeam::End(std::string why) {
  const std::lock_guard lock(mutex_);
  if (state_.ended.empty()) state_.ended = std::move(why);
}

Hunter::Hunter(const EntryJob& job, const HuntOptions& options, const FirstLook& look,
               Clock::time_point deadline, Number number, HuntTeam* team)
    : job_(job),
      options_(options),
      look_(look),
      deadline_(deadline),
      number_(number),
      team_(team),
      program_(job.program),
      troubles_(job) {}

absl::Status Hunter::Prepare(const std::string& binary) {
  auto arena = input::FuzzArena::Create();
  if (!arena.ok()) return arena.status();
  program_.binary = binary;
  program_.exact_heap = false;
  program_.arena = arena->path();
  if (number_.index > 0) {  // two targets shall not meet at a file of one name
    program_.temp_dir += fmt::format("/hunter-{}", number_.index);
    std::error_code error;
    std::filesystem::create_directories(program_.temp_dir, error);
    if (error) return absl::ErrnoToStatus(error.value(), fmt::format("making {}", program_.temp_dir));
  }
  input::FuzzSource::Options options;
  options.directory = job_.corpus_dir;
  options.shared = number_.of > 1;
  options.package = job_.package_dir;
  options.kinds = look_.kinds;
  options.seeds = look_.seeds;
  options.guidance = job_.guidance;
  // libFuzzer takes 0 for "choose one".
  options.seed = std::max(job_.seed + static_cast<uint32_t>(number_.index), 1U);
  auto source = input::FuzzSource::Create(std::move(options), *std::move(arena));
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  return absl::OkStatus();
}

absl::Status Hunter::Run(const Teller& tell) {
  absl::Status status = StartTarget();
  if (status.ok()) status = Loop(tell);
  session_.reset();
  source_->End();
  leak_holds_ = leak_holds_ || LeakHolds();
  return status;
}

absl::Status Hunter::StartTarget() {
  session_.reset();
  auto session = Session::Start(program_, deadline_, job_.interrupted);
  if (!session.ok()) return session.status();
  session_ = *std::move(session);
  return absl::OkStatus();
}

absl::Status Hunter::Loop(const Teller& tell) {
  const Clock::time_point begin = Clock::now();
  const auto most_quiet = std::max<Clock::duration>(
      kLeastQuiet, duration_cast<Clock::duration>(kQuietShare * (deadline_ - begin)));
  uint64_t calls = 0, features = 0;
  std::ptrdiff_t leaky = 0;  // inputs; most rows are chance
  for (int step = 1;; ++step) {
    const Clock::time_point now = Clock::now();
    const input::FuzzSource::Progress done = source_->progress();
    const auto inputs = std::count_if(source_->leaky().begin(), source_->leaky().end(),
                                      [](const auto& one) { return !one.row; });
    const bool news = step == 1 || done.features != features || inputs != leaky;
    features = done.features;
    leaky = inputs;
    const HuntTeam::State team = team_->Tell(static_cast<int64_t>(done.calls - calls),
                                             BestOf(source_->leaky(), options_.known, refuted_), news);
    calls = done.calls;
    if (Interrupted()) team_->End("interrupted");
    if (now >= deadline_) team_->End("its time was over");
    if (done.lost_targets >= kMostLostTargets) team_->End("its calls kept ending the target");
    if (!options_.to_the_end && now - team.news > kQuietAfterLeak) {
      leak_holds_ = LeakHolds();
      if (leak_holds_) {
        team_->End("it found what leaks");
      } else if (row_time_ < kRowShare * (deadline_ - begin) && FindRow(true, tell)) {
        team_->End("it found a row of calls that leaks");
      }
      if (now - team.news > most_quiet) team_->End("nothing new was found any more");
    }
    if (!team_->state().ended.empty()) return absl::OkStatus();
    if (done.goroutines_left > kMostGoroutines || done.resources_left > kMostResources) {
      if (absl::Status status = StartTarget(); !status.ok()) return status;
      source_->TargetIsNew();
    }
    if (absl::Status status = Step(); !status.ok()) return status;
    if (step % kTellEvery == 0) tell("explore");
  }
}

bool Hunter::SeemsToLeak(const input::FuzzSource::Leaky& leaky) const {
  return FoundBy(leaky, options_.known, refuted_) == Found::kForSure;
}

bool Hunter::LeakHolds() {
  input::Sequence inputs;
  for (const auto& leaky : source_->leaky()) {
    if (!SeemsToLeak(leaky)) continue;
    if (leaky.resources > 0) return true;  // of which only some are seen from outside
    inputs.push_back(leaky.input);
  }
  const size_t first = FirstThatLeaks(job_, inputs, Clock::now() + kRowTime);
  for (size_t i = 0; i < first; ++i) refuted_.insert(input::Hash(inputs[i]));
  return first < inputs.size();
}

bool Hunter::FindRow(bool in_rows, const Teller& tell) {
  const Clock::time_point begin = Clock::now();
  size_t tried = 0;
  for (const auto& leaky : source_->leaky()) {
    if (leaky.row != in_rows || leaky.again || leaky.before.empty() ||
        options_.known.contains(PlaceOf(leaky)))
      continue;
    if (!in_rows && tried++ == kMostHistories) break;
    input::Sequence calls = leaky.before;
    calls.push_back(leaky.input);
    uint64_t hash = 0;
    for (const Input& call : calls) hash = hash * 31 + input::Hash(call);
    if (!rows_tried_.insert(hash).second) continue;
    tell("shorten");
    row_ = FindLeakyRow(job_, calls, Clock::now() + kRowTime);
    row_place_ = PlaceOf(leaky);
    if (!row_.empty()) return true;
  }
  if (in_rows) source_->ForgetRows();
  row_time_ += Clock::now() - begin;
  return false;
}

bool Hunter::LookForRow(const Teller& tell) {
  return !row_.empty() || FindRow(true, tell) || FindRow(false, tell);
}

// One exchange with the engine.
absl::Status Hunter::Step() {
  auto inputs = source_->Take(kChunk);
  if (!inputs.ok()) return inputs.status();
  for (const Input& input : *inputs) distinct_.Add(input::Hash(input));
  auto done = session_->Run(*inputs, static_cast<int64_t>(inputs->size()), 0, deadline_);
  if (!done.ok()) {
    if (target::FailureOf(done.status()) == target::CallFailure::kCancelled) return absl::OkStatus();
    const size_t ended = source_->CallsEnded();
    if (ended < inputs->size()) troubles_.AddCrash((*inputs)[ended], done.status(), session_->OutputTail());
    return Lost(ended);
  }
  troubles_.AddNotes(*inputs, *done, session_->hangs());
  std::vector<input::CallResult> results;
  for (const char outcome : done->outcomes()) {
    results.push_back({.outcome = static_cast<agent::Outcome>(outcome)});
  }
  const bool hung = !results.empty() && results.back().outcome == agent::OUTCOME_HUNG;
  if (hung || done->ended()) return Lost(results.size() - 1);
  if (results.size() < inputs->size()) return absl::OkStatus();  // the time is over
  return source_->Report(results);
}

// The call after so many took the target with it, or has to.
absl::Status Hunter::Lost(size_t ended) {
  if (absl::Status status = source_->Report(std::vector<input::CallResult>(ended)); !status.ok())
    return status;
  return StartTarget();
}

}  // namespace goleakstress::campaign
