#include "harness/input/corpus_merge.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "harness/input/leak_features.h"
#include "harness/input/random.h"

namespace goleakstress::input {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(CorpusMerge, SmallInputsThatAddSomethingStay) {
  const std::vector<MeasuredUnit> units = {{"large", 100, {1, 2, 3}},
                                           {"small", 10, {1, 2}},
                                           {"again", 10, {2, 1}},
                                           {"nothing", 1, {}},
                                           {"leak", 50, {1, kFirstLeakFeature}}};
  // "again" comes before "small" by its name.
  EXPECT_THAT(ChooseUnits(units), ElementsAre(true, false, true, false, true));
}

TEST(CorpusMerge, NoFeatureIsLost) {
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<MeasuredUnit> units;
    std::set<uint32_t> all, kept;
    for (int i = 0; i < 40; ++i) {
      MeasuredUnit& unit = units.emplace_back(fmt::format("{}", i), random.Below(20));
      while (!random.OneIn(5)) unit.features.push_back(static_cast<uint32_t>(random.Below(60)));
      all.insert(unit.features.begin(), unit.features.end());
    }
    const std::vector<bool> keep = ChooseUnits(units);
    for (size_t i = 0; i < units.size(); ++i) {
      if (keep[i]) kept.insert(units[i].features.begin(), units[i].features.end());
    }
    EXPECT_EQ(kept, all);
  }
}

TEST(CorpusMerge, CountersHaveBuckets) {
  auto arena = FuzzArena::Create();
  ASSERT_TRUE(arena.ok());
  arena->Set(&ArenaHeader::counters, 12);
  const uint8_t counts[] = {0, 1, 2, 3, 4, 7, 8, 16, 32, 127, 128, 255};
  std::copy(std::begin(counts), std::end(counts), arena->counters());
  EXPECT_THAT(CounterFeatures(*arena),
              ElementsAre(8, 16 + 1, 24 + 2, 32 + 3, 40 + 3, 48 + 4, 56 + 5, 64 + 6, 72 + 6, 80 + 7, 88 + 7));
}

TEST(CorpusMerge, LeaksAreToldApartByKindPlaceAndMagnitude) {
  EXPECT_FALSE(LeakFeature(LeakKind::kHeap, 0, 0).has_value());
  std::set<size_t> all;
  for (const LeakKind kind : {LeakKind::kGoroutines, LeakKind::kResources, LeakKind::kHeap}) {
    for (const int64_t growth : {1, 2, 1 << 20}) all.insert(*LeakFeature(kind, 3, growth));
  }
  EXPECT_EQ(all.size(), 9u);
  EXPECT_LT(*all.rbegin(), kLeakFeatures);
}

class MergeJournalTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string path_ = fmt::format("{}journal.{}", testing::TempDir(), getpid());
};

TEST_F(MergeJournalTest, GoesOnWhereItWasCutOff) {
  ASSERT_TRUE(MergeJournal::Open(path_, "binary 1")->Add("a", {1, 2}).ok());
  std::ofstream(path_, std::ios::app) << "b 3\nc 4 5";  // the last line was being written
  auto again = MergeJournal::Open(path_, "binary 1");
  ASSERT_TRUE(again.ok());
  EXPECT_THAT(again->known(), ElementsAre(Pair("a", ElementsAre(1, 2)), Pair("b", ElementsAre(3))));
  ASSERT_TRUE(again->Add("c", {}).ok());
  EXPECT_EQ(MergeJournal::Open(path_, "binary 1")->known().count("c"), 1u);
}

TEST_F(MergeJournalTest, WhatAnotherProgramShowedDoesNotCount) {
  ASSERT_TRUE(MergeJournal::Open(path_, "binary 1")->Add("a", {1}).ok());
  EXPECT_TRUE(MergeJournal::Open(path_, "binary 2")->known().empty());
  EXPECT_TRUE(MergeJournal::Open(path_, "binary 2")->known().empty());
}

}  // namespace
}  // namespace goleakstress::input
