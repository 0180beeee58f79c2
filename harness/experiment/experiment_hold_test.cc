#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/experiment/conduct.h"
#include "harness/experiment/experiment.h"

namespace goleakstress::experiment {
namespace {

TEST(ExperimentHold, TheHoldTellsHowLongItSurvived) {
  // Half an hour after the last call everything is gone.
  double last_calls = 0, last_now = 0;
  const Outcome r = Conduct(Plan(), 9, {{}, {}}, [&](double a, double b, double now) {
    if (a + b != last_calls) last_now = now, last_calls = a + b;
    const bool gone = now - last_now > 7200, mostly = gone;
    return std::vector<double>{gone ? 0 : a + b, mostly ? 0.4 * (a + b) : a + b};
  });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kDelayed);
  EXPECT_EQ(r.sites[0].survived_seconds, 3600);
  EXPECT_EQ(r.sites[1].verdict, Verdict::kResidue);
}

TEST(ExperimentHold, AWindowThatHoldsTheLastBatchIsDecided) {
  // A word for each call, in the array of a slice that doubles.
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    double calls = 0, last = 0;
    const Outcome r = Conduct(WithoutInputs(), seed, {{.resolution = 16, .material_rate = 1}},
                              [&](double a, double b, double) {
                                if (a + b > calls) last = a + b - calls;
                                calls = a + b;
                                return std::vector<double>{std::exp2(std::ceil(std::log2(8 * last + 64)))};
                              });
    EXPECT_NE(r.sites[0].verdict, Verdict::kInconclusive) << seed;
    EXPECT_FALSE(IsGrowth(r.sites[0].verdict)) << seed;
  }
}

TEST(ExperimentHold, WorkersOfAPoolAreNoLeakBesideWhatTheyHold) {
  // One for each of 200 tenants, of which a new one comes with every hundredth call.
  const SiteTraits goroutines = {.least_horizon = 256, .least_things = 100, .enough_things = 150};
  const Outcome r = Conduct(WithoutInputs(), 9, {goroutines, {}}, [](double a, double b, double) {
    const double workers = std::min(200.0, std::floor((a + b) / 100));
    return std::vector<double>{workers, 3 * workers};
  });
  for (const SiteVerdict& v : r.sites) EXPECT_NE(v.verdict, Verdict::kLeak);
}

TEST(ExperimentHold, CallsOfABatchThatWasCutAreNoGrowthInTheHold) {
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

TEST(ExperimentHold, GrowthThatThePadTakesAwayIsDelayed) {
  const Outcome r = Conduct(Plan(), 10, {{.before_jump = true}},
                            [](double a, double b, double) { return std::vector<double>{a + b}; });
  EXPECT_EQ(r.sites[0].verdict, Verdict::kDelayed);
}

TEST(ExperimentHold, ASiteThatAppearsInTheHoldHasNoEvidence) {
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

}  // namespace
}  // namespace goleakstress::experiment
