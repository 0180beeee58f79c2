#include "harness/experiment/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "harness/experiment/conduct.h"

namespace goleakstress::experiment {
namespace {

TEST(ExperimentTest, TellsOneLeakPerCallInFull) {
  const Outcome r =
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
  const Outcome r = Conduct(Plan(), 2, {{}, {}, {}}, [](double a, double b, double now) {
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
  const Outcome r = Conduct(plan, 3, {{}}, [&](double a, double b, double) {
    most_fresh = b;
    return std::vector<double>{a};
  });
  EXPECT_EQ(most_fresh, 0);
  EXPECT_EQ(r.sites[0].verdict, Verdict::kLeak);
  EXPECT_EQ(r.sites[0].driver, Driver::kCall);
}

TEST(ExperimentTest, ConstantsUnitsAndOrderDoNotMatter) {
  const LevelsOf target = [](double a, double b, double now) {
    return std::vector<double>{a + b, std::floor(10 * std::sin(now)), std::min(b, 700.0),
                               std::floor((a + b) / 16)};
  };
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const Outcome plain = Conduct(Plan(), seed, {{}, {}, {}, {}}, target);
    const Outcome shifted = Conduct(Plan(), seed, {{}, {}, {}, {}}, [&](double a, double b, double now) {
      std::vector<double> levels = target(a, b, now);
      for (double& v : levels) v += 100000;
      return levels;
    });
    const SiteTraits pages{.resolution = 4096, .thing = 4096};
    const Outcome scaled =
        Conduct(Plan(), seed, {pages, pages, pages, pages}, [&](double a, double b, double now) {
          std::vector<double> levels = target(a, b, now);
          for (double& v : levels) v *= 4096;
          return levels;
        });
    const Outcome reversed = Conduct(Plan(), seed, {{}, {}, {}, {}}, [&](double a, double b, double now) {
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

TEST(ExperimentTest, BytesOfThingsOfTheSameSizeAreToldByTheirNumber) {
  const SiteTraits bytes = {.resolution = 16, .thing = 64, .group = 1};
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Outcome r = Conduct(
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
  const Outcome r = Conduct(Plan(), 8, {{}, {}}, [](double a, double b, double) {
    const double odd = std::fmod(a + b, 3);
    return std::vector<double>{odd == 0   ? std::numeric_limits<double>::quiet_NaN()
                               : odd == 1 ? std::numeric_limits<double>::infinity()
                                          : a,
                               0x1p53 + 2 * a};
  });
  for (const SiteVerdict& v : r.sites) EXPECT_TRUE(std::isfinite(v.log_e_call));
}

TEST(ExperimentTest, TheSameSeedGivesTheSameBitsOnEveryCompiler) {
  const LevelsOf target = [](double a, double b, double now) {
    return std::vector<double>{a + b, std::fmod(a * 7 + b * 3, 41), std::floor(b / 20) + std::fmod(now, 7)};
  };
  const Outcome r = Conduct(Plan(), 2024, {{}, {}, {}}, target);
  const Outcome again = Conduct(Plan(), 2024, {{}, {}, {}}, target);
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
