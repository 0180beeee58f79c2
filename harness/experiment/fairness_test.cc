// What validity rests on: whatever the experts believe and whatever is read, the mean of what a bet returns,
// over the law of the draw, is the stake.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "harness/experiment/design.h"
#include "harness/experiment/experiment.h"
#include "harness/experiment/random.h"
#include "harness/experiment/site.h"

namespace goleakstress::experiment {
namespace {

constexpr double kFloor = 0.05;

// A bank and a site after a random past.
struct State {
  GrowthBank bank;
  CleanBank clean{Totals{32, 32, 0}, 0};
  Site site;
  Totals made{32, 32, 0};
};

// A change that suits the site's taste: leaking, noisy, silent, stepping, huge or falling.
double SomeChange(int taste, const Batch& batch, Random& random) {
  switch (taste) {
    case 0:
      return batch.calls();
    case 1:
      return std::floor(20 * (random.Unit() - 0.5));
    case 2:
      return random.Unit() < 0.8 ? 0 : 7;
    case 3:
      return random.Unit() < 0.7 ? 0 : 4096 * random.Unit();
    case 4:
      return 0x1p53 * (random.Unit() - 0.5);
    case 5:
      return batch.fresh + 0.01 * random.Unit();
    default:
      return -batch.calls() + 3 * random.Unit();
  }
}

Batch SomeBatch(const Plan& plan, const Totals& made, Random& random) {
  const Units units =
      UnitsOf(plan, made,
              {.spread = static_cast<int64_t>(8 + random.Below(64)), .favour_fresh = random.Unit() < 0.2});
  return BatchOf(plan, made, units, Draw(plan, units, random));
}

void Live(const Plan& plan, const Batch& batch, double change, State& s) {
  s.bank.Prepare(batch, {&s.site, 1});
  s.clean.Prepare(batch);
  const double level = s.site.levels.back() + change;
  BetOnClean(s.clean, batch, 1, kFloor, 0.01, level, s.site);
  BetOnGrowth(s.bank, batch, kFloor, level, s.site);
  s.site.levels.push_back(level);
  s.bank.Learn();
  s.clean.Learn(batch);
  s.made = {s.made.repeated + static_cast<int64_t>(batch.repeated),
            s.made.fresh + static_cast<int64_t>(batch.fresh), s.made.seconds + plan.pad_seconds};
}

State SomeState(const Plan& plan, int taste, Random& random) {
  State s;
  s.site.levels = {std::floor(1000 * random.Unit())};
  s.site.moved = true;
  BeginGrowth(s.bank, s.site);
  BeginClean(s.clean, s.site);
  const uint64_t past = random.Below(25);
  for (uint64_t i = 0; i < past; ++i) {
    const Batch batch = SomeBatch(plan, s.made, random);
    Live(plan, batch, SomeChange(taste, batch, random), s);
  }
  s.site.wealth = {};
  s.site.clean_wealth = {};
  return s;
}

// Calls `f` with every cell and idle choice, and its probability.
void ForEverySecret(const Plan& plan, Secret secret, const std::function<void(const Secret&, double)>& f) {
  const std::vector<Cell> cells = plan.Cells();
  double total = 0;
  for (const Cell& cell : cells) total += cell.weight;
  for (secret.cell = 0; secret.cell < cells.size(); ++secret.cell) {
    for (secret.idle = 0; secret.idle < static_cast<size_t>(plan.idle_choices); ++secret.idle) {
      f(secret, cells[secret.cell].weight / total / plan.idle_choices);
    }
  }
}

class FairnessTest : public testing::TestWithParam<bool> {};

TEST_P(FairnessTest, EveryBetReturnsItsStakeOnAverage) {
  Plan plan;
  plan.inputs = GetParam();
  Random random(11);
  int paid = 0;
  for (int round = 0; round < 70; ++round) {
    const int taste = round % 7;
    const State state = SomeState(plan, taste, random);
    const Units units = UnitsOf(plan, state.made, {.spread = 16});
    Secret secret = Draw(plan, units, random);
    const double change = SomeChange(taste, BatchOf(plan, state.made, units, secret), random);

    // Calls have no effect: the change is the same whatever is drawn.
    Wealth mean;
    for (auto& purse : mean.factors) purse.wealth.fill(0);
    ForEverySecret(plan, secret, [&](const Secret& drawn, double p) {
      State copy = state;
      Live(plan, BatchOf(plan, state.made, units, drawn), change, copy);
      for (size_t f = 0; f < kFactors; ++f) {
        for (size_t k = 0; k < kExperts; ++k) {
          const double gain = copy.site.wealth.factors[f].wealth[k];
          ASSERT_GE(gain, 0.9 * kFloor * kFloor);  // two bets, on repeated and on fresh calls, at worst
          mean.factors[f].wealth[k] += p * gain;
          paid += gain > 2;
        }
      }
    });
    for (size_t f = 0; f < kFactors; ++f) {
      for (size_t k = 0; k < kExperts; ++k) {
        ASSERT_NEAR(mean.factors[f].wealth[k], 1, 1e-12)
            << "factor " << f << " expert " << k << " round " << round;
      }
    }

    // The level grows at just the rate that is to be refuted, plus something that does not depend on the
    // draw.
    for (size_t r = 0; r < kCleanRates; ++r) {
      std::array<double, kCleanRegressions> clean_mean{};
      ForEverySecret(plan, secret, [&](const Secret& drawn, double p) {
        State copy = state;
        const Batch batch = BatchOf(plan, state.made, units, drawn);
        Live(plan, batch, kCleanRateUnits[r] * batch.calls() + std::floor(0x1p-40 * change), copy);
        for (size_t k = 0; k < kCleanRegressions; ++k)
          clean_mean[k] += p * copy.site.clean_wealth[r][0].wealth[k];
      });
      for (size_t k = 0; k < kCleanRegressions; ++k) {
        ASSERT_NEAR(clean_mean[k], 1, 1e-9) << "rate " << r << " expert " << k << " round " << round;
      }
    }
  }
  EXPECT_GT(paid, 1000) << "nobody bets";
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutInputs, FairnessTest, testing::Bool());

// Any fixed series, however it trends, meets random draws: the mean e-value is at most 1, and hardly any run
// ever sees 100.
TEST(FixedSeriesTest, NoSeriesKnowsTheDraw) {
  const std::vector<std::function<double(double)>> series = {
      [](double t) { return t; },
      [](double t) { return 100 * t; },
      [](double t) { return std::floor(std::exp(t / 4)); },
      [](double t) { return std::floor(2000 * (1 - std::exp(-t / 6))); },
      [](double t) { return 0x1p53 - t; },
      [](double t) { return std::fmod(7919 * t, 101); },
      [](double t) { return t * t; },
      [](double t) { return std::floor(t / 5) * 500; },
  };
  constexpr int kRuns = 200, kBatches = 40;
  for (size_t k = 0; k < series.size(); ++k) {
    double sum = 0, squares = 0;
    int alarms = 0;
    for (int run = 0; run < kRuns; ++run) {
      Plan plan;
      plan.horizon = plan.limit = plan.confirm_from = 1'000'000'000;
      Experiment experiment(plan, 1000 * k + static_cast<uint64_t>(run));
      experiment.AddSite({});
      experiment.FirstReading({series[k](0)});
      bool alarm = false;
      for (int t = 1; t <= kBatches; ++t) {
        const Dose dose = experiment.Next();
        experiment.Observe({series[k](t)}, dose.seconds);
        alarm = alarm || experiment.E(0, Factor::kCall) >= 100;
      }
      alarms += alarm;
      const double e =
          std::min(experiment.E(0, Factor::kCall), 1e4);  // cut, so that the mean has a known error
      sum += e;
      squares += e * e;
    }
    const double mean = sum / kRuns, error = std::sqrt((squares / kRuns - mean * mean) / kRuns);
    EXPECT_LE(mean, 1 + 3 * error) << "series " << k;
    EXPECT_LE(alarms, 7) << "series " << k;  // 2 expected at most; 8 or more have probability 0.1 %
  }
}

}  // namespace
}  // namespace goleakstress::experiment
