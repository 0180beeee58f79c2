#include "harness/input/distinct_counter.h"

#include <gtest/gtest.h>

namespace goleakstress::input {
namespace {

TEST(DistinctCounter, FewAreCountedExactly) {
  DistinctCounter counter;
  EXPECT_EQ(counter.Count(), 0);
  for (uint64_t i = 0; i < 30'000; ++i) counter.Add(i % DistinctCounter::kMostExact);
  EXPECT_EQ(counter.Count(), static_cast<int64_t>(DistinctCounter::kMostExact));
}

TEST(DistinctCounter, ManyAreEstimatedWithinTheErrorOfTheMethod) {
  DistinctCounter counter;
  uint64_t made = 0;
  for (const uint64_t many : {11'000, 30'000, 45'000, 100'000, 1'000'000, 3'000'000}) {
    for (; made < many; ++made) counter.Add(made);
    EXPECT_NEAR(static_cast<double>(counter.Count()), static_cast<double>(many),
                0.03 * static_cast<double>(many));
  }
}

TEST(DistinctCounter, WhatTwoHaveSeenCountsOnce) {
  for (const uint64_t half : {1'000, 6'000, 400'000}) {
    DistinctCounter one, other;
    for (uint64_t i = 0; i < 2 * half; ++i) one.Add(i);
    for (uint64_t i = half; i < 3 * half; ++i) other.Add(i);
    one.Add(other);
    EXPECT_NEAR(static_cast<double>(one.Count()), 3.0 * static_cast<double>(half),
                0.09 * static_cast<double>(half));
  }
}

}  // namespace
}  // namespace goleakstress::input
