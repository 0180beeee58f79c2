#include "harness/campaign/dead_goroutines.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

TEST(DeadGoroutines, AFewThatComeWithTheCallsAreEnough) {
  const GoroutineHistory rare{.levels = {1, 2, 2, 3, 4}, .calls = {64, 1000, 3000, 6000, 9000}};
  EXPECT_TRUE(CameWithCalls(rare, 4));
  EXPECT_FALSE(CameWithCalls(rare, 2)) << "the others may still come back";
  explain::GrowingSite site;
  SetDeadRate(rare, 4, &site);
  EXPECT_NEAR(site.rate, 3.0 / 8936, 1e-9);
  // Of a count of 3: 0.62 to 8.77 (Garwood).
  EXPECT_NEAR(site.rate_low * 8936, 0.6187, 1e-3);
  EXPECT_NEAR(site.rate_high * 8936, 8.7673, 1e-3);
}

TEST(DeadGoroutines, WhatIsStartedOnFirstUseDoesNot) {
  const std::vector<int64_t> calls = {64, 1000, 3000, 6000, 9000};
  EXPECT_FALSE(CameWithCalls({.levels = {8, 8, 8, 8, 8}, .calls = calls}, 8)) << "before the first reading";
  EXPECT_FALSE(CameWithCalls({.levels = {1, 12, 16, 16, 16}, .calls = calls}, 16)) << "in the first half";
  EXPECT_FALSE(CameWithCalls({.levels = {0, 0, 0, 0, 4}, .calls = calls}, 4)) << "all at once";
  EXPECT_FALSE(CameWithCalls({.levels = {0, 0, 1, 1, 2}, .calls = calls}, 2)) << "two may be two of a kind";
  EXPECT_FALSE(CameWithCalls({}, 7));
}

}  // namespace
}  // namespace goleakstress::campaign
