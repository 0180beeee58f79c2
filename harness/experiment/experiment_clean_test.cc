#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/experiment/conduct.h"
#include "harness/experiment/experiment.h"

namespace goleakstress::experiment {
namespace {

TEST(ExperimentClean, WhatNeverMovesIsClearedFast) {
  const Outcome r =
      Conduct(Plan(), 4, {{}, {}}, [](double, double, double) { return std::vector<double>{3, 0}; });
  EXPECT_EQ(r.entry.verdict, Verdict::kClean);
  EXPECT_GE(r.entry.calls, 8192);
  EXPECT_LT(r.entry.calls, 20000);
  EXPECT_LT(r.entry.snapshots, 35);
  EXPECT_EQ(r.entry.moved_sites, 0);
  EXPECT_GT(r.entry.refuted_rate, 0);
  EXPECT_LT(r.entry.refuted_rate, 1.0 / 1024);
}

TEST(ExperimentClean, CleanSitesOnlyRaiseTheLine) {
  const auto leak = [](double a, double b, size_t others) {
    std::vector<double> levels(others + 1);
    levels[0] = a + b;
    return levels;
  };
  const Outcome alone = Conduct(Plan(), 5, {{}}, [&](double a, double b, double) { return leak(a, b, 0); });
  const Outcome among = Conduct(Plan(), 5, std::vector<SiteTraits>(901),
                                [&](double a, double b, double) { return leak(a, b, 900); });
  EXPECT_EQ(alone.sites[0].verdict, Verdict::kLeak);
  EXPECT_EQ(among.sites[0].verdict, Verdict::kLeak);
  EXPECT_GE(among.entry.snapshots, alone.entry.snapshots);
}

TEST(ExperimentClean, NegatedGrowthIsNoGrowth) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Outcome r = Conduct(Plan(), seed, {{}, {}, {}}, [](double a, double b, double now) {
      return std::vector<double>{1e6 - a - b, 1e6 - b, 1e6 - std::floor(now)};
    });
    for (const SiteVerdict& v : r.sites) EXPECT_FALSE(IsGrowth(v.verdict)) << Name(v.verdict);
  }
}

TEST(ExperimentClean, WhatStandsStillIsCleanThoughTheFirstReadingConfirms) {
  Plan plan = Plan::ForHorizon(256);
  plan.inputs = false;
  plan.warm_up = 64;  // the confirm stage has begun by then
  const Outcome r = Conduct(plan, 7, {{}, {}}, [](double calls, double, double) {
    return std::vector<double>{calls < 90 ? 1.0 : 0.0, calls};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kClean) << r.sites[0].settle;
}

TEST(ExperimentClean, OneUnitAtTheEndHidesNoGrowth) {
  Plan plan = Plan::ForHorizon(1024);
  plan.inputs = false;
  const auto step = [](double size) {
    return
        [size](double calls, double, double) { return std::vector<double>{calls < 900 ? 0.0 : size, calls}; };
  };
  const auto cut = [](Experiment& x) {
    if (x.calls() >= 900) x.NoteCut();
  };
  EXPECT_EQ(Conduct(plan, 7, {{}, {}}, step(1), cut).sites[0].verdict, Verdict::kClean);
  // A lump may be the first of many.
  EXPECT_EQ(Conduct(plan, 7, {{}, {}}, step(500), cut).sites[0].verdict, Verdict::kInconclusive);
}

TEST(ExperimentClean, WhatIsGoneAgainIsCleanHoweverItVaried) {
  Plan plan = Plan::ForHorizon(1024);
  plan.inputs = false;
  const auto cut = [](Experiment& x) {
    if (x.calls() >= 1000) x.NoteCut();
  };
  const auto varies = [&](double floor) {
    int reading = 0;
    return Conduct(
               plan, 7, {{}},
               [&](double calls, double, double) {
                 ++reading;
                 const double passing = reading % 4 == 0 ? 0 : std::fmod(calls * 37, 150);
                 return std::vector<double>{passing + floor * calls};
               },
               cut)
        .sites[0]
        .verdict;
  };
  EXPECT_EQ(varies(0), Verdict::kClean);
  EXPECT_NE(varies(0.3), Verdict::kClean);
}

// The last 200, cut off when the array is full: 200 to 348 of them are there.
double CutOffInTime(double calls) { return calls < 200 ? calls : 200 + std::fmod(calls - 200, 148); }

TEST(ExperimentClean, WhatComesBackIsCleanThoughNotGone) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Outcome r = Conduct(
        WithoutInputs(), seed, {{}, {}},
        [](double calls, double, double) {
          return std::vector<double>{CutOffInTime(calls), CutOffInTime(calls) + std::floor(calls / 4)};
        },
        CutAfter(6000));
    EXPECT_GE(r.sites[0].verdict, Verdict::kPlateaued) << seed;
    EXPECT_LT(r.sites[1].verdict, Verdict::kPlateaued) << seed;
  }
}

TEST(ExperimentClean, WhatStoodStillForMostOfTheCallsIsCleanHoweverItGrew) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Outcome r = Conduct(
        WithoutInputs(), seed, {{}, {}},
        [](double calls, double, double) {
          // Blocks of 600 that come with every 250th call: eight of them, or without end.
          const double blocks = std::floor(calls / 250);
          return std::vector<double>{600 * std::min(8.0, blocks), 600 * blocks};
        },
        CutAfter(6500));
    EXPECT_GE(r.sites[0].verdict, Verdict::kPlateaued) << seed;
    EXPECT_LT(r.sites[1].verdict, Verdict::kPlateaued) << seed;
  }
}

// Objects and bytes of an array that was replaced: what one of them has told needs no word of the other.
TEST(ExperimentClean, WhatWasNotWaitedForIsNotInconclusive) {
  Plan plan = Plan::ForHorizon(1024);
  plan.inputs = false;
  const std::vector<SiteTraits> array = {{.group = 1}, {.resolution = 16, .group = 1}};
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Outcome r = Conduct(plan, seed, array, [](double calls, double, double) {
      return calls < 400 ? std::vector<double>{1, 40960} : std::vector<double>{2, 73728};
    });
    EXPECT_EQ(r.entry.verdict, Verdict::kClean) << seed;
    EXPECT_LT(r.entry.calls, 2048) << seed;
  }
}

TEST(ExperimentClean, WhatIsGivenUpLateDoesNotKeepAnEntryFromBeingClean) {
  const Outcome r = Conduct(WithoutInputs(), 5, {{}, {}}, [](double a, double, double) {
    return std::vector<double>{a < 2000 ? 7.0 : 5.0, std::floor(a / 4) - (a < 2000 ? 0 : 100)};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kClean);
  EXPECT_EQ(r.sites[1].verdict, Verdict::kLeak);  // a fall hides nothing
}

TEST(ExperimentClean, ImmaterialGrowthEarnsNoWord) {
  const Outcome r = Conduct(Plan(), 13, {{.resolution = 1, .material_rate = 2}},
                            [](double a, double b, double) { return std::vector<double>{a + b}; });
  EXPECT_FALSE(IsGrowth(r.sites[0].verdict));
  EXPECT_FALSE(r.sites[0].material);
  EXPECT_GT(r.sites[0].log_e_call, 9);
}

}  // namespace
}  // namespace goleakstress::experiment
