#include "harness/campaign/high_water.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using experiment::SiteVerdict;
using experiment::Verdict;
using explain::Family;

constexpr int kEntries = 0, kBytes = 1, kObjects = 2, kValues = 3, kOther = 4;

SeriesTable Table() {
  SeriesTable table({});
  const auto add = [&table](const char* kind, const char* container, int line) {
    table.Add({.family = Family::kHeap,
               .kind = kind,
               .stack = {{"app.Add", "/app.go", line}},
               .container = container},
              1);
  };
  add("entries", "map", 9);
  add("bytes", "map", 9);
  add("objects", "map", 9);
  add("bytes", "", 10);     // what the entries point to
  add("bytes", "map", 20);  // of a map that has no entries of its own in the table
  return table;
}

std::vector<int> Left(Verdict entries) {
  std::vector<SiteVerdict> verdicts;
  for (const int site : {kEntries, kBytes, kObjects, kValues, kOther}) {
    SiteVerdict& verdict = verdicts.emplace_back();
    verdict.site = site;
    verdict.verdict = site == kEntries ? entries : Verdict::kLeak;
  }
  DropHighWaterMarks(Table(), &verdicts);
  std::vector<int> left;
  for (const SiteVerdict& verdict : verdicts) left.push_back(verdict.site);
  return left;
}

TEST(HighWaterTest, ArraysOfMapsWhoseEntriesAreReleasedSayNothing) {
  for (const Verdict entries : {Verdict::kDelayed, Verdict::kTurnover, Verdict::kPlateaued, Verdict::kClean})
    EXPECT_EQ(Left(entries), (std::vector<int>{kEntries, kValues, kOther})) << Name(entries);
}

TEST(HighWaterTest, WhereEntriesGrowOrMayGrowTheArraysStay) {
  for (const Verdict entries :
       {Verdict::kLeak, Verdict::kGrowing, Verdict::kResidue, Verdict::kBackground, Verdict::kInconclusive})
    EXPECT_EQ(Left(entries).size(), 5u) << Name(entries);
}

}  // namespace
}  // namespace goleakstress::campaign
