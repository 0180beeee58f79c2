#include "harness/campaign/moved_on.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Site;

const std::vector<double> kThings = {1, 1, 1};

std::vector<Site> Sites() {
  const auto at = [](int line) {
    return Site{.family = Family::kHeap, .kind = "objects", .stack = {{"app.f", "/src/app.go", line}}};
  };
  return {at(1), at(2), at(3)};
}

TEST(MovedOn, WhatOneReleasesAnotherGains) {
  const auto moved = WhatMovedOn(Sites(), {0, 0, 0}, {1000, 0, 5}, {0, 900, 5}, kThings);
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].from, 0u);
  EXPECT_EQ(moved[0].to, 1u);
  EXPECT_EQ(moved[0].fell, 1000);
  EXPECT_DOUBLE_EQ(moved[0].share, 0.9);
}

TEST(MovedOn, TwoMayHandOnToOne) {
  const auto moved = WhatMovedOn(Sites(), {0, 0, 0}, {500, 0, 500}, {0, 1000, 0}, kThings);
  ASSERT_EQ(moved.size(), 2u);
  EXPECT_EQ(moved[0].to, 1u);
  EXPECT_EQ(moved[1].to, 1u);
  EXPECT_DOUBLE_EQ(moved[1].share, 1);
}

TEST(MovedOn, ThingsOfTwoPartsMoveEachByItself) {
  std::vector<Site> sites = Sites();
  sites.push_back({.family = Family::kHeap, .kind = "objects", .stack = {{"app.f", "/src/app.go", 4}}});
  const std::vector<double> things(4, 1);
  const auto moved = WhatMovedOn(sites, {0, 0, 0, 0}, {1000, 1000, 0, 0}, {0, 0, 1000, 1000}, things);
  ASSERT_EQ(moved.size(), 2u);
  EXPECT_NE(moved[0].to, moved[1].to);
  EXPECT_EQ(MovedAgain(moved, {200, 200, 1000, 1000}, {0, 0, 1200, 1200}, things).size(), 2u);
}

TEST(MovedOn, LittleOfItIsNone) {
  EXPECT_TRUE(WhatMovedOn(Sites(), {0, 0, 0}, {1000, 0, 0}, {0, 100, 0}, kThings).empty());
  EXPECT_TRUE(WhatMovedOn(Sites(), {0, 0, 0}, {1000, 0, 0}, {900, 100, 0}, kThings).empty()) << "most stayed";
  std::vector<Site> sites = Sites();
  sites[1].kind = "bytes";
  EXPECT_TRUE(WhatMovedOn(sites, {0, 0, 0}, {1000, 0, 0}, {0, 1000, 0}, kThings).empty());
}

TEST(MovedOn, AgainInTheSameProportion) {
  const std::vector<MovedOn> moved = {{0, 1, 1000, 0.9}};
  EXPECT_EQ(MovedAgain(moved, {200, 900, 0}, {0, 1080, 0}, kThings).size(), 1u);
  EXPECT_TRUE(MovedAgain(moved, {200, 900, 0}, {0, 900, 0}, kThings).empty()) << "it is full";
  EXPECT_TRUE(MovedAgain(moved, {200, 900, 0}, {0, 1800, 0}, kThings).empty()) << "it came with time";
  EXPECT_TRUE(MovedAgain(moved, {8, 900, 0}, {0, 908, 0}, kThings).empty()) << "too little to tell";
}

TEST(MovedOn, WhatCameWithTimeIsNoPartOfTheSum) {
  const std::vector<double> before = {1000, 50, 5}, now = {0, 950, 205};
  EXPECT_EQ(SumThatStays({0, 1, 2}, before, now, {{0, 1, 1000, 0.9}}), 955);
  EXPECT_EQ(SumThatStays({0, 1, 2}, before, now, {}), 55);
}

}  // namespace
}  // namespace goleakstress::campaign
