#include "harness/experiment/experiment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "harness/experiment/trial.h"

namespace goleakstress::experiment {
namespace {

// Levels of all sites after so many repeated and fresh calls at such a time.
using Target = std::function<std::vector<double>(double repeated, double fresh, double now)>;

struct Result {
  std::vector<SiteVerdict> sites;
  EntryVerdict entry;
};

// Runs an experiment on sites that are functions of what was done; `twist` may interfere after each batch.
Result Conduct(const Plan& plan, uint64_t seed, const std::vector<SiteTraits>& traits, const Target& target,
               const std::function<void(Experiment&)>& twist = {}) {
  Experiment x(plan, seed);
  for (const SiteTraits& t : traits) x.AddSite(t);
  const Dose warm = x.WarmUp();
  double repeated = static_cast<double>(warm.repeated), fresh = static_cast<double>(warm.fresh),
         now = warm.seconds;
  x.FirstReading(target(repeated, fresh, now));
  while (!x.Done()) {
    const Dose dose = x.Next();
    repeated += static_cast<double>(dose.repeated);
    fresh += static_cast<double>(dose.fresh);
    now += dose.seconds;
    x.Observe(target(repeated, fresh, now), dose.seconds);
    if (twist) twist(x);
  }
  while (x.NeedsHold()) x.ObserveHold(x.HoldSeconds(), target(repeated, fresh, now + x.HoldSeconds()));
  Result result;
  result.sites = x.Judge();
  result.entry = x.Summary(result.sites);
  return result;
}

Plan WithoutInputs() {
  Plan plan;
  plan.inputs = false;
  return plan;
}

TEST(ExperimentTest, TellsOneLeakPerCallInFull) {
  const Result r =
      Conduct(Plan(), 1, {{}}, [](double a, double b, double) { return std::vector<double>{a + b + 17}; });
  const SiteVerdict& v = r.sites[0];
  EXPECT_EQ(v.verdict, Verdict::kLeak);
  EXPECT_EQ(v.driver, Driver::kCall);
  EXPECT_NEAR(v.rate.rate, 1, 1e-9);
  ASSERT_TRUE(v.exact.has_value());
  EXPECT_EQ(v.exact->p, 1);
  EXPECT_EQ(v.exact->q, 1);
  EXPECT_EQ(v.survived_seconds, 90000);
  EXPECT_GE(v.horizon, 8192);
  EXPECT_NEAR(v.exponent, 1, 0.1);
  EXPECT_TRUE(v.material);
  EXPECT_TRUE(v.settle.empty());
  EXPECT_GT(v.log_e_call, std::log(1e4));
  EXPECT_EQ(r.entry.verdict, Verdict::kLeak);
  EXPECT_EQ(r.entry.stop, Stop::kSettled);
  EXPECT_EQ(r.entry.hold_seconds, 90000);
  EXPECT_LT(r.entry.snapshots, 50);
}

TEST(ExperimentTest, NamesTheDriver) {
  const Result r = Conduct(Plan(), 2, {{}, {}, {}}, [](double a, double b, double now) {
    return std::vector<double>{b, a, std::floor(now / 100)};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
  EXPECT_EQ(r.sites[0].driver, Driver::kKey);
  EXPECT_GT(r.sites[0].log_e_fresh, std::log(1e4));
  EXPECT_LT(r.sites[0].log_e_repeated, std::log(100.0));
  EXPECT_EQ(r.sites[1].driver, Driver::kCall);
  EXPECT_GT(r.sites[1].log_e_repeated, std::log(1e4));
  EXPECT_LT(r.sites[1].log_e_fresh, std::log(100.0));
  EXPECT_EQ(r.sites[2].verdict, Verdict::kBackground);
  EXPECT_EQ(r.sites[2].driver, Driver::kTime);
  EXPECT_NEAR(r.sites[2].rate.rate, 0.01, 1e-3);
}

TEST(ExperimentTest, AnEntryWithoutInputsHasOneKindOfCall) {
  Plan plan;
  plan.inputs = false;
  double most_fresh = 0;
  const Result r = Conduct(plan, 3, {{}}, [&](double a, double b, double) {
    most_fresh = b;
    return std::vector<double>{a};
  });
  EXPECT_EQ(most_fresh, 0);
  EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
  EXPECT_EQ(r.sites[0].driver, Driver::kCall);
}

TEST(ExperimentTest, WhatNeverMovesIsClearedFast) {
  const Result r =
      Conduct(Plan(), 4, {{}, {}}, [](double, double, double) { return std::vector<double>{3, 0}; });
  EXPECT_EQ(r.entry.verdict, Verdict::kClean);
  EXPECT_GE(r.entry.calls, 8192);
  EXPECT_LT(r.entry.calls, 20000);
  EXPECT_LT(r.entry.snapshots, 35);
  EXPECT_EQ(r.entry.moved_sites, 0);
  EXPECT_GT(r.entry.refuted_rate, 0);
  EXPECT_LT(r.entry.refuted_rate, 1.0 / 1024);
}

TEST(ExperimentTest, ConstantsUnitsAndOrderDoNotMatter) {
  const Target target = [](double a, double b, double now) {
    return std::vector<double>{a + b, std::floor(10 * std::sin(now)), std::min(b, 700.0),
                               std::floor((a + b) / 16)};
  };
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const Result plain = Conduct(Plan(), seed, {{}, {}, {}, {}}, target);
    const Result shifted = Conduct(Plan(), seed, {{}, {}, {}, {}}, [&](double a, double b, double now) {
      std::vector<double> levels = target(a, b, now);
      for (double& v : levels) v += 100000;
      return levels;
    });
    const SiteTraits pages{.resolution = 4096, .thing = 4096};
    const Result scaled =
        Conduct(Plan(), seed, {pages, pages, pages, pages}, [&](double a, double b, double now) {
          std::vector<double> levels = target(a, b, now);
          for (double& v : levels) v *= 4096;
          return levels;
        });
    const Result reversed = Conduct(Plan(), seed, {{}, {}, {}, {}}, [&](double a, double b, double now) {
      const std::vector<double> levels = target(a, b, now);
      return std::vector<double>(levels.rbegin(), levels.rend());
    });
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(plain.sites[i].verdict, shifted.sites[i].verdict) << i;
      EXPECT_EQ(plain.sites[i].verdict, scaled.sites[i].verdict) << i;
      EXPECT_NEAR(plain.sites[i].log_e_call, scaled.sites[i].log_e_call, 1e-9) << i;
      EXPECT_EQ(plain.sites[i].log_e_call, reversed.sites[3 - i].log_e_call) << i;
      EXPECT_EQ(plain.sites[i].verdict, reversed.sites[3 - i].verdict) << i;
    }
  }
}

TEST(ExperimentTest, CleanSitesOnlyRaiseTheLine) {
  const auto leak = [](double a, double b, size_t others) {
    std::vector<double> levels(others + 1);
    levels[0] = a + b;
    return levels;
  };
  const Result alone = Conduct(Plan(), 5, {{}}, [&](double a, double b, double) { return leak(a, b, 0); });
  const Result among = Conduct(Plan(), 5, std::vector<SiteTraits>(901),
                               [&](double a, double b, double) { return leak(a, b, 900); });
  EXPECT_EQ(alone.sites[0].verdict, Verdict::kLeak);
  EXPECT_EQ(among.sites[0].verdict, Verdict::kLeak);
  EXPECT_GE(among.entry.snapshots, alone.entry.snapshots);
}

TEST(ExperimentTest, NegatedGrowthIsNoGrowth) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Result r = Conduct(Plan(), seed, {{}, {}, {}}, [](double a, double b, double now) {
      return std::vector<double>{1e6 - a - b, 1e6 - b, 1e6 - std::floor(now)};
    });
    for (const SiteVerdict& v : r.sites) EXPECT_FALSE(IsGrowth(v.verdict)) << Name(v.verdict);
  }
}

TEST(ExperimentTest, WhatStandsStillIsCleanThoughTheFirstReadingConfirms) {
  Plan plan = Plan::ForHorizon(256);
  plan.inputs = false;
  plan.warm_up = 64;  // the confirm stage has begun by then
  const Result r = Conduct(plan, 7, {{}, {}}, [](double calls, double, double) {
    return std::vector<double>{calls < 90 ? 1.0 : 0.0, calls};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kClean) << r.sites[0].settle;
}

TEST(ExperimentTest, OneUnitAtTheEndHidesNoGrowth) {
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

TEST(ExperimentTest, WhatIsGoneAgainIsCleanHoweverItVaried) {
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

// Out of time after so many calls.
std::function<void(Experiment&)> CutAfter(int64_t calls) {
  return [calls](Experiment& x) {
    if (x.calls() >= calls) x.NoteCut();
  };
}

// The last 200, cut off when the array is full: 200 to 348 of them are there.
double CutOffInTime(double calls) { return calls < 200 ? calls : 200 + std::fmod(calls - 200, 148); }

TEST(ExperimentTest, WhatComesBackIsCleanThoughNotGone) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Result r = Conduct(
        WithoutInputs(), seed, {{}, {}},
        [](double calls, double, double) {
          return std::vector<double>{CutOffInTime(calls), CutOffInTime(calls) + std::floor(calls / 4)};
        },
        CutAfter(6000));
    EXPECT_GE(r.sites[0].verdict, Verdict::kPlateaued) << seed;
    EXPECT_LT(r.sites[1].verdict, Verdict::kPlateaued) << seed;
  }
}

TEST(ExperimentTest, WhatStoodStillForMostOfTheCallsIsCleanHoweverItGrew) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Result r = Conduct(
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

TEST(ExperimentTest, BytesOfThingsOfTheSameSizeAreToldByTheirNumber) {
  const SiteTraits bytes = {.resolution = 16, .thing = 64, .group = 1};
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Result r = Conduct(
        WithoutInputs(), seed,
        {{.group = 1}, bytes, {.group = 2}, {.resolution = 16, .thing = 64, .group = 2}},
        [](double calls, double, double) {
          const double things = 300 + std::floor(100 * std::sin(calls / 400));
          const double array = std::exp2(std::ceil(std::log2(calls / 100)));
          return std::vector<double>{things, 256 * things, 300, 300 * 16 * array};
        },
        CutAfter(7000));
    EXPECT_NE(r.sites[0].verdict, Verdict::kInconclusive) << seed;
    EXPECT_NE(r.sites[1].verdict, Verdict::kInconclusive) << seed;
    EXPECT_EQ(r.sites[2].verdict, Verdict::kClean) << seed;
    EXPECT_LT(r.sites[3].verdict, Verdict::kPlateaued) << seed;  // the number stands still, the arrays do not
  }
}

TEST(ExperimentTest, WhatFilledEarlyIsCleanWhereTimeEndsBeforeTheHorizon) {
  int clean = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Result r = Conduct(
        Plan(), seed, {{}, {}},
        [](double repeated, double fresh, double) {
          return std::vector<double>{std::min(fresh, 800.0), std::floor((repeated + fresh) / 6)};
        },
        CutAfter(5500));
    clean += r.sites[0].verdict >= Verdict::kPlateaued;
    EXPECT_LT(r.sites[1].verdict, Verdict::kPlateaued) << seed;
  }
  EXPECT_GE(clean, 15);
}

TEST(ExperimentTest, GoesOnToTheHorizonThatASiteLacks) {
  Plan plan = Plan::ForHorizon(64);
  plan.inputs = false;
  Experiment x(plan, 7);
  x.AddSite({.least_horizon = 256});
  x.AddSite({});
  const auto levels = [](double calls) { return std::vector<double>{calls, 3}; };
  double calls = static_cast<double>(x.WarmUp().repeated);
  x.FirstReading(levels(calls));
  const auto until_done = [&] {
    while (!x.Done()) {
      const Dose dose = x.Next();
      calls += static_cast<double>(dose.repeated);
      x.Observe(levels(calls), dose.seconds);
    }
  };
  until_done();
  EXPECT_LT(calls, 256);
  ASSERT_EQ(x.LackingHorizon(), 256);
  x.GoOn(256);
  until_done();
  EXPECT_GE(calls, 256);
  EXPECT_EQ(x.LackingHorizon(), 0);
  while (x.NeedsHold()) x.ObserveHold(x.HoldSeconds(), levels(calls));
  EXPECT_EQ(x.Judge()[0].verdict, Verdict::kLeak);
  EXPECT_EQ(x.Judge()[1].verdict, Verdict::kClean);
}

// Objects and bytes of an array that was replaced: what one of them has told needs no word of the other.
TEST(ExperimentTest, WhatWasNotWaitedForIsNotInconclusive) {
  Plan plan = Plan::ForHorizon(1024);
  plan.inputs = false;
  const std::vector<SiteTraits> array = {{.group = 1}, {.resolution = 16, .group = 1}};
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Result r = Conduct(plan, seed, array, [](double calls, double, double) {
      return calls < 400 ? std::vector<double>{1, 40960} : std::vector<double>{2, 73728};
    });
    EXPECT_EQ(r.entry.verdict, Verdict::kClean) << seed;
    EXPECT_LT(r.entry.calls, 2048) << seed;
  }
}

TEST(ExperimentTest, ASiteThatAppearsLateIsAsIfItHadStoodStill) {
  // Appears with its first unit: the same bits as a site that was there from the start.
  Experiment early(Plan(), 6), late(Plan(), 6);
  early.AddSite({});
  late.AddSite({});
  early.AddSite({});
  early.FirstReading({0, 0});
  late.FirstReading({0});
  double calls = 64;
  bool added = false;
  while (!early.Done()) {
    const Dose dose = early.Next(), same = late.Next();
    ASSERT_EQ(dose.repeated, same.repeated);
    ASSERT_EQ(dose.fresh, same.fresh);
    calls += static_cast<double>(dose.repeated + dose.fresh);
    const double other = std::fmod(calls, 13), level = std::max(0.0, calls - 700);
    if (level > 0 && !added) {
      late.AddSite({}, 0);
      added = true;
    }
    early.Observe({other, level}, dose.seconds);
    late.Observe({other, level}, dose.seconds);
    ASSERT_EQ(early.Done(), late.Done());
  }
  const auto a = early.Judge(), b = late.Judge();
  EXPECT_EQ(a[1].verdict, b[1].verdict);
  EXPECT_EQ(a[1].log_e_call, b[1].log_e_call);
  EXPECT_EQ(a[1].log_e_late, b[1].log_e_late);
}

TEST(ExperimentTest, ALostSnapshotOnlyLowersEvidence) {
  Experiment whole(Plan(), 7), lossy(Plan(), 7);
  for (Experiment* x : {&whole, &lossy}) {
    x->AddSite({});
    x->FirstReading({64});
  }
  double calls = 64;
  for (int i = 0; i < 12; ++i) {
    const Dose dose = whole.Next();
    lossy.Next();
    calls += static_cast<double>(dose.repeated + dose.fresh);
    whole.Observe({calls}, dose.seconds);
    if (i < 11) lossy.Observe({calls}, dose.seconds);
  }
  const double before = lossy.E(0, Factor::kCall);
  lossy.ObserveLost({calls}, 120);
  EXPECT_NEAR(lossy.E(0, Factor::kCall), 0.05 * before, 1e-9 * before);
  EXPECT_LT(lossy.E(0, Factor::kCall), whole.E(0, Factor::kCall));
  EXPECT_EQ(lossy.calls(), whole.calls());
}

TEST(ExperimentTest, SurvivesLevelsThatAreNoNumbers) {
  const Result r = Conduct(Plan(), 8, {{}, {}}, [](double a, double b, double) {
    const double odd = std::fmod(a + b, 3);
    return std::vector<double>{odd == 0   ? std::numeric_limits<double>::quiet_NaN()
                               : odd == 1 ? std::numeric_limits<double>::infinity()
                                          : a,
                               0x1p53 + 2 * a};
  });
  for (const SiteVerdict& v : r.sites) EXPECT_TRUE(std::isfinite(v.log_e_call));
}

TEST(ExperimentTest, TheHoldTellsHowLongItSurvived) {
  // Half an hour after the last call everything is gone.
  double last_calls = 0, last_now = 0;
  const Result r = Conduct(Plan(), 9, {{}, {}}, [&](double a, double b, double now) {
    if (a + b != last_calls) last_now = now, last_calls = a + b;
    const bool gone = now - last_now > 7200, mostly = gone;
    return std::vector<double>{gone ? 0 : a + b, mostly ? 0.4 * (a + b) : a + b};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kDelayed);
  EXPECT_EQ(r.sites[0].survived_seconds, 3600);
  EXPECT_EQ(r.sites[1].verdict, Verdict::kResidue);
}

TEST(ExperimentTest, AWindowThatHoldsTheLastBatchIsDecided) {
  // A word for each call, in the array of a slice that doubles.
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    double calls = 0, last = 0;
    const Result r = Conduct(WithoutInputs(), seed, {{.resolution = 16, .material_rate = 1}},
                             [&](double a, double b, double) {
                               if (a + b > calls) last = a + b - calls;
                               calls = a + b;
                               return std::vector<double>{std::exp2(std::ceil(std::log2(8 * last + 64)))};
                             });
    EXPECT_NE(r.sites[0].verdict, Verdict::kInconclusive) << seed;
    EXPECT_FALSE(IsGrowth(r.sites[0].verdict)) << seed;
  }
}

TEST(ExperimentTest, WorkersOfAPoolAreNoLeakBesideWhatTheyHold) {
  // One for each of 200 tenants, of which a new one comes with every hundredth call.
  const SiteTraits goroutines = {.least_horizon = 256, .least_things = 100, .enough_things = 150};
  const Result r = Conduct(WithoutInputs(), 9, {goroutines, {}}, [](double a, double b, double) {
    const double workers = std::min(200.0, std::floor((a + b) / 100));
    return std::vector<double>{workers, 3 * workers};
  });
  for (const SiteVerdict& v : r.sites) EXPECT_NE(v.verdict, Verdict::kLeak);
}

TEST(ExperimentTest, CallsOfABatchThatWasCutAreNoGrowthInTheHold) {
  Experiment x(Plan(), 9);
  x.AddSite({});
  x.FirstReading({64});
  double calls = 64;
  while (!x.Done()) {
    const Dose dose = x.Next();
    calls += static_cast<double>(dose.repeated + dose.fresh);
    x.Observe({calls}, dose.seconds);
  }
  x.GoOn(20480);
  x.Next();
  calls += 4000;
  x.ObserveLost({calls}, 120);
  x.NoteCut();
  while (x.NeedsHold()) x.ObserveHold(x.HoldSeconds(), {calls});
  EXPECT_EQ(x.Judge()[0].verdict, Verdict::kLeak);
}

TEST(ExperimentTest, GrowthThatThePadTakesAwayIsDelayed) {
  const Result r = Conduct(Plan(), 10, {{.before_jump = true}},
                           [](double a, double b, double) { return std::vector<double>{a + b}; });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kDelayed);
}

TEST(ExperimentTest, ExhaustionIsEvidence) {
  // inotify instances end after 128 calls, in the screen stage.
  const Result r = Conduct(
      Plan(), 11, {{}, {}},
      [](double a, double b, double) { return std::vector<double>{a + b, std::fmod(a + b, 5)}; },
      [](Experiment& x) {
        if (x.calls() > 400) x.NoteExhausted(x.calls());
      });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kExhausted);
  EXPECT_FALSE(IsGrowth(r.sites[1].verdict));
  EXPECT_EQ(r.entry.stop, Stop::kExhausted);
  EXPECT_GT(r.entry.exhausted_after, 400);
  EXPECT_EQ(r.sites[0].survived_seconds, 90000);
  // Shortly after the confirm stage began, its own evidence would be too little.
  const Result later = Conduct(
      Plan(), 11, {{}}, [](double a, double b, double) { return std::vector<double>{a + b}; },
      [](Experiment& x) {
        if (x.stage() == Stage::kConfirm) x.NoteExhausted(x.calls());
      });
  EXPECT_EQ(later.sites[0].verdict, Verdict::kExhausted);
}

// Levels of a leak, of something that varies by itself, of a cache of 900 entries, of one of 5,000.
std::vector<double> CutLevels(double a, double b, double now) {
  return {a + b, std::floor(9 * std::sin(now)), std::min(a + b, 900.0), std::min(a + b, 5000.0)};
}

TEST(ExperimentTest, OutOfTimeBeforeAnyHorizonIsAtMostGrowing) {
  const Result r = Conduct(WithoutInputs(), 12, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
    if (x.calls() > 1700) x.NoteCut();
  });
  ASSERT_LT(r.entry.calls, 2048);
  EXPECT_EQ(r.sites[0].verdict, Verdict::kGrowing);
  EXPECT_EQ(r.sites[1].verdict, Verdict::kInconclusive);
  EXPECT_FALSE(IsGrowth(r.sites[2].verdict));
  EXPECT_FALSE(r.sites[0].settle.empty());
  EXPECT_FALSE(r.sites[1].settle.empty());
  EXPECT_EQ(r.entry.stop, Stop::kCut);
}

TEST(ExperimentTest, OutOfTimeShortensTheHorizon) {
  for (const uint64_t seed : {12u, 13u, 14u, 15u}) {
    const Result r = Conduct(WithoutInputs(), seed, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
      if (x.calls() > 3000) x.NoteCut();
    });
    EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
    EXPECT_FALSE(IsGrowth(r.sites[1].verdict));
    EXPECT_FALSE(IsGrowth(r.sites[2].verdict));
    EXPECT_EQ(r.entry.horizon, 2048) << r.entry.calls;
    EXPECT_EQ(r.entry.stop, Stop::kCut);
  }
}

TEST(ExperimentTest, ACutPastTheHorizonForgivesNoPlateau) {
  const Result r = Conduct(WithoutInputs(), 12, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
    if (x.calls() > 9000) x.NoteCut();
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
  EXPECT_FALSE(IsGrowth(r.sites[3].verdict));
}

TEST(ExperimentTest, WhatIsGivenUpLateDoesNotKeepAnEntryFromBeingClean) {
  const Result r = Conduct(WithoutInputs(), 5, {{}, {}}, [](double a, double, double) {
    return std::vector<double>{a < 2000 ? 7.0 : 5.0, std::floor(a / 4) - (a < 2000 ? 0 : 100)};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kClean);
  EXPECT_EQ(r.sites[1].verdict, Verdict::kLeak);  // a fall hides nothing
}

TEST(ExperimentTest, NothingIsCleanBeforeTheConfirmStage) {
  const Result r = Conduct(
      Plan(), 12, {{}}, [](double, double, double) { return std::vector<double>{5}; },
      [](Experiment& x) {
        if (x.calls() > 150) x.NoteCut();
      });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(r.entry.verdict, Verdict::kInconclusive);
}

TEST(ExperimentTest, ASiteThatAppearsInTheHoldHasNoEvidence) {
  Experiment x(Plan(), 3);
  x.AddSite({});
  double calls = 64;
  x.FirstReading({calls});
  while (!x.Done()) {
    const Dose dose = x.Next();
    calls += static_cast<double>(dose.repeated + dose.fresh);
    x.Observe({calls}, dose.seconds);
  }
  ASSERT_TRUE(x.NeedsHold());
  x.ObserveHold(x.HoldSeconds(), {calls});
  x.AddSite({});
  while (x.NeedsHold()) x.ObserveHold(x.HoldSeconds(), {calls, 500});
  const auto verdicts = x.Judge();
  EXPECT_EQ(verdicts[0].verdict, Verdict::kLeak);
  EXPECT_FALSE(IsGrowth(verdicts[1].verdict));
}

TEST(ExperimentTest, ImmaterialGrowthEarnsNoWord) {
  const Result r = Conduct(Plan(), 13, {{.resolution = 1, .material_rate = 2}},
                           [](double a, double b, double) { return std::vector<double>{a + b}; });
  EXPECT_FALSE(IsGrowth(r.sites[0].verdict));
  EXPECT_FALSE(r.sites[0].material);
  EXPECT_GT(r.sites[0].log_e_call, 9);
}

TEST(ExperimentTest, TheSameSeedGivesTheSameBitsOnEveryCompiler) {
  const Target target = [](double a, double b, double now) {
    return std::vector<double>{a + b, std::fmod(a * 7 + b * 3, 41), std::floor(b / 20) + std::fmod(now, 7)};
  };
  const Result r = Conduct(Plan(), 2024, {{}, {}, {}}, target);
  const Result again = Conduct(Plan(), 2024, {{}, {}, {}}, target);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(r.sites[i].log_e_call, again.sites[i].log_e_call);
    EXPECT_EQ(r.sites[i].log_e_time, again.sites[i].log_e_time);
  }
  EXPECT_EQ(r.entry.calls, 23343);
  EXPECT_EQ(r.sites[0].log_e_call, 0x1.ea5f56f0b7016p+5);
  EXPECT_EQ(r.sites[1].log_e_call, 0x1.63e11d506c1a8p-2);
  EXPECT_EQ(r.sites[2].log_e_call, 0x1.8f641205fdd19p+4);
}

TEST(ExperimentTest, BeforeAnythingWasReadNothingIsJudged) {
  Experiment x(Plan(), 1);
  x.AddSite({});
  x.NoteCut();
  EXPECT_FALSE(x.NeedsHold());
  const auto verdicts = x.Judge();
  EXPECT_EQ(verdicts[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(x.Summary(verdicts).verdict, Verdict::kInconclusive);
}

}  // namespace
}  // namespace goleakstress::experiment
