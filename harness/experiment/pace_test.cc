#include "harness/experiment/pace.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "harness/experiment/random.h"
#include "harness/experiment/worlds.h"

namespace goleakstress::experiment {
namespace {

// Batches from 1024 calls to 16384, each a tenth of the calls so far, and an empty one after each.
std::vector<Reading> Grow(const std::function<double(double calls)>& add,
                          const std::function<double()>& noise) {
  std::vector<Reading> readings;
  double calls = 1024, level = 0;
  readings.push_back({calls, calls, 0, level + noise()});
  while (calls < 16384) {
    const double batch = std::floor(calls / 10);
    for (double i = 0; i < batch; ++i) level += add(calls + i);
    calls += batch;
    readings.push_back({calls, calls, 0, level + noise()});
    readings.push_back({calls, calls, 0, level + noise()});
  }
  return readings;
}

double Quiet() { return 0; }

TEST(PaceTest, GrowthByTheUnitIsSteady) {
  const auto readings = Grow([](double) { return 1.0; }, Quiet);
  const Pace pace = PaceOf(readings, 1, false);
  EXPECT_TRUE(KeepsPace(pace, Plan()));
  EXPECT_FALSE(pace.blurred);
}

TEST(PaceTest, RareGrowthIsSteadyAndAVocabularyIsNot) {
  WorldRandom random(7);
  int steady = 0, fading = 0;
  for (int run = 0; run < 100; ++run) {
    const auto rare = Grow([&](double) { return random.Unit() < 1.0 / 32 ? 1.0 : 0.0; }, Quiet);
    steady += KeepsPace(PaceOf(rare, 1, false), Plan());
    const auto root =
        Grow([&](double calls) { return random.Unit() < 2 / std::sqrt(calls) ? 1.0 : 0.0; }, Quiet);
    fading += !KeepsPace(PaceOf(root, 1, false), Plan());
  }
  EXPECT_GE(steady, 95);
  EXPECT_EQ(fading, 100);
}

TEST(PaceTest, BytesSayNoMoreThanTheObjectsTheyBelongTo) {
  WorldRandom random(7);
  const auto objects = Grow([&](double) { return random.Unit() < 1.0 / 32 ? 1.0 : 0.0; }, Quiet);
  std::vector<Reading> bytes = objects;
  for (Reading& r : bytes) r.level *= 48;
  const double one = PaceOf(objects, 1, false).evidence, other = PaceOf(bytes, 1, false).evidence;
  EXPECT_NEAR(other, one, 0.1 * one);
}

TEST(PaceTest, NoiseOfTheLevelIsNoLump) {
  WorldRandom random(7);
  const auto noise = [&] { return 50 * random.Gauss(); };
  const Pace pace = PaceOf(Grow([](double) { return 0.25; }, noise), 1, false);
  EXPECT_TRUE(pace.blurred);
  EXPECT_TRUE(KeepsPace(pace, Plan())) << pace.evidence;
  EXPECT_FALSE(
      KeepsPace(PaceOf(Grow([](double calls) { return 64 / std::sqrt(calls); }, noise), 1, false), Plan()));
}

TEST(PaceTest, ABackingArrayIsSteadyWhereItsElementsAre) {
  const auto array = [](double power) {
    double needed = 0, held = 1;
    while (held < std::pow(1024, power)) held *= 1.25;
    return Grow(
        [=](double calls) mutable {
          needed = std::pow(calls, power);
          const double before = held;
          while (held < needed) held *= 1.25;
          return held - before;
        },
        Quiet);
  };
  // Just before a step the array is smaller than its elements promise, so not each end shows it.
  const auto share = [](const std::vector<Reading>& readings) {
    const size_t from = readings.size() / 2;
    double steady = 0;
    for (size_t end = from; end < readings.size(); ++end)
      steady += KeepsPace(PaceOf(std::span(readings).first(end), 1, true), Plan());
    return steady / static_cast<double>(readings.size() - from);
  };
  EXPECT_GE(share(array(1)), 0.5);
  EXPECT_LE(share(array(0.5)), 0.25);
}

TEST(PaceTest, WhatOnlyRepeatedCallsAddIsSteadyOnTheirAxis) {
  WorldRandom random(7);
  std::vector<Reading> mixed = Grow([](double) { return 0.0; }, Quiet), fading = mixed;
  double repeated = 0, fresh = 0;
  for (size_t i = 1; i < mixed.size(); ++i) {
    const double batch = mixed[i].calls - mixed[i - 1].calls, share = random.Unit();
    repeated += std::floor(batch * share);
    fresh += batch - std::floor(batch * share);
    mixed[i].fresh = fading[i].fresh = fresh;
    mixed[i].level = repeated;
    fading[i].level = std::floor(std::sqrt(mixed[i].calls));
  }
  EXPECT_TRUE(KeepsPace(PaceOf(mixed, 1, false), Plan()));
  EXPECT_FALSE(KeepsPace(PaceOf(fading, 1, false), Plan()));
}

TEST(PaceTest, WhatDidNotGrowKeepsNoPace) {
  EXPECT_FALSE(KeepsPace(PaceOf(Grow([](double) { return 0.0; }, Quiet), 1, false), Plan()));
  EXPECT_FALSE(KeepsPace(PaceOf(Grow([](double) { return -1.0; }, Quiet), 1, false), Plan()));
}

}  // namespace
}  // namespace goleakstress::experiment
