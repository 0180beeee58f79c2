#include "collectors/heap_dump/dominators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;

constexpr uint32_t kNobody = Retention::kNobody;

ObjectGraph Graph(const std::vector<std::vector<uint32_t>>& pointers) {
  std::vector<ObjectGraph::Object> objects;
  for (size_t i = 0; i < pointers.size(); ++i)
    objects.push_back({.address = 4096 + 16 * i, .size = 16, .pointers = pointers[i]});
  return ObjectGraph::Of(objects);
}

TEST(Dominators, ADiamondBelongsToItsTop) {
  const ObjectGraph objects = Graph({{1, 2}, {3}, {3}, {}, {}});
  const Retention retention = FindRetention({.objects = objects, .roots = 1, .held = {{0, 0}}, .ranks = {0}});
  EXPECT_THAT(retention.dominator, ElementsAre(kNobody, 0, 0, 0, kNobody));
  EXPECT_THAT(retention.owner, ElementsAre(0, 0, 0, 0, kNobody));
  EXPECT_THAT(retention.bytes, ElementsAre(64));
  EXPECT_THAT(retention.objects, ElementsAre(4));
}

TEST(Dominators, OfOneRankTwoShare) {
  const ObjectGraph objects = Graph({{2}, {2}, {3}, {}});
  const Retention retention =
      FindRetention({.objects = objects, .roots = 2, .held = {{0, 0}, {1, 1}}, .ranks = {0, 0}});
  EXPECT_THAT(retention.shared, ElementsAre(false, false, true, true));
  EXPECT_THAT(retention.owner, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(retention.dominator, ElementsAre(kNobody, kNobody, kNobody, 2));
}

// A registry of plug-ins and the plug-in's own variable both lead to what it keeps.
TEST(Dominators, WhoIsNearerOwnsIt) {
  const ObjectGraph objects = Graph({{1}, {2}, {3}, {}});
  const Retention retention =
      FindRetention({.objects = objects, .roots = 2, .held = {{0, 0}, {1, 2}}, .ranks = {0, 0}});
  EXPECT_THAT(retention.owner, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(retention.shared, ElementsAre(false, false, true, true));
  EXPECT_THAT(retention.bytes, ElementsAre(32, 32));
}

TEST(Dominators, ALowerRankTakesAll) {
  const ObjectGraph objects = Graph({{2}, {2}, {3}, {}});
  const Retention retention =
      FindRetention({.objects = objects, .roots = 2, .held = {{0, 0}, {1, 1}, {1, 3}}, .ranks = {0, 1}});
  EXPECT_THAT(retention.shared, ElementsAre(false, false, false, false));
  EXPECT_THAT(retention.owner, ElementsAre(0, 1, 0, 0));
}

TEST(Dominators, ALongListNeedsNoStack) {
  std::vector<std::vector<uint32_t>> list(1000000);
  for (uint32_t i = 0; i + 1 < list.size(); ++i) list[i] = {i + 1};
  const ObjectGraph objects = Graph(list);
  const Retention retention = FindRetention({.objects = objects, .roots = 1, .held = {{0, 0}}, .ranks = {0}});
  EXPECT_EQ(retention.objects[0], 1000000U);
  EXPECT_EQ(retention.dominator.back(), 999998U);
}

// What the roots of one rank reach without `avoided`, where no lower rank has been.
std::set<uint32_t> Reach(const RootedGraph& graph, uint8_t rank, uint32_t avoided, uint32_t only_root,
                         const std::set<uint32_t>& taken) {
  std::set<uint32_t> seen;
  std::vector<uint32_t> open;
  const auto visit = [&](uint32_t object) {
    if (object != avoided && object != ObjectGraph::kNone && !taken.contains(object) &&
        seen.insert(object).second)
      open.push_back(object);
  };
  for (const auto& [root, object] : graph.held) {
    if (graph.ranks[root] == rank && (only_root == kNobody || only_root == root)) visit(object);
  }
  while (!open.empty()) {
    const uint32_t object = open.back();
    open.pop_back();
    for (const uint32_t target : graph.objects.pointers(object)) visit(target);
  }
  return seen;
}

TEST(Dominators, AgreeWithTheDefinition) {
  std::mt19937 random(5);
  const auto pick = [&random](uint32_t below) { return static_cast<uint32_t>(random() % below); };
  for (int round = 0; round < 300; ++round) {
    const uint32_t count = 2 + pick(14);
    std::vector<std::vector<uint32_t>> pointers(count);
    for (auto& targets : pointers) {
      for (uint32_t i = pick(3); i > 0; --i)
        targets.push_back(pick(8) == 0 ? ObjectGraph::kNone : pick(count));
    }
    const ObjectGraph objects = Graph(pointers);
    RootedGraph graph{.objects = objects, .roots = 4, .ranks = {0, 0, 1, 1}};
    for (uint32_t root = 0; root < 4; ++root) {
      for (uint32_t i = 1 + pick(2); i > 0; --i) graph.held.emplace_back(root, pick(count));
    }
    const Retention retention = FindRetention(graph);
    std::set<uint32_t> taken;
    for (const uint8_t rank : {uint8_t{0}, uint8_t{1}}) {
      const std::set<uint32_t> reached = Reach(graph, rank, kNobody, kNobody, taken);
      for (const uint32_t object : reached) {
        ASSERT_LT(retention.owner[object], 4U);
        EXPECT_EQ(graph.ranks[retention.owner[object]], rank);
        EXPECT_TRUE(Reach(graph, rank, kNobody, retention.owner[object], taken).contains(object));
        bool shared = true;
        for (uint32_t root = 0; root < 4; ++root) {
          // Alone: what all other roots of the rank reach does not hold it.
          RootedGraph others{.objects = objects, .roots = 4, .held = {}, .ranks = graph.ranks};
          for (const auto& held : graph.held) {
            if (held.first != root) others.held.push_back(held);
          }
          if (graph.ranks[root] == rank && !Reach(others, rank, kNobody, kNobody, taken).contains(object))
            shared = false;
        }
        EXPECT_EQ(retention.shared[object], shared);
        // Its dominators are the objects without which it is not reached.
        std::set<uint32_t> dominators;
        for (uint32_t up = retention.dominator[object]; up != kNobody; up = retention.dominator[up])
          dominators.insert(up);
        for (const uint32_t other : reached) {
          if (other == object) continue;
          EXPECT_EQ(dominators.contains(other), !Reach(graph, rank, other, kNobody, taken).contains(object))
              << "round " << round << ": " << other << " and " << object;
        }
      }
      taken.insert(reached.begin(), reached.end());
    }
    for (uint32_t object = 0; object < count; ++object)
      EXPECT_EQ(retention.owner[object] != kNobody, taken.contains(object));
  }
}

TEST(ObjectGraph, FindsInteriorAddresses) {
  std::vector<ObjectGraph::Object> objects;
  for (uint64_t i = 0; i < 100; ++i) objects.push_back({.address = 4096 + 64 * i, .size = 48});
  const ObjectGraph graph = ObjectGraph::Of(objects);
  EXPECT_EQ(graph.Find(0), ObjectGraph::kNone);
  EXPECT_EQ(graph.Find(4095), ObjectGraph::kNone);
  EXPECT_EQ(graph.Find(~uint64_t{0}), ObjectGraph::kNone);
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(graph.Find(4096 + 64 * i), i);
    EXPECT_EQ(graph.Find(4096 + 64 * i + 47), i);
    EXPECT_EQ(graph.Find(4096 + 64 * i + 48), ObjectGraph::kNone);
  }
  EXPECT_EQ(ObjectGraph::Of({}).Find(4096), ObjectGraph::kNone);
}

}  // namespace
}  // namespace goleakstress::collectors
