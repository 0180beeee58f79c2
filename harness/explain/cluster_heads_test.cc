#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "harness/explain/cluster.h"
#include "harness/explain/grown.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;

TEST(ClusterHeads, ACacheIsHeadedByItsContainer) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("newEntry", 50), User("put", 20), User("Handle", 30)}),
      Grown(Family::kHeap, "bytes", {User("put", 21), User("Handle", 30)}, {0, 0, 512, 0, 0, 0}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

TEST(ClusterHeads, AKeyMadeByTheEntryIsNotTheContainer) {
  const std::vector<double> steps = {0, 0, 4096, 0, 0, 8192};
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("TestGet", 90)}),
      Grown(Family::kHeap, "objects", {User("newEntry", 50), User("get", 20), User("TestGet", 91)}),
      Grown(Family::kHeap, "bytes", {User("get", 22), User("TestGet", 91)}, steps),
      Grown(Family::kHeap, "objects", {User("get", 22), User("TestGet", 91)}, {0, 0, 1, 0, 0, 1}),
  };
  sites[2].companion = sites[3].companion = true;
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 2u);
}

// A store without maps and slices: a list's node is made in its own package, what it carries grows by append.
TEST(ClusterHeads, WhatAHeapDumpShowsToBeKeptIsNotTheContainer) {
  const std::vector<double> steps = {0, 0, 4096, 0, 0, 8192};
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("handle", 16), User("TestGet", 91)}),
      Grown(Family::kHeap, "objects",
            {Standard("container/list.(*List).PushBack"), User("handle", 17), User("TestGet", 91)}),
      Grown(Family::kHeap, "bytes", {User("handle", 25), User("TestGet", 91)}, steps),
  };
  sites[2].site.container = "slice";
  auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 2u) << "without a dump the shape counts";
  sites[0].kept_by = 1;
  sites[2].kept_by = 0;
  clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

// A map of pointers to sessions of two kilobytes each, which hold small maps of their own.
TEST(ClusterHeads, AContainerOfLargeThingsIsFoundByAWordForEach) {
  const Stack session = {User("save", 60), User("Greet", 26), User("FuzzGreet.func1", 38)};
  const Stack values = {User("Greet", 26), User("FuzzGreet.func1", 38)};
  const Stack registry = {User("remember", 21), User("Greet", 21), User("FuzzGreet.func1", 38)};
  const std::vector<double> each = {100, 0, 200, 500, 0, 300};
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", session, {200, 0, 400, 1000, 0, 600}),
      Grown(Family::kHeap, "bytes", session, {2e5, 0, 4e5, 1e6, 0, 6e5}),
      Grown(Family::kHeap, "objects", values, each),
      Grown(Family::kHeap, "bytes", values, {3e4, 0, 6e4, 1.5e5, 0, 9e4}),
      Grown(Family::kHeap, "objects", registry, {0, 0, 1, 3, 0, 1}),
      Grown(Family::kHeap, "bytes", registry, {0, 0, 4e3, 1.2e4, 0, 4e3}),  // below 2 % of the 2.5 MB
  };
  sites[2].site.container = sites[3].site.container = "map";
  sites[4].site.container = sites[5].site.container = "map";
  sites[4].companion = sites[5].companion = true;
  auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 5u);

  sites[5].changes = {0, 0, 2048, 0, 0, 0};  // a buffer that grew once
  clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_NE(clusters[0].head, 5u);
}

TEST(ClusterHeads, AHandleComesBeforeTheMemoryOfCThatItHolds) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "memory.c", {User("open", 8)}),
      Grown(Family::kResource, "sql.conn", {Standard("database/sql.(*DB).Conn"), User("open", 8)}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

TEST(ClusterHeads, AGoroutineComesBeforeTheContextItWouldCancel) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "context", {Standard("context.WithCancel"), User("start", 5)}),
      Grown(Family::kResource, "time.timer", {Standard("time.AfterFunc"), User("start", 6)}),
      Grown(Family::kGoroutine, "", {Standard("runtime.selectgo"), User("start.func1", 8)}),
  };
  const std::vector<Stack> starters = {{}, {}, {User("start", 7)}};
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 2u);
}

TEST(ClusterHeads, ATickerComesBeforeTheGoroutineThatWaitsForNothingElse) {
  for (const auto& [operation, head] : {std::pair{"runtime.chanrecv2", 0u}, {"runtime.selectgo", 1u}}) {
    const std::vector<GrowingSite> sites = {
        Grown(Family::kResource, "time.ticker", {Standard("time.NewTicker"), User("start", 5)}),
        Grown(Family::kGoroutine, "", {Standard(operation), User("start.func1", 8)}),
    };
    const auto clusters = ClusterSites(sites, {{}, {User("start", 7)}}, kCode);
    ASSERT_THAT(clusters, SizeIs(1));
    EXPECT_EQ(clusters[0].head, head) << operation;
  }
}

TEST(ClusterHeads, AGoroutineComesBeforeTheTickerThatItMadeItself) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {User("(*DB).manage", 9)}),
      Grown(Family::kResource, "time.ticker", {Standard("time.NewTicker"), User("(*DB).manage", 7)}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
}

TEST(ClusterHeads, AHandlerComesBeforeTheConnectionThatItsServerAccepted) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.socket",
            {Standard("syscall.Accept4"), Standard("net.(*TCPListener).Accept"),
             Standard("net/http.(*Server).Serve")}),
      Grown(Family::kGoroutine, "",
            {Standard("runtime.chanrecv1"), User("events", 39), Standard("net/http.(*conn).serve")}),
      Grown(Family::kGoroutine, "", {Standard("net/http.(*connReader).backgroundRead")}),
  };
  const auto clusters =
      ClusterSites(sites, {{User("listen", 66)}, {Standard("net/http.(*Server).Serve")}, {}}, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

TEST(ClusterHeads, WhereOnlyALibrarysGoroutineGrowsItsStarterIsTheCulprit) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.socket", {Standard("net.(*TCPListener).Accept")}),
      Grown(Family::kHeap, "objects", {User("remember", 40), User("Handle", 31)}, {0, 7, 1, 1, 9, 0}),
  };
  const std::vector<Stack> starters = {{User("startServer", 5)}, {}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2));
}

TEST(ClusterHeads, AContainerInALibrarysGoroutineIsNotNamedInsteadOfTheUsersLine) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Library("pool.(*Queue).Push"), User("Lookup", 19)}),
      Grown(Family::kHeap, "bytes", {Library("pool.(*Pool).dial")}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
}

// A scheduler's goroutine, which was started long ago, puts into its list what calls hand to it.
TEST(ClusterHeads, WhatALibrarysGoroutineKeepsWasHandedToItInACall) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "bytes", {Library("cron.(*Cron).run")}),
      Grown(Family::kHeap, "objects", {Library("cron.(*Cron).Schedule"), User("Add", 48), User("Test", 7)}),
      Grown(Family::kHeap, "objects", {User("Add", 42), User("Test", 7)}),
  };
  sites[0].site.container = "slice";
  sites[1].kept_by = 0;
  sites[2].kept_by = 1;
  const std::vector<Stack> starters = {{User("NewScheduler", 37)}, {}, {}};
  const auto clusters = ClusterSites(sites, starters, kCode, "Test");
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

// A context that is derived anew in every call, twice, with a text that the entry made with package fmt.
TEST(ClusterHeads, LinksOfAChainThatKeepEachOtherAreKeptByNothingElse) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Standard("context.WithValue"), User("Run", 16), User("TestRun", 90)}),
      Grown(Family::kHeap, "objects", {Standard("context.WithValue"), User("Run", 17), User("TestRun", 90)}),
      Grown(Family::kHeap, "objects", {Standard("fmt.Sprint"), User("TestRun", 89)}),
  };
  sites[0].kept_by = 1;
  sites[1].kept_by = 0;
  sites[2].kept_by = 0;
  const auto clusters = ClusterSites(sites, None(sites), kCode, "TestRun");
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

}  // namespace
}  // namespace goleakstress::explain
