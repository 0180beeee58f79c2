#include "harness/campaign/clock_watch.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

TEST(ClockWatchTest, NothingIsTheClocksFaultBeforeItWasMoved) {
  EXPECT_FALSE(ClockWatch().BreaksCalls(64, 64));
}

TEST(ClockWatchTest, HalfOfTheCallsSinceTheFirstJump) {
  ClockWatch watch;
  watch.BeforeJump(64, 0);
  EXPECT_FALSE(watch.BreaksCalls(64 + 11, 11)) << "too few calls to tell";
  EXPECT_TRUE(watch.BreaksCalls(64 + 12, 6));
  EXPECT_FALSE(watch.BreaksCalls(64 + 12, 5));
  EXPECT_FALSE(watch.BreaksCalls(64 + 600, 400)) << "later half of the calls may fail for another reason";
}

TEST(ClockWatchTest, ATokenThatExpiresAtALaterJump) {
  ClockWatch watch;
  watch.BeforeJump(64, 0);
  watch.BeforeJump(400, 0);
  watch.BeforeJump(2000, 20);
  EXPECT_FALSE(watch.BreaksCalls(3000, 820));
  EXPECT_TRUE(watch.BreaksCalls(3000, 1020));
}

TEST(ClockWatchTest, SmallBatchesCountTogether) {
  ClockWatch watch;
  watch.BeforeJump(64, 0);
  watch.BeforeJump(1000, 0);
  watch.BeforeJump(1006, 6);
  EXPECT_TRUE(watch.BreaksCalls(1012, 12));
}

TEST(ClockWatchTest, CallsThatAlwaysFailAreNotTheClocksFault) {
  ClockWatch watch;
  watch.BeforeJump(64, 60);
  EXPECT_FALSE(watch.BreaksCalls(164, 160));
}

// A limit is reached within a batch, most likely, and all calls fail from then on.
TEST(ClockWatchTest, ALimitIsNotTheClocksFault) {
  ClockWatch watch;
  watch.BeforeJump(64, 0);
  watch.BeforeJump(1000, 0);
  EXPECT_FALSE(watch.BreaksCalls(2000, 500));
  watch.BeforeJump(2000, 500);
  EXPECT_FALSE(watch.BreaksCalls(4000, 2500));
}

// A limit of a hundred or so is reached soon after the first jump.
TEST(ClockWatchTest, NorIsWhatCannotBeMade) {
  ClockWatch watch;
  watch.BeforeJump(64, 0);
  EXPECT_TRUE(watch.BreaksCalls(264, 140));
  EXPECT_FALSE(watch.BreaksCalls(264, 140, 140));
  EXPECT_TRUE(watch.BreaksCalls(264, 140, 8)) << "some other thing could not be made as well";
}

TEST(RestWatchTest, BusyFromAJumpOn) {
  RestWatch watch;
  watch.AfterCalls(true, false);
  watch.AfterJump(true, 0);
  EXPECT_FALSE(watch.ClockKeepsBusy());
  watch.AfterCalls(true, false);
  watch.AfterJump(false, 1);
  EXPECT_TRUE(watch.ClockKeepsBusy());
}

TEST(RestWatchTest, BusyFromTimeThatPassesInCalls) {
  RestWatch watch;
  watch.AfterCalls(true, true);
  watch.AfterJump(true, 0);
  watch.AfterCalls(false, true);
  watch.AfterJump(false, 2);
  EXPECT_TRUE(watch.ClockKeepsBusy());
}

TEST(RestWatchTest, WhoPollsIsNeverAtRest) {
  RestWatch watch;
  for (int i = 0; i < 10; ++i) {
    watch.AfterCalls(false, false);
    EXPECT_TRUE(watch.CallsKeepBusy());
    watch.AfterJump(false, 1);
    EXPECT_FALSE(watch.ClockKeepsBusy());
  }
}

TEST(RestWatchTest, WhoPollsAndIsMetAtRestIsNotBusyForThat) {
  RestWatch watch;
  watch.AfterCalls(true, false);
  watch.AfterJump(false, 0.3);
  EXPECT_FALSE(watch.ClockKeepsBusy());
}

TEST(RestWatchTest, BusyByItsCalls) {
  RestWatch watch;
  watch.AfterCalls(true, false);
  watch.AfterJump(true, 0);
  watch.AfterCalls(false, false);
  watch.AfterJump(false, 1);
  EXPECT_FALSE(watch.ClockKeepsBusy());
  watch.AfterCalls(false, true);
  watch.AfterJump(false, 1);
  EXPECT_FALSE(watch.ClockKeepsBusy()) << "it has not rested since";
}

TEST(RestWatchTest, RestEndsIt) {
  RestWatch watch;
  watch.AfterCalls(true, false);
  watch.AfterJump(false, 1);
  watch.AfterCalls(true, false);
  EXPECT_FALSE(watch.ClockKeepsBusy());
  watch.AfterJump(true, 0);
  EXPECT_FALSE(watch.ClockKeepsBusy());
}

}  // namespace
}  // namespace goleakstress::campaign
