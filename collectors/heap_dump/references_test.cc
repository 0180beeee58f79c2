#include "collectors/heap_dump/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using Row = std::tuple<uint32_t, uint32_t, uint64_t>;  // from, to, objects

constexpr uint32_t kNone = Retention::kNobody;

// Root 0 holds the first object, root 1, a goroutine, those of `on_stack`.
std::vector<Row> References(const std::vector<std::vector<uint32_t>>& pointers,
                            const std::vector<uint32_t>& stacks, const std::vector<uint32_t>& on_stack = {},
                            uint64_t size = 16) {
  std::vector<ObjectGraph::Object> objects;
  for (size_t i = 0; i < pointers.size(); ++i)
    objects.push_back({.address = 4096 + size * i, .size = size, .pointers = pointers[i]});
  const ObjectGraph graph = ObjectGraph::Of(objects);
  RootedGraph rooted{.objects = graph, .roots = 2, .held = {{0, 0}}, .ranks = {0, 1}};
  for (const uint32_t object : on_stack) rooted.held.emplace_back(1, object);
  std::vector<Row> rows;
  for (const Reference& reference : FindReferences(rooted, FindRetention(rooted), stacks, {false, true}))
    rows.emplace_back(reference.from, reference.to, reference.objects);
  return rows;
}

TEST(References, CountsObjectsThatArePointedTo) {
  // An array with two values, each of which points to the array; the second one twice to itself.
  EXPECT_THAT(References({{1, 2, 2}, {0}, {0, 2, 2}}, {7, 8, 8}), ElementsAre(Row(7, 8, 2), Row(8, 7, 2)));
}

TEST(References, WhatAGoroutineHoldsCountsOnce) {
  EXPECT_THAT(References({{1}, {0}}, {7, 8}, {1, 1}),
              ElementsAre(Row(7, 8, 1), Row(8, 7, 1), Row(Reference::kGoroutines, 8, 1)));
}

TEST(References, TextsAreHandedOnAndChannelsAreNot) {
  EXPECT_THAT(References({{1}, {}}, {7, 8}), ElementsAre());
  EXPECT_THAT(References({{1}, {}}, {7, 8}, {}, 96), ElementsAre(Row(7, 8, 1)));
}

TEST(References, GarbageAndObjectsOfNoStackCountForNothing) {
  EXPECT_THAT(References({{1}, {0}, {0, 1}}, {7, kNone, 8}), ElementsAre());
}

}  // namespace
}  // namespace goleakstress::collectors
