#include "harness/experiment/checks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "harness/experiment/hold.h"

namespace goleakstress::experiment {
namespace {

// Readings from 1,000 to about `to` calls, every third batch without calls; level as a function of the calls.
std::vector<Reading> Readings(double to, const std::function<double(double)>& level) {
  std::vector<Reading> readings;
  double calls = 1000, seconds = 0;
  for (int i = 0; calls < to; ++i) {
    readings.push_back({calls, calls, seconds, level(calls)});
    if (i % 3 != 0) calls = std::floor(calls * (i % 3 == 1 ? 1.05 : 1.2));
    seconds += 120;
  }
  return readings;
}

double Identity(double calls) { return calls; }

TEST(ChecksTest, OwnNoiseIsThatOfBatchesWithoutCalls) {
  EXPECT_EQ(OwnNoise(Readings(9000, Identity), 2), 1);
  std::vector<Reading> readings = {{0, 0, 0, 0}, {0, 0, 1, 3}, {5, 5, 2, 100}, {5, 5, 3, 96}};
  EXPECT_DOUBLE_EQ(OwnNoise(readings, 1), std::sqrt((9.0 + 16.0) / 2));
}

TEST(ChecksTest, TellsFlushedAndReplacedFromKept) {
  const Turnover leak = TurnsOver(Readings(9000, Identity), 1, 0.5);
  EXPECT_FALSE(leak.flushed || leak.replaced);
  EXPECT_TRUE(TurnsOver(Readings(9000, [](double n) { return std::fmod(n, 700); }), 1, 0.5).flushed);
  EXPECT_FALSE(
      TurnsOver(Readings(9000, [](double n) { return std::fmod(n, 100) + 0.5 * n; }), 1, 0.5).flushed);
}

TEST(ChecksTest, SeesGrowthFade) {
  EXPECT_FALSE(Decelerates(Readings(9000, Identity), 0.5));
  EXPECT_TRUE(Decelerates(Readings(9000, [](double n) { return std::min(n, 5000.0); }), 0.5));
  EXPECT_TRUE(Decelerates(Readings(9000, [](double n) { return 500 * std::log(n); }), 0.5));
}

TEST(ChecksTest, OnePerBatchIsNotProportional) {
  EXPECT_TRUE(Proportional(Readings(9000, Identity), 0.6));
  std::vector<Reading> readings = Readings(9000, Identity);
  double level = 0;
  for (size_t i = 1; i < readings.size(); ++i) {
    readings[i].level = level += readings[i].calls > readings[i - 1].calls ? 1 : 0;
  }
  EXPECT_FALSE(Proportional(readings, 0.6));
}

TEST(ChecksTest, GrowthMustGoOnBeyondTheHorizon) {
  EXPECT_TRUE(Stalls(Readings(8000, Identity), 1, 8192)) << "not reached";
  EXPECT_FALSE(Stalls(Readings(12000, Identity), 1, 8192));
  EXPECT_TRUE(Stalls(Readings(12000, [](double n) { return std::min(n, 8192.0); }), 1, 8192));
}

TEST(ChecksTest, EstimatesRatesAndNamesExactRatios) {
  const auto third = Readings(9000, [](double n) { return std::floor(n / 3); });
  const Rate rate = EstimateRate(third);
  EXPECT_NEAR(rate.rate, 1.0 / 3, 1e-3);
  EXPECT_LE(rate.low, rate.rate);
  EXPECT_GE(rate.high, rate.rate);
  const auto ratio = ExactRatio(third, 1, rate.rate);
  ASSERT_TRUE(ratio.has_value());
  EXPECT_EQ(ratio->p, 1);
  EXPECT_EQ(ratio->q, 3);
  EXPECT_EQ(ExactRatio(Readings(9000, [](double n) { return 80 * n; }), 16, 80)->p, 80);
  EXPECT_FALSE(ExactRatio(Readings(9000, [](double n) { return std::floor(n * 0.123456789); }), 1, 0.1234)
                   .has_value());
  EXPECT_NEAR(GrowthExponent(Readings(9000, Identity), 0), 1, 1e-9);
  EXPECT_NEAR(GrowthExponent(Readings(9000, [](double n) { return std::sqrt(n); }), 0), 0.5, 1e-9);
}

TEST(ChecksTest, ARefutedRateMustExceedWhatWasSeen) {
  const double rates[] = {0.015625, 0.0625, 0.25};
  EXPECT_EQ(SmallestRefuted(rates, Readings(9000, [](double) { return 5; })), 0.015625);
  EXPECT_EQ(SmallestRefuted(rates, Readings(9000, [](double n) { return n / 10; })), 0.25);
  EXPECT_EQ(SmallestRefuted(rates, Readings(9000, Identity)), 0);
}

TEST(HoldTest, SurvivesOnlyWhatEveryShorterHoldLeft) {
  const std::vector<Held> held = {{100, 100}, {3600, 95}, {90000, 20}};
  EXPECT_EQ(SurvivedSeconds(held, 0, 100, 0.8), 3600);
  EXPECT_EQ(SurvivedSeconds({}, 0, 100, 0.8), 0);
  const std::vector<Held> dip = {{100, 10}, {3600, 100}};
  EXPECT_EQ(SurvivedSeconds(dip, 0, 100, 0.8), 0);
}

TEST(HoldTest, BackgroundGrowthGoesOnWithoutCalls) {
  auto readings = Readings(9000, Identity);
  for (Reading& r : readings) r.level = r.seconds;
  const double last = readings.back().seconds;
  EXPECT_TRUE(GrowsInHold(std::vector<Held>{{3600, last + 3600}}, readings, 1));
  EXPECT_FALSE(GrowsInHold(std::vector<Held>{{3600, last}}, readings, 1));
  EXPECT_FALSE(GrowsInHold(std::vector<Held>{{10, last + 10}}, readings, 1)) << "too short to compare";
}

}  // namespace
}  // namespace goleakstress::experiment
