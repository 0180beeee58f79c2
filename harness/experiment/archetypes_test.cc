// The quick form of experiment_table: the same worlds, fewer runs.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "harness/experiment/trial.h"

namespace goleakstress::experiment {
namespace {

constexpr int kRuns = 20;

// Leaks that are not always called so within the limit, and the least share that must be.
const std::map<std::string, double> kWeak = {
    {"L07", 0.4},  {"L08", 0}, {"L09", 0}, {"L10", 0.5},  {"Q08", 0.8},
    {"Q10", 0.05}, {"V06", 0}, {"X05", 0}, {"X06", 0.75},
};

class ArchetypeTest : public testing::TestWithParam<bool> {};

TEST_P(ArchetypeTest, LeaksAreFoundAndNothingElseIs) {
  const Plan plan = GetParam() ? RealTime(Plan()) : Plan();
  uint64_t stream = 1000;
  for (const Archetype& a : AllArchetypes()) {
    ++stream;
    int leaks = 0, growths = 0, right = 0;
    for (uint64_t run = 0; run < kRuns; ++run) {
      const auto world = a.make(TrialSeed(2 * stream, run));
      const Trial trial = RunTrial(*world, plan, TrialSeed(2 * stream + 1, run));
      leaks += trial.verdict.verdict == Verdict::kLeak;
      growths += IsGrowth(trial.verdict.verdict);
      right += IsGrowth(trial.verdict.verdict) && trial.verdict.driver == a.driver;
    }
    if (a.kind == 'N') {
      EXPECT_EQ(leaks, 0) << a.name;
      EXPECT_LE(growths, GetParam() && a.name.starts_with("Q06") ? kRuns : 1) << a.name;
    }
    if (a.kind != 'L') continue;
    const std::string id = a.name.substr(0, 3);
    // Without the clock probe a unit that is released after 30 s hides what stays.
    const double least = kWeak.contains(id) ? kWeak.at(id) : GetParam() && id == "K02" ? 0 : 0.9;
    EXPECT_GE(leaks, least * kRuns) << a.name;
    EXPECT_GE(right, least >= 0.5 ? 0.85 * kRuns : 0) << a.name;
  }
}

INSTANTIATE_TEST_SUITE_P(VirtualAndRealTime, ArchetypeTest, testing::Bool());

// What a `leak` certifies.
TEST(HorizonTest, CachesBelowTheHorizonAreNoLeaks) {
  for (int64_t capacity : {10, 50, 200, 500, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000}) {
    for (double load : {0.0, 15.0}) {
      for (uint64_t run = 0; run < 10; ++run) {
        const auto world = MakeBoundedCache(TrialSeed(500 + static_cast<uint64_t>(capacity), run), capacity,
                                            {.load_sd = load});
        EXPECT_NE(RunTrial(*world, Plan(), run).verdict.verdict, Verdict::kLeak)
            << capacity << " load " << load;
      }
    }
  }
}

TEST(HorizonTest, WhatIsReleasedWithinTheHoldIsNoLeak) {
  for (double seconds : {1, 5, 20, 60, 90, 99, 119, 600, 1800, 3500, 40000}) {
    for (uint64_t run = 0; run < 5; ++run) {
      const auto world = MakeReleased(run, seconds);
      EXPECT_NE(RunTrial(*world, Plan(), run + 77).verdict.verdict, Verdict::kLeak) << seconds;
      if (seconds > 99) continue;
      const auto again = MakeReleased(run, seconds);
      EXPECT_NE(RunTrial(*again, RealTime(Plan()), run + 77).verdict.verdict, Verdict::kLeak) << seconds;
    }
  }
}

TEST(HorizonTest, WhatIsFlushedIsNoLeak) {
  for (int64_t period : {2, 16, 64, 256, 1000, 2000, 4000, 6000}) {
    for (uint64_t run = 0; run < 10; ++run) {
      const auto world = MakeFlushed(run, period);
      EXPECT_NE(RunTrial(*world, Plan(), run + 99).verdict.verdict, Verdict::kLeak) << period;
    }
  }
}

TEST(HorizonTest, ShorterHorizonsFindPlainLeaksToo) {
  int leaks = 0;
  for (uint64_t run = 0; run < 20; ++run) {
    const auto world = MakePerCall(run, 1, 1, {});
    const Trial trial = RunTrial(*world, Plan::ForHorizon(1024), run);
    leaks += trial.verdict.verdict == Verdict::kLeak;
    EXPECT_LT(trial.calls, 4096);
    const auto again = MakePerCall(run, 1, 1, {});
    EXPECT_EQ(RunTrial(*again, Plan::ForHorizon(256), run).verdict.verdict, Verdict::kGrowing);
    const auto cache = MakeBoundedCache(run, 400, {});
    EXPECT_NE(RunTrial(*cache, Plan::ForHorizon(1024), run).verdict.verdict, Verdict::kLeak);
  }
  EXPECT_GE(leaks, 19);
}

}  // namespace
}  // namespace goleakstress::experiment
