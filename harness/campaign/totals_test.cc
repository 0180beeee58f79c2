#include "harness/campaign/totals.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using experiment::SiteVerdict;
using experiment::Verdict;
using explain::Family;

class Totals : public ::testing::Test {
 protected:
  Totals() : table_({.user_dirs = {"/src"}}) {
    table_.Add(
        {.family = Family::kResource, .kind = "time.timer", .stack = {{"app.Watch", "/src/app.go", 1}}}, 0);
    table_.Add(
        {.family = Family::kResource, .kind = "time.timer", .stack = {{"app.again", "/src/app.go", 2}}}, 0);
    table_.AddTotals();
  }

  std::vector<SiteVerdict> Verdicts(Verdict first, Verdict second, Verdict total) const {
    std::vector<SiteVerdict> verdicts(3);
    for (size_t i = 0; i < 3; ++i) verdicts[i].site = static_cast<int>(i);
    verdicts[0].verdict = first;
    verdicts[1].verdict = second;
    verdicts[2].verdict = total;
    verdicts[2].rate.rate = 1;
    return verdicts;
  }

  SeriesTable table_;
};

TEST_F(Totals, AHandleIsOfTheOneThatTheCallsWereSeenToLead) {
  auto verdicts = Verdicts(Verdict::kDelayed, Verdict::kInconclusive, Verdict::kLeak);
  verdicts[0].log_e_call = 20;
  const auto stands_for = TakeTotals(table_, {0, 0, 0}, {10, 990, 1000}, &verdicts);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].verdict, Verdict::kLeak);
  EXPECT_EQ(verdicts[0].rate.rate, 1);
  EXPECT_EQ(verdicts[1].verdict, Verdict::kInconclusive);
  EXPECT_EQ(stands_for, (std::map<size_t, size_t>{{0, 2}}));
}

TEST(TotalOfMemory, IsOfWhereMostOfItIsKept) {
  SeriesTable table({.user_dirs = {"/src"}});
  table.Begin();
  table.Add({.family = Family::kHeap, .kind = "objects", .stack = {{"app.Add", "/src/app.go", 1}}}, 10);
  table.Add({.family = Family::kHeap, .kind = "objects", .stack = {{"app.pack", "/src/app.go", 2}}}, 990);
  table.Add({.family = Family::kGoroutine, .stack = {{"app.run", "/src/app.go", 3}}}, 0);
  table.AddTotals();
  ASSERT_EQ(table.size(), 4u);
  EXPECT_TRUE(table.site(3).total);
  EXPECT_EQ(table.levels()[3], 1000);
  std::vector<SiteVerdict> verdicts(4);
  for (size_t i = 0; i < 4; ++i) verdicts[i].site = static_cast<int>(i);
  verdicts[0].verdict = Verdict::kTurnover;
  verdicts[0].log_e_call = 20;
  verdicts[3].verdict = Verdict::kLeak;
  auto others = verdicts;
  TakeTotals(table, {0, 0, 0, 0}, table.levels(), &verdicts);
  EXPECT_EQ(verdicts[1].verdict, Verdict::kLeak);
  others[2].verdict = Verdict::kLeak;
  TakeTotals(table, {0, 0, 0, 0}, table.levels(), &others);
  EXPECT_EQ(others[1].verdict, Verdict::kInconclusive) << "they may be the goroutines'";
}

TEST_F(Totals, SaysNothingWhereASiteGrowsByItself) {
  auto verdicts = Verdicts(Verdict::kLeak, Verdict::kInconclusive, Verdict::kLeak);
  EXPECT_TRUE(TakeTotals(table_, {0, 0, 0}, {1000, 0, 1000}, &verdicts).empty());
  EXPECT_EQ(verdicts[1].verdict, Verdict::kInconclusive);
}

TEST(TotalOfMemory, WhatCameInTheHoldIsNoneOfTheCalls) {
  SeriesTable table({.user_dirs = {"/src"}});
  table.Begin();
  table.Add({.family = Family::kHeap, .kind = "objects", .stack = {{"app.Serve", "/src/app.go", 1}}}, 1000);
  table.Add({.family = Family::kHeap, .kind = "objects", .stack = {{"app.sample", "/src/app.go", 2}}}, 80);
  table.AddTotals();
  EXPECT_EQ(CameWithoutCalls(table, 2, table.levels(), {20, 1580, 1600}), 1500);
  EXPECT_EQ(CameWithoutCalls(table, 1, table.levels(), {20, 1580, 1600}), 0) << "it is no sum";
}

TEST(TotalOfMemory, IsNobodysWhereManyHoldALittle) {
  SeriesTable table({.user_dirs = {"/src"}});
  table.Begin();
  for (int line = 1; line <= 10; ++line)
    table.Add({.family = Family::kHeap, .kind = "objects", .stack = {{"app.Add", "/src/app.go", line}}}, 100);
  table.AddTotals();
  std::vector<SiteVerdict> verdicts(table.size());
  for (size_t i = 0; i < verdicts.size(); ++i) verdicts[i].site = static_cast<int>(i);
  verdicts.back().verdict = Verdict::kLeak;
  EXPECT_TRUE(TakeTotals(table, {}, table.levels(), &verdicts).empty());
  EXPECT_EQ(verdicts.size(), 10u);
}

TEST_F(Totals, ThatStandStillAreTakenOut) {
  auto verdicts = Verdicts(Verdict::kTurnover, Verdict::kTurnover, Verdict::kClean);
  EXPECT_TRUE(TakeTotals(table_, {0, 0, 0}, {500, 500, 1000}, &verdicts).empty());
  EXPECT_EQ(verdicts.size(), 2u);
}

}  // namespace
}  // namespace goleakstress::campaign
