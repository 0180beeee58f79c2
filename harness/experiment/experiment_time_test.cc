#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/experiment/conduct.h"
#include "harness/experiment/experiment.h"

namespace goleakstress::experiment {
namespace {

TEST(ExperimentTime, WhatFilledEarlyIsCleanWhereTimeEndsBeforeTheHorizon) {
  int clean = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Outcome r = Conduct(
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

TEST(ExperimentTime, GoesOnToTheHorizonThatASiteLacks) {
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

TEST(ExperimentTime, ExhaustionIsEvidence) {
  // inotify instances end after 128 calls, in the screen stage.
  const Outcome r = Conduct(
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
  const Outcome later = Conduct(
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

TEST(ExperimentTime, OutOfTimeBeforeAnyHorizonIsAtMostGrowing) {
  const Outcome r = Conduct(WithoutInputs(), 12, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
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

TEST(ExperimentTime, OutOfTimeShortensTheHorizon) {
  for (const uint64_t seed : {12u, 13u, 14u, 15u}) {
    const Outcome r = Conduct(WithoutInputs(), seed, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
      if (x.calls() > 3000) x.NoteCut();
    });
    EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
    EXPECT_FALSE(IsGrowth(r.sites[1].verdict));
    EXPECT_FALSE(IsGrowth(r.sites[2].verdict));
    EXPECT_EQ(r.entry.horizon, 2048) << r.entry.calls;
    EXPECT_EQ(r.entry.stop, Stop::kCut);
  }
}

TEST(ExperimentTime, ACutPastTheHorizonForgivesNoPlateau) {
  const Outcome r = Conduct(WithoutInputs(), 12, {{}, {}, {}, {}}, CutLevels, [](Experiment& x) {
    if (x.calls() > 9000) x.NoteCut();
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
  EXPECT_FALSE(IsGrowth(r.sites[3].verdict));
}

TEST(ExperimentTime, NothingIsCleanBeforeTheConfirmStage) {
  const Outcome r = Conduct(
      Plan(), 12, {{}}, [](double, double, double) { return std::vector<double>{5}; },
      [](Experiment& x) {
        if (x.calls() > 150) x.NoteCut();
      });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(r.entry.verdict, Verdict::kInconclusive);
}

}  // namespace
}  // namespace goleakstress::experiment
