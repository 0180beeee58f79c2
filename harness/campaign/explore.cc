#include "harness/campaign/explore.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "harness/campaign/first_look.h"
#include "harness/campaign/leaky_row.h"
#include "harness/campaign/session.h"
#include "harness/campaign/troubles.h"
#include "harness/input/fuzz_source.h"

namespace goleakstress::campaign {
namespace {

using input::Input;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr int kBudgetParts = 3;  // one of them is for exploring
// Exploring ends when it has found nothing new for so much of its time; for less where it has found what
// leaks.
constexpr double kQuietShare = 0.6;
constexpr milliseconds kLeastQuiet{1000};
constexpr milliseconds kQuietAfterLeak{700};
constexpr milliseconds kRowTime{4000};  // to look for one row
constexpr size_t kMostRows = 2;         // that are looked for
constexpr size_t kChunk = 256;
constexpr size_t kMostLostTargets = 50;
constexpr size_t kMostDistinct = 2'000'000;  // hashes that are kept: 100 MB
// A target that has gathered so much is slow to look at, and may run out of descriptors.
constexpr int64_t kMostGoroutines = 3000;
constexpr int64_t kMostResources = 300;
constexpr size_t kMostLeaky = 8;  // inputs in the pool: the experiment has to see each of them often
constexpr size_t kMostPool = 16;  // of inputs that only reach code
constexpr size_t kMostSeeds = 256;

// Says only whether two are the same.
uint64_t PlaceOf(const input::FuzzSource::Leaky& leaky) {
  if (leaky.goroutines <= 0 && leaky.resources <= 0) return kHeapPlace;
  return uint64_t{leaky.site} << 8 | (leaky.goroutines > 0 ? 4 : 0) | (leaky.resources > 0 ? 8 : 0) |
         (leaky.again ? 0 : 16);
}

// One hunt by libFuzzer, over as many processes as the target needs.
class Hunt {
 public:
  Hunt(const EntryJob& job, const HuntOptions& options, const ProgressSink& progress, const FirstLook& look,
       Clock::time_point deadline)
      : job_(job), options_(options), progress_(progress), look_(look), deadline_(deadline), troubles_(job) {}

  // A row of calls that leaks, where no single input did so twice in a row.
  void LookForRow(Explored* explored) {
    if (source_ == nullptr || LeaksForSure()) return;
    size_t tried = 0;
    for (const auto& leaky : source_->leaky()) {
      if (leaky.again || leaky.before.empty() || options_.known.contains(PlaceOf(leaky))) continue;
      if (tried++ == kMostRows) continue;
      input::Sequence calls = leaky.before;
      calls.push_back(leaky.input);
      progress_({.stage = "shorten", .calls = static_cast<int64_t>(source_->progress().calls)});
      const input::Sequence row = FindLeakyRow(job_, calls, Clock::now() + kRowTime);
      if (row.empty()) continue;
      explored->pool = row;
      explored->places.push_back(PlaceOf(leaky));
      explored->seeds.insert(explored->seeds.begin(), row.begin(), row.end());
      explored->summary.set_leaky_inputs(static_cast<int>(row.size()));
      explored->summary.set_leaky_calls(explored->summary.calls());
      return;
    }
  }

  // Why it ended.
  absl::StatusOr<std::string> Run(const std::string& binary) {
    auto arena = input::FuzzArena::Create();
    if (!arena.ok()) return arena.status();
    program_ = job_.program;
    program_.binary = binary;
    program_.exact_heap = false;
    program_.arena = arena->path();
    if (absl::Status status = StartTarget(); !status.ok()) return status;
    input::FuzzSource::Options options;
    options.directory = job_.corpus_dir;
    options.package = job_.package_dir;
    options.kinds = look_.kinds;
    options.seeds = look_.seeds;
    options.guidance = job_.guidance;
    options.seed = std::max(job_.seed, 1U);  // libFuzzer takes 0 for "choose one"
    auto source = input::FuzzSource::Create(std::move(options), *std::move(arena));
    if (!source.ok()) return source.status();
    source_ = *std::move(source);
    return Loop();
  }

  void Fill(Explored* explored) const {
    report::Exploration& summary = explored->summary;
    if (source_ != nullptr) {
      const input::FuzzSource::Progress done = source_->progress();
      summary.set_calls(static_cast<int64_t>(done.calls));
      summary.set_edges_reached(static_cast<int>(done.edges_reached));
      summary.set_edges_present(static_cast<int>(done.edges_present));
      summary.set_distinct_inputs(static_cast<int>(distinct_.size()));
      summary.set_leaky_calls(found_after_);
      explored->gained = done.gained;
      ChooseInputs(explored);
    }
    explored->crashes = troubles_.Crashes();
  }

 private:
  absl::Status StartTarget() {
    session_.reset();
    auto session = Session::Start(program_, deadline_, job_.interrupted);
    if (!session.ok()) return session.status();
    session_ = *std::move(session);
    return absl::OkStatus();
  }

  bool Interrupted() const { return job_.interrupted != nullptr && job_.interrupted->load(); }

  absl::StatusOr<std::string> Loop() {
    const Clock::time_point begin = Clock::now();
    const auto most_quiet = std::max<Clock::duration>(
        kLeastQuiet, duration_cast<Clock::duration>(kQuietShare * (deadline_ - begin)));
    Clock::time_point news = begin;
    uint64_t features = 0;
    size_t leaky = 0;
    while (true) {
      const Clock::time_point now = Clock::now();
      if (Interrupted()) return "interrupted";
      if (now >= deadline_) return "its time was over";
      const input::FuzzSource::Progress done = source_->progress();
      if (done.features != features || source_->leaky().size() != leaky) {
        features = done.features;
        leaky = source_->leaky().size();
        news = now;
      }
      NoteWhenFound(done.calls);
      if (done.lost_targets >= kMostLostTargets) return "its calls kept ending the target";
      if (!options_.to_the_end && now - news > (LeaksForSure() ? kQuietAfterLeak : most_quiet)) {
        return LeaksForSure() ? "it found what leaks" : "nothing new was found any more";
      }
      if (done.goroutines_left > kMostGoroutines || done.resources_left > kMostResources) {
        if (absl::Status status = StartTarget(); !status.ok()) return status;
        source_->TargetIsNew();
      }
      if (absl::Status status = Step(); !status.ok()) return status;
    }
  }

  // An input left goroutines or resources twice in a row; the heap alone moves for many reasons.
  bool LeaksForSure() const {
    return std::any_of(source_->leaky().begin(), source_->leaky().end(), [this](const auto& leaky) {
      return leaky.again && PlaceOf(leaky) != kHeapPlace && !options_.known.contains(PlaceOf(leaky));
    });
  }

  // A hint of the heap counts until there is a better one.
  void NoteWhenFound(uint64_t calls) {
    if (found_for_sure_) return;
    found_for_sure_ = LeaksForSure();
    const std::vector<input::FuzzSource::Leaky>& all = source_->leaky();
    const bool hint = std::any_of(all.begin(), all.end(), [this](const auto& leaky) {
      return leaky.again && !options_.known.contains(PlaceOf(leaky));
    });
    if (found_for_sure_ || (hint && found_after_ == 0)) found_after_ = static_cast<int64_t>(calls);
  }

  // One exchange with the engine.
  absl::Status Step() {
    auto inputs = source_->Take(kChunk);
    if (!inputs.ok()) return inputs.status();
    for (const Input& input : *inputs) {
      if (distinct_.size() < kMostDistinct) distinct_.insert(input::Hash(input));
    }
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
    if (++steps_ % 16 == 0) Tell();
    return source_->Report(results);
  }

  // The call after so many took the target with it, or has to.
  absl::Status Lost(size_t ended) {
    if (absl::Status status = source_->Report(std::vector<input::CallResult>(ended)); !status.ok())
      return status;
    return StartTarget();
  }

  void Tell() const {
    progress_({.stage = "explore", .calls = static_cast<int64_t>(source_->progress().calls)});
  }

  void ChooseInputs(Explored* explored) const {
    std::vector<input::FuzzSource::Leaky> leaky = source_->leaky();
    std::erase_if(leaky,
                  [this](const auto& one) { return !one.again || options_.known.contains(PlaceOf(one)); });
    const auto weight = [](const auto& one) { return one.goroutines + one.resources; };
    // Of equal ones the shorter input first, then any order that is always the same.
    std::sort(leaky.begin(), leaky.end(), [&](const auto& a, const auto& b) {
      const auto key = [&](const auto& one) {
        return std::make_tuple(-weight(one), input::Size(one.input), input::Hash(one.input));
      };
      return key(a) < key(b);
    });
    std::unordered_set<uint64_t> chosen;
    for (const auto& one : leaky) {
      if (explored->pool.size() < kMostLeaky && chosen.insert(input::Hash(one.input)).second) {
        explored->pool.push_back(one.input);
        explored->places.push_back(PlaceOf(one));
      }
    }
    const std::vector<Input> kept = source_->Kept();
    explored->summary.set_leaky_inputs(static_cast<int>(explored->pool.size()));
    explored->summary.set_kept_inputs(static_cast<int>(kept.size()));
    explored->seeds = explored->pool;
    for (const std::vector<Input>* more : {&look_.seeds, &kept}) {
      for (const Input& input : *more) {
        if (explored->seeds.size() >= kMostSeeds || !chosen.insert(input::Hash(input)).second) continue;
        explored->seeds.push_back(input);
      }
    }
    // Without leaky ones: the entry's own seeds, and of what reached new code as much as there is room for.
    if (explored->pool.empty()) {
      explored->pool.assign(
          explored->seeds.begin(),
          explored->seeds.begin() + static_cast<std::ptrdiff_t>(std::min(explored->seeds.size(), kMostPool)));
    } else if (LeaksForSure()) {
      explored->seeds = explored->pool;
    }
  }

  const EntryJob& job_;
  const HuntOptions& options_;
  const ProgressSink& progress_;
  const FirstLook& look_;
  const Clock::time_point deadline_;
  TargetProgram program_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<input::FuzzSource> source_;
  Troubles troubles_;
  std::unordered_set<uint64_t> distinct_;
  size_t steps_ = 0;
  int64_t found_after_ = 0;  // calls; 0: nothing was found
  bool found_for_sure_ = false;
};

}  // namespace

HuntOptions UsualHunt(const EntryJob& job) {
  return {.limit = duration_cast<Clock::duration>(job.budget / kBudgetParts)};
}

Explored Explore(const EntryJob& job, const HuntOptions& options, const ProgressSink& progress) {
  Explored explored;
  report::Exploration& summary = explored.summary;
  Clock::time_point begin = Clock::now();
  progress({.stage = "look"});
  auto look = LookAt(job, begin + options.limit);
  const auto finish = [&](std::string why) {
    summary.set_ended(std::move(why));
    summary.set_seconds(Seconds(Clock::now() - begin));
    return explored;
  };
  if (!look.ok()) return finish("the target ended at the first look");
  if (look->kinds.empty()) return finish("the entry takes no input");
  explored.can_hunt = true;
  if (look->any_input_leaves_something && !options.to_the_end)
    return finish("any input leaves something behind");

  progress({.stage = "build"});
  const Clock::time_point build = Clock::now();
  auto binary = job.build_explorer();
  const Clock::duration built = Clock::now() - build;
  begin += built;
  summary.set_build_seconds(Seconds(built));
  if (!binary.ok()) {
    explored.can_hunt = false;
    if (job.interrupted == nullptr || !job.interrupted->load()) {
      explored.notes.push_back(
          fmt::format("inputs were not explored, the instrumented target does not build: {}",
                      std::string(binary.status().message())));
    }
    return finish("the instrumented target does not build");
  }
  Hunt hunt(job, options, progress, *look, begin + options.limit);
  auto why = hunt.Run(*binary);
  hunt.Fill(&explored);
  hunt.LookForRow(&explored);
  if (!why.ok()) {
    explored.notes.push_back(
        fmt::format("exploring inputs ended early: {}", std::string(why.status().message())));
    return finish("it failed");
  }
  return finish(*std::move(why));
}

}  // namespace goleakstress::campaign
