#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/explain/cluster.h"
#include "harness/explain/grown.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// The server with its ticker stays because a client's writer has it: that is no reason to stop the ticker.
TEST(Cluster, MemoryThatAGoroutineHoldsUnitesItWithNoOtherCause) {
  const Stack waits = {Standard("runtime.chanrecv2"), User("(*Client).writeLoop", 37)};
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "time.ticker", {Standard("time.NewTicker"), User("New", 13), User("TestX")}),
      Grown(Family::kHeap, "objects", {User("New", 12), User("TestX")}),
      Grown(Family::kGoroutine, "", waits),
  };
  sites[1].held_by = 2;
  const std::vector<Stack> starters = {{}, {}, {User("(*Server).Attach", 31), User("TestX")}};
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 1));
  EXPECT_EQ(clusters[1].head, 2u);
  sites[0].site.kind = "context";
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(1)) << "who cancels it ends the goroutine";
}

}  // namespace
}  // namespace goleakstress::explain
