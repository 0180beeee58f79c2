// Targets built to mislead the experiment.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/experiment/trial.h"

namespace goleakstress::experiment {
namespace {

constexpr int kRuns = 20;

// A world written down as lambdas on one bag of state.
struct Bag {
  double total = 0, fresh = 0, last = 0, now = 0, kept = 0;
  int batches = 0;
};
class Scripted : public World {
 public:
  Scripted(uint64_t seed, std::function<double(Bag&, WorldRandom&)> level)
      : World(seed, {}), level_(std::move(level)) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    bag_.total += static_cast<double>(n);
    bag_.fresh += fresh ? static_cast<double>(n) : 0;
    bag_.last += static_cast<double>(n);
  }
  double Level() override {
    bag_.now = now_;
    ++bag_.batches;
    const double level = level_(bag_, random_);
    bag_.last = 0;
    return level;
  }

 private:
  std::function<double(Bag&, WorldRandom&)> level_;
  Bag bag_;
};

struct Case {
  std::string name;
  std::function<double(Bag&, WorldRandom&)> level;
};

TEST(AdversaryTest, NoneIsALeak) {
  const std::vector<Case> cases = {
      {"stops at 1024", [](Bag& b, WorldRandom&) { return std::min(b.total, 1024.0); }},
      {"stops at 8192", [](Bag& b, WorldRandom&) { return std::min(b.total, 8192.0); }},
      {"ring of the last 3000 calls", [](Bag& b, WorldRandom&) { return std::min(b.total, 3000.0); }},
      {"ring of 4096, in pages of 512",
       [](Bag& b, WorldRandom&) { return 512 * std::ceil(std::min(b.total, 4096.0) / 512); }},
      {"counter that wraps at 1000", [](Bag& b, WorldRandom&) { return std::fmod(b.total, 1000); }},
      {"signed counter that wraps", [](Bag& b, WorldRandom&) { return std::fmod(b.total, 2048) - 1024; }},
      {"spikes in the largest batches",
       [](Bag& b, WorldRandom& r) { return b.last > 0.1 * b.total ? b.last * (1 + r.Unit()) : 0; }},
      {"the collector skips one time in eight",
       [](Bag& b, WorldRandom& r) { return r.Unit() < 0.125 ? 3 * b.last : 0; }},
      {"garbage of the last batch", [](Bag& b, WorldRandom&) { return b.last; }},
      {"another tenant comes and goes",
       [](Bag& b, WorldRandom& r) { return b.kept = r.Unit() < 0.3 ? std::floor(5000 * r.Unit()) : b.kept; }},
      {"another tenant grows",
       [](Bag& b, WorldRandom& r) { return b.kept += std::floor(20 * r.Unit() * b.batches); }},
      {"falls with every call", [](Bag& b, WorldRandom&) { return 1e6 - b.total; }},
      {"logarithm of the keys", [](Bag& b, WorldRandom&) { return std::floor(100 * std::log(1 + b.fresh)); }},
      {"one or two per batch with calls",
       [](Bag& b, WorldRandom& r) { return b.kept += b.last > 0 ? 1 + std::floor(2 * r.Unit()) : 0; }},
      {"about one per batch with calls",
       [](Bag& b, WorldRandom& r) { return b.kept += b.last > 0 ? static_cast<double>(r.Poisson(1)) : 0; }},
      {"one per reading", [](Bag& b, WorldRandom&) { return static_cast<double>(b.batches); }},
      {"doubles with every reading", [](Bag& b, WorldRandom&) { return std::exp2(std::min(b.batches, 50)); }},
      {"noise that grows with the dose",
       [](Bag& b, WorldRandom& r) { return std::floor(std::abs(r.Gauss()) * std::sqrt(b.last) * 10); }},
  };
  for (const Case& c : cases) {
    for (bool real : {false, true}) {
      const Plan plan = real ? RealTime(Plan()) : Plan();
      for (uint64_t run = 0; run < kRuns; ++run) {
        Scripted world(TrialSeed(9000, run), c.level);
        const Trial trial = RunTrial(world, plan, TrialSeed(9001, run));
        EXPECT_NE(trial.verdict.verdict, Verdict::kLeak) << c.name << " run " << run;
      }
    }
  }
}

// Batches that are not padded take longer with more calls, and something grows with time. The time the
// experiment believes in is the one it asked for.
TEST(AdversaryTest, BackgroundGrowthInUnpaddedBatchesIsNoLeak) {
  for (uint64_t run = 0; run < kRuns; ++run) {
    Experiment experiment(RealTime(Plan()), run);
    experiment.AddSite({});
    double level = 10;
    experiment.FirstReading({level});
    while (!experiment.Done()) {
      const Dose dose = experiment.Next();
      const double seconds = dose.seconds + 1e-3 * static_cast<double>(dose.repeated + dose.fresh);
      level += std::floor(3 * seconds);
      experiment.Observe({level}, seconds);
    }
    while (experiment.NeedsHold())
      experiment.ObserveHold(experiment.HoldSeconds(), {level + 3 * experiment.HoldSeconds()});
    const Verdict verdict = experiment.Judge()[0].verdict;
    EXPECT_NE(verdict, Verdict::kLeak) << run;
    EXPECT_NE(verdict, Verdict::kGrowing) << run;
  }
}

TEST(AdversaryTest, LeaksAreFoundAmongDistractions) {
  const std::vector<Case> cases = {
      {"1 per call", [](Bag& b, WorldRandom&) { return b.total; }},
      {"2 per fresh key", [](Bag& b, WorldRandom&) { return 2 * b.fresh; }},
      {"lumps of 500", [](Bag& b, WorldRandom&) { return 500 * std::floor(b.total / 500); }},
      {"starts at 1500", [](Bag& b, WorldRandom&) { return std::max(0.0, b.total - 1500); }},
      {"under a sawtooth",
       [](Bag& b, WorldRandom&) { return std::fmod(b.total, 100) + std::floor(b.total / 2); }},
      {"while something shrinks",
       [](Bag& b, WorldRandom&) { return b.total + 3000 * std::exp(-b.now / 3000); }},
      {"offset of a million", [](Bag& b, WorldRandom&) { return 1e6 + b.total; }},
      {"closed by the collector, summed up",
       [](Bag& b, WorldRandom& r) { return b.kept += b.last - static_cast<double>(r.Poisson(1)); }},
      {"1 in 64",
       [](Bag& b, WorldRandom& r) {
         return b.kept += static_cast<double>(r.Binomial(static_cast<int64_t>(b.last), 1.0 / 64));
       }},
  };
  for (const Case& c : cases) {
    int leaks = 0;
    for (uint64_t run = 0; run < kRuns; ++run) {
      Scripted world(TrialSeed(9100, run), c.level);
      leaks += RunTrial(world, Plan(), TrialSeed(9101, run)).verdict.verdict == Verdict::kLeak;
    }
    EXPECT_GE(leaks, 0.9 * kRuns) << c.name;
  }
}

// Hundreds of sites on one schedule: leaks are found, and what is called a leak is one.
TEST(ManySitesTest, FindsTheLeaksAndNothingElse) {
  for (uint64_t process = 0; process < 3; ++process) {
    std::vector<std::unique_ptr<World>> worlds;
    std::vector<char> kinds;
    const auto add = [&](std::unique_ptr<World> world, char kind) {
      worlds.push_back(std::move(world));
      kinds.push_back(kind);
    };
    for (uint64_t i = 0; i < 200; ++i) {
      const uint64_t seed = TrialSeed(7000 + process, i);
      if (i < 6) {
        add(MakePerCall(seed, 1, i % 2 ? 1 : 0.25, {.load_sd = i < 3 ? 5.0 : 0.0}), 'L');
      } else if (i < 20) {
        add(MakeBoundedCache(seed, 50 + 100 * static_cast<int64_t>(i), {.load_sd = 2}), 'N');
      } else if (i < 60) {
        add(MakeFlat(seed, {.jitter = 2}), 'N');
      } else if (i < 80) {
        add(MakeFlat(seed, {.load_sd = 15}), 'N');
      } else {
        add(MakeFlat(seed, {}), 'N');
      }
    }
    const ManyTrial trial = RunTrial(worlds, Plan(), process);
    ASSERT_EQ(trial.verdicts.size(), worlds.size());
    int found = 0;
    for (size_t i = 0; i < worlds.size(); ++i) {
      const Verdict v = trial.verdicts[i].verdict;
      if (kinds[i] == 'L') {
        found += v == Verdict::kLeak;
      } else {
        EXPECT_FALSE(IsGrowth(v)) << i << " " << Name(v);
      }
    }
    EXPECT_EQ(found, 6);
    EXPECT_EQ(trial.entry.verdict, Verdict::kLeak);
    EXPECT_EQ(trial.entry.sites, 200);
    EXPECT_EQ(trial.entry.moved_sites, 80);
  }
}

}  // namespace
}  // namespace goleakstress::experiment
