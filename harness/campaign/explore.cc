#include "harness/campaign/explore.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <limits>
#include <memory>
#include <system_error>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "harness/campaign/first_look.h"
#include "harness/campaign/hunter.h"
#include "harness/campaign/troubles.h"
#include "harness/input/fuzz_source.h"

namespace goleakstress::campaign {
namespace {

using input::FuzzSource;
using input::Input;
using std::chrono::duration_cast;

constexpr int kBudgetParts = 3;   // one of them is for exploring
constexpr size_t kMostLeaky = 8;  // inputs in the pool: the experiment has to see each of them often
constexpr size_t kMostPool = 16;  // of inputs that only reach code
constexpr size_t kMostSeeds = 256;

struct Reached {
  uint64_t edges = 0;
  uint64_t features = 0;  // edges, and buckets of their counts
};

Reached Count(const std::vector<uint8_t>& buckets) {
  Reached reached;
  for (const uint8_t bits : buckets) {
    reached.edges += bits != 0;
    reached.features += static_cast<uint64_t>(std::popcount(bits));
  }
  return reached;
}

// One hunt by libFuzzer: a team of hunters, and what they found taken together.
class Hunt {
 public:
  Hunt(const EntryJob& job, const HuntOptions& options, const ProgressSink& progress, const FirstLook& look,
       Clock::time_point deadline)
      : job_(job), options_(options), progress_(progress), look_(look) {
    for (int i = 0; i < job.workers; ++i) {
      hunters_.push_back(std::make_unique<Hunter>(job, options, look, deadline,
                                                  Hunter::Number{.index = i, .of = job.workers}, &team_));
    }
  }

  // Why it ended; an error where no hunter came to that end.
  absl::StatusOr<std::string> Run(const std::string& binary, std::vector<std::string>* notes) {
    for (const auto& hunter : hunters_) {
      if (absl::Status status = hunter->Prepare(binary); !status.ok()) return status;
    }
    const std::vector<absl::Status> statuses = RunHunters();
    const auto failed = [](const absl::Status& status) { return !status.ok(); };
    const auto first = std::find_if(statuses.begin(), statuses.end(), failed);
    std::string ended = team_.state().ended;
    if (ended.empty()) return *first;
    if (first != statuses.end()) {
      notes->push_back(fmt::format("exploring inputs went on without {} of its {} workers: {}",
                                   std::count_if(first, statuses.end(), failed), statuses.size(),
                                   std::string(first->message())));
    }
    return ended;
  }

  void Fill(Explored* explored) const {
    report::Exploration& summary = explored->summary;
    FuzzSource::Progress best;  // of the hunter that reached most
    Reached best_reached;
    std::vector<uint8_t> buckets;
    input::DistinctCounter distinct;
    Troubles troubles(job_);
    for (const auto& hunter : hunters_) {
      if (hunter->source() == nullptr) continue;
      const FuzzSource::Progress done = hunter->source()->progress();
      summary.set_calls(summary.calls() + static_cast<int64_t>(done.calls));
      std::vector<uint8_t> own;
      hunter->source()->AddReached(&own);
      const Reached reached = Count(own);
      if (reached.features >= best_reached.features) {
        best = done;
        best_reached = reached;
      }
      hunter->source()->AddReached(&buckets);
      distinct.Add(hunter->distinct());
      troubles.Add(hunter->troubles());
    }
    // And what only others reached.
    const Reached all = Count(buckets);
    summary.set_edges_reached(static_cast<int>(best.edges_reached + all.edges - best_reached.edges));
    summary.set_edges_present(static_cast<int>(best.edges_present));
    explored->gained = best.gained + all.features - best_reached.features;
    summary.set_distinct_inputs(
        static_cast<int>(std::min<int64_t>(distinct.Count(), std::numeric_limits<int>::max())));
    summary.set_leaky_calls(team_.state().found_after);
    if (hunters_.front()->source() != nullptr) ChooseInputs(explored);
    explored->crashes = troubles.Crashes(look_.members);
  }

  // A row of calls that leaks, where no input does so by itself.
  void AddRow(Explored* explored) const {
    if (LeakHolds()) return;
    const auto tell = [&](const char* stage) {
      progress_({.stage = stage, .calls = explored->summary.calls()});
    };
    for (const auto& hunter : hunters_) {
      if (hunter->source() == nullptr || !hunter->LookForRow(tell)) continue;
      const input::Sequence& row = hunter->row();
      explored->pool = row;
      explored->row = row.size() > 1;
      explored->places.push_back(hunter->row_place());
      explored->seeds.insert(explored->seeds.begin(), row.begin(), row.end());
      explored->summary.set_leaky_inputs(static_cast<int>(row.size()));
      explored->summary.set_leaky_calls(explored->summary.calls());
      return;
    }
  }

 private:
  // The first hunter has this thread, as the only one that tells how it goes.
  std::vector<absl::Status> RunHunters() {
    std::vector<absl::Status> statuses(hunters_.size());
    std::vector<std::jthread> others;
    for (size_t i = 1; i < hunters_.size(); ++i) {
      try {
        others.emplace_back(
            [&hunter = *hunters_[i], &status = statuses[i]] { status = hunter.Run([](const char*) {}); });
      } catch (const std::system_error& failure) {
        statuses[i] = absl::ErrnoToStatus(failure.code().value(), "starting a thread");
      }
    }
    statuses[0] = hunters_[0]->Run(
        [this](const char* stage) { progress_({.stage = stage, .calls = team_.state().calls}); });
    others.clear();  // waits for them
    return statuses;
  }

  // What left something behind: of each place the best that any hunter found, and all that came once.
  std::vector<FuzzSource::Leaky> Leaky() const {
    std::vector<FuzzSource::Leaky> all, once;
    for (const auto& hunter : hunters_) {
      if (hunter->source() == nullptr) continue;
      for (const FuzzSource::Leaky& leaky : hunter->source()->leaky()) {
        if (!leaky.again) {
          once.push_back(leaky);
        } else if (FuzzSource::Leaky* const place = FuzzSource::PlaceFor(leaky, &all)) {
          *place = leaky;
        }
      }
    }
    all.insert(all.end(), once.begin(), once.end());
    return all;
  }

  bool LeakHolds() const {
    return std::any_of(hunters_.begin(), hunters_.end(),
                       [](const auto& hunter) { return hunter->leak_holds(); });
  }

  void ChooseInputs(Explored* explored) const {
    std::vector<FuzzSource::Leaky> leaky = Leaky();
    std::unordered_set<uint64_t> refuted;
    for (const auto& hunter : hunters_) refuted.insert(hunter->refuted().begin(), hunter->refuted().end());
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
      if (refuted.contains(input::Hash(one.input))) continue;
      if (explored->pool.size() < kMostLeaky && chosen.insert(input::Hash(one.input)).second) {
        explored->pool.push_back(one.input);
        explored->places.push_back(PlaceOf(one));
      }
    }
    const std::vector<Input> kept = hunters_.front()->source()->Kept();
    explored->summary.set_leaky_inputs(static_cast<int>(explored->pool.size()));
    explored->summary.set_kept_inputs(static_cast<int>(kept.size()));
    explored->seeds = explored->pool;
    for (const auto& one : leaky) {
      if (refuted.contains(input::Hash(one.input)) && chosen.insert(input::Hash(one.input)).second)
        explored->seeds.push_back(one.input);
    }
    for (const std::vector<Input>* more : {&look_.seeds, &kept}) {
      for (const Input& input : *more) {
        if (explored->seeds.size() >= kMostSeeds || !chosen.insert(input::Hash(input)).second) continue;
        explored->seeds.push_back(input);
      }
    }
    // Without leaky ones: those that seemed so, the entry's own seeds, and of what reached new code as much
    // as there is room for.
    if (explored->pool.empty()) {
      explored->pool.assign(
          explored->seeds.begin(),
          explored->seeds.begin() + static_cast<std::ptrdiff_t>(std::min(explored->seeds.size(), kMostPool)));
    } else if (LeakHolds()) {
      explored->seeds = explored->pool;
    }
  }

  const EntryJob& job_;
  const HuntOptions& options_;
  const ProgressSink& progress_;
  const FirstLook& look_;
  HuntTeam team_;
  std::vector<std::unique_ptr<Hunter>> hunters_;
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
  auto why = hunt.Run(*binary, &explored.notes);
  hunt.Fill(&explored);
  hunt.AddRow(&explored);
  if (!why.ok()) {
    explored.notes.push_back(
        fmt::format("exploring inputs ended early: {}", std::string(why.status().message())));
    return finish("it failed");
  }
  return finish(*std::move(why));
}

}  // namespace goleakstress::campaign
