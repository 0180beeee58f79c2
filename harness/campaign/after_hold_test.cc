#include "harness/campaign/after_hold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace goleakstress::campaign {
namespace {

using testing::ElementsAre;

// Two sites: elements, and bytes of the array that they lie in. 1,000 calls in batches of 100, then 350 more.
class AfterHoldTest : public testing::Test {
 protected:
  AfterHoldTest() {
    for (int64_t calls = 0; calls <= 1000; calls += 100) {
      const auto level = static_cast<double>(calls);
      calls_at_.push_back(64 + calls);
      history_.push_back({level, 8 * level});
    }
  }

  std::vector<double> Stay(std::vector<double> held, std::vector<double> after, bool failed = false) const {
    return LevelsThatStay({.history = history_,
                           .calls_at = calls_at_,
                           .held = std::move(held),
                           .after = std::move(after),
                           .things = {1, 8},
                           .made = 350,
                           .failed = failed,
                           .keep = 0.5,
                           .steps = steps_});
  }

  std::vector<int64_t> calls_at_;
  std::vector<std::vector<double>> history_;
  std::vector<double> steps_ = {};
};

TEST_F(AfterHoldTest, WhatGrowsOnStays) {
  EXPECT_THAT(Stay({1000, 8000}, {1350, 8000 + 350 * 8}), ElementsAre(1000, 8000));
}

TEST_F(AfterHoldTest, RoomThatIsFilledAnewDoesNotStay) {
  EXPECT_THAT(Stay({0, 8000}, {350, 8000}), ElementsAre(0, 0));
  EXPECT_THAT(Stay({1000, 8000}, {350, 8000}), ElementsAre(0, 0)) << "emptied by the next call";
  EXPECT_THAT(Stay({0, 8000}, {350, 8000 + 350 * 8}), ElementsAre(0, 8000)) << "that grows on";
}

TEST_F(AfterHoldTest, TheNextStepOfAnArrayThatDoublesMayBeFarAway) {
  for (size_t row = 0; row < history_.size(); ++row) history_[row][1] = row < 6 ? 4000 : 8000;
  history_.front()[1] = 0;
  EXPECT_THAT(Stay({0, 8000}, {350, 8000}), ElementsAre(0, 8000));
}

TEST_F(AfterHoldTest, ReadingsMayBeFurtherApartThanTheStepsOfASlice) {
  for (size_t row = 0; row < history_.size(); ++row)
    history_[row][1] = row < 4 ? 2000 : row < 8 ? 5000 : 8000;
  history_.front()[1] = 0;
  EXPECT_THAT(Stay({0, 8000}, {350, 8000}), ElementsAre(0, 8000));
  steps_ = {0, 0.08};
  EXPECT_THAT(Stay({0, 8000}, {350, 8000}), ElementsAre(0, 0));
}

TEST_F(AfterHoldTest, WhereNothingWasEmptiedNothingIsFilledAnew) {
  EXPECT_THAT(Stay({1000, 8000}, {1000, 8000}), ElementsAre(1000, 8000));
}

TEST_F(AfterHoldTest, CallsThatFailTellNothing) {
  EXPECT_THAT(Stay({0, 8000}, {0, 8000}, true), ElementsAre(0, 8000));
}

TEST_F(AfterHoldTest, WhatTheNextCallSweepsDoesNotStay) {
  // All but what the calls left themselves; and a little, which may be chance.
  EXPECT_THAT(Stay({1000, 8000}, {350, 8000 + 350 * 8}), ElementsAre(0, 8000));
  EXPECT_THAT(Stay({1000, 8000}, {990, 8000 + 350 * 8}), ElementsAre(990, 8000));
}

TEST(IsBeingReleasedTest, WhatGoesInParts) {
  EXPECT_TRUE(IsBeingReleased({10}, {1000}, {400}, {1}));
  EXPECT_FALSE(IsBeingReleased({10}, {1000}, {990}, {1})) << "it stays";
  EXPECT_FALSE(IsBeingReleased({10}, {1000}, {20}, {1})) << "it went";
  EXPECT_FALSE(IsBeingReleased({10}, {22}, {16}, {1})) << "too little to tell";
  EXPECT_TRUE(IsBeingReleased({}, {1000, 1000}, {1000, 400}, {1, 1})) << "not seen at first";
}

}  // namespace
}  // namespace goleakstress::campaign
