#include "collectors/heap_dump/keepers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Row = std::tuple<uint32_t, uint32_t, uint64_t>;  // stack, keeper, objects

constexpr uint32_t kNone = Keeping::kNone;

// The graph hangs below its first object.
std::vector<Row> Keepings(const std::vector<std::vector<uint32_t>>& pointers,
                          const std::vector<uint32_t>& stacks) {
  std::vector<ObjectGraph::Object> objects;
  for (size_t i = 0; i < pointers.size(); ++i)
    objects.push_back({.address = 4096 + 16 * i, .size = 16, .pointers = pointers[i]});
  const ObjectGraph graph = ObjectGraph::Of(objects);
  const RootedGraph rooted = {.objects = graph, .roots = 1, .held = {{0, 0}}, .ranks = {0}};
  std::vector<Row> rows;
  for (const Keeping& keeping : FindKeepings(rooted, FindRetention(rooted), stacks))
    rows.emplace_back(keeping.stack, keeping.keeper, keeping.objects);
  return rows;
}

TEST(Keepers, AnArrayKeepsItsElementsAndTheyTheirs) {
  EXPECT_THAT(Keepings({{1, 2}, {3}, {4}, {}, {}}, {7, 8, 8, 9, 9}),
              ElementsAre(Row(7, kNone, 1), Row(8, 7, 2), Row(9, 8, 2)));
}

TEST(Keepers, ObjectsOfNoStackAndOfTheSameOneArePassedOver) {
  EXPECT_THAT(Keepings({{1}, {2}, {3}, {4}, {}}, {7, kNone, 8, kNone, 8}),
              ElementsAre(Row(7, kNone, 1), Row(8, 7, 2)));
}

TEST(Keepers, WhatTwoKeepIsKeptByWhatKeepsBoth) {
  EXPECT_THAT(Keepings({{1, 2}, {3}, {3}, {}}, {7, 8, 9, 6}),
              ElementsAre(Row(6, 7, 1), Row(7, kNone, 1), Row(8, 7, 1), Row(9, 7, 1)));
}

TEST(Keepers, WhatSeveralOfOneStackShareIsKeptByThem) {
  EXPECT_THAT(Keepings({{1, 2}, {3}, {3}, {}}, {7, 8, 8, 6}),
              ElementsAre(Row(6, 8, 1), Row(7, kNone, 1), Row(8, 7, 2)));
  EXPECT_THAT(Keepings({{1, 2, 3}, {3}, {3}, {}}, {kNone, 8, 8, 6}),
              ElementsAre(Row(6, kNone, 1), Row(8, kNone, 2)))
      << "who else does is not known";
  EXPECT_THAT(Keepings({{1}, {2}, {1}}, {7, 8, 8}), ElementsAre(Row(7, kNone, 1), Row(8, 7, 2)))
      << "a list that points back";
}

TEST(Keepers, GarbageCountsForNothing) { EXPECT_THAT(Keepings({{}, {2}, {}}, {kNone, 8, 9}), IsEmpty()); }

TEST(Keepers, ALongListNeedsNoStackAndLinearTime) {
  constexpr uint32_t kLength = 1000000;
  std::vector<std::vector<uint32_t>> pointers(2 * kLength);
  std::vector<uint32_t> stacks(2 * kLength, 8);
  for (uint32_t i = 0; i < kLength; ++i) {  // nodes, each with a value
    if (i + 1 < kLength) pointers[i].push_back(i + 1);
    pointers[i].push_back(kLength + i);
    stacks[kLength + i] = 9;
  }
  EXPECT_THAT(Keepings(pointers, stacks), ElementsAre(Row(8, kNone, kLength), Row(9, 8, kLength)));
}

}  // namespace
}  // namespace goleakstress::collectors
