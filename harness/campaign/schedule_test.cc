#include "harness/campaign/schedule.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

TEST(ScheduleTest, ThePortfolioEndsWithTheTargetsOwnProcessors) {
  for (const uint32_t own : {1u, 2u, 4u, 64u}) {
    const auto portfolio = Portfolio(own, true, Yields::kEverywhere);
    EXPECT_EQ(portfolio.back().processors, own);
    EXPECT_EQ(portfolio.size(), own == 2 || own == 64 ? 4u : 3u);
    for (size_t i = 1; i < portfolio.size(); ++i) EXPECT_TRUE(portfolio[i].random);
  }
}

TEST(ScheduleTest, AShareOfTheCallsRunsAsGoSchedules) {
  for (const Yields yields : {Yields::kEverywhere, Yields::kNowhere}) {
    const Schedule first = Portfolio(2, true, yields).front();
    EXPECT_FALSE(first.random);
    EXPECT_EQ(first.yield_odds + first.lock_yield_odds, 0u);
    EXPECT_EQ(first.processors, 2u);
  }
}

TEST(ScheduleTest, WithoutTheProbeOnlyProcessorsVary) {
  const auto portfolio = Portfolio(2, false, Yields::kEverywhere);
  ASSERT_EQ(portfolio.size(), 3u);
  for (const Schedule& schedule : portfolio) {
    EXPECT_FALSE(schedule.random);
    EXPECT_EQ(schedule.yield_odds, 0u);
  }
  EXPECT_EQ(Describe(portfolio), "stock, GOMAXPROCS 1, 4, 2");
}

TEST(ScheduleTest, IsDescribedInWords) {
  EXPECT_EQ(Describe(Portfolio(2, true, Yields::kEverywhere)),
            "random picks, 1 in 4 channel operations and locks yields, GOMAXPROCS 1, 4, 2; 1 in 4 calls on "
            "Go's own");
  EXPECT_EQ(Describe(Portfolio(2, true, Yields::kAtChannels)),
            "random picks, 1 in 4 channel operations yields, GOMAXPROCS 1, 4, 2; 1 in 4 calls on Go's own");
  EXPECT_EQ(Describe(Portfolio(2, true, Yields::kNowhere)),
            "random picks, GOMAXPROCS 1, 4, 2; 1 in 4 calls on Go's own");
}

}  // namespace
}  // namespace goleakstress::campaign
