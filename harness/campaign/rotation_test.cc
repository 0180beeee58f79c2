#include "harness/campaign/rotation.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace goleakstress::campaign {
namespace {

TEST(Rotation, WhoGainsGetsMoreAndNobodyStarves) {
  constexpr size_t kEntries = 5;
  Rotation rotation(kEntries);
  size_t turns[kEntries] = {}, last[kEntries] = {}, longest = 0;
  for (size_t turn = 1; turn <= 1000; ++turn) {
    const auto next = rotation.Next();
    ASSERT_TRUE(next.has_value());
    longest = std::max(longest, turn - last[*next]);
    last[*next] = turn;
    ++turns[*next];
    rotation.Had(*next, *next == 3 ? 10 : *next == 4 ? 1 : 0);
  }
  EXPECT_LE(longest, 2 * kEntries);
  EXPECT_GE(turns[3], 490u);
  for (const size_t i : {0, 1, 2, 4}) EXPECT_GE(turns[i], 80u);
}

TEST(Rotation, OldGainIsForgotten) {
  Rotation rotation(2);
  rotation.Had(0, 1000);
  for (int i = 0; i < 20; ++i) rotation.Had(0, 0);
  rotation.Had(1, 1);
  size_t second = 0;
  for (int turn = 0; turn < 10; ++turn) {
    const size_t next = *rotation.Next();
    second += next;
    rotation.Had(next, next == 1 ? 1 : 0);
  }
  EXPECT_GE(second, 5u);
}

TEST(Rotation, WhoLeavesIsNotAskedAgain) {
  Rotation rotation(2);
  rotation.Leave(0);
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(rotation.Next(), 1u);
    rotation.Had(1, 0);
  }
  rotation.Leave(1);
  EXPECT_EQ(rotation.Next(), std::nullopt);
}

}  // namespace
}  // namespace goleakstress::campaign
