#include "harness/explain/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/explain/grown.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST(Cluster, AnUnclosedBodySwallowsWhatItHolds) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects",
            {Standard("bufio.NewReaderSize"), Standard("net/http.(*Transport).dialConn")}),
      Grown(Family::kGoroutine, "", {Standard("net/http.(*persistConn).readLoop")}),
      Grown(Family::kGoroutine, "", {Standard("net/http.(*persistConn).writeLoop")}),
      Grown(Family::kFd, "socket.tcp", {}),
      Grown(Family::kHeap, "bytes", {Standard("net/http.NewRequest"), User("fetch", 12), User("Handle", 30)}),
      Grown(Family::kResource, "http.body",
            {Standard("net/http.Get"), User("fetch", 14), User("Handle", 30)}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 5u);
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(Cluster, MemoryOutsideTheHeapJoinsWhatCLeaksWhereThatIsMostOfIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "memory.c", {User("hash", 8)}, {1, 2, 1, 3, 2, 1}),
      Grown(Family::kResource, "memory.c bytes", {User("hash", 8)}, {8, 16, 8, 24, 16, 8}),
      Grown(Family::kProcess, "memory outside the Go heap", {}, {0, 0, 0, 262144, 0, 0}),
  };
  sites[1].rate = 8;
  sites[2].rate = 32;  // the least that malloc takes
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
  sites[2].rate = 4096;
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
  sites[2].rate = 32;
  sites[2].driver = "time";
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

// A transport is made in one place and used in another.
TEST(Cluster, AConnectionThatATransportDialledIsTheTransports) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "http.transport", {User("newUpstream", 15), User("TestUpdate", 9)}),
      Grown(Family::kResource, "fd.socket",
            {Standard("net.(*Dialer).DialContext"), Standard("net/http.(*Transport).dialConn")}),
      Grown(Family::kHeap, "objects", {Standard("net/http.(*Transport).getConn"), User("serve", 27)}),
  };
  const std::vector<Stack> starters = {
      {}, {Standard("net/http.(*Transport).queueForDial"), User("serve", 27)}, {}};
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
  sites[1].changes = {3, 1, 0, 0, 9, 0};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2)) << "in another rhythm: of another one";
  sites[1].changes = sites[0].changes;
  sites[1].site.stack = {Standard("net.Dial"), User("probe", 40)};
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2)) << "dialled by somebody else";
}

// Small objects share blocks of 16 bytes with the framework's, which get the name of whoever was first.
TEST(Cluster, ABlockSharedWithTheFrameworkJoinsTheCauseWhateverSeemsToDriveIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Standard("testing.pcToName")}, {0, 0, 1, 0, 0, 1}),
      Grown(Family::kGoroutine, "", {User("check.func1", 18), User("Handle", 30)}),
  };
  sites[0].driver = "key";
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
  sites[0].site.tiny = true;
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(1));
}

// The server that a test runs in its own process accepts what the leaking client dials.
TEST(Cluster, TheOtherEndOfAConnectionJoinsTheUsersLine) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.socket", {Standard("net.(*TCPListener).Accept")}),
      Grown(Family::kResource, "http.body",
            {Standard("net/http.Get"), User("fetch", 14), User("Handle", 30)}),
  };
  const std::vector<Stack> starters = {{Standard("net/http.(*Server).Serve"), User("startServer", 5)}, {}};
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

TEST(Cluster, TheServersEndIsHeldByTheClientsAlsoInTheUsersOwnServer) {
  const GrowingSite accepted =
      Grown(Family::kResource, "fd.socket",
            {Standard("syscall.Accept4"), Standard("net.(*TCPListener).Accept"), User("serve", 58)});
  const GrowingSite dialled =
      Grown(Family::kResource, "fd.socket", {Standard("net.Dial"), User("connect", 32), User("Handle", 30)});
  const std::vector<GrowingSite> both = {accepted, dialled};
  const auto clusters = ClusterSites(both, None(both), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
  // A server that keeps what its clients gave up.
  const auto alone = ClusterSites({accepted}, None({accepted}), kCode);
  ASSERT_THAT(alone, SizeIs(1));
}

TEST(Cluster, WhatALeakedGoroutineAllocatesNowAndThenIsItsOwn) {
  const auto library = [](const std::string& function) {
    return Frame{"example.org/retry." + function, "/mod/example.org/retry@v1/retry.go", 1};
  };
  const std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {library("loop")}),
      Grown(Family::kHeap, "objects", {Standard("context.Done"), library("loop"), library("start.gowrap1")},
            {0, 0, 0, 1, 0, 1}),
  };
  const std::vector<Stack> starters = {{library("start"), User("fetch", 19), User("Handle", 30)}, {}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(1));
}

TEST(Cluster, TwoCausesStayTwo) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {User("start.func1", 8)}),
      Grown(Family::kHeap, "objects", {User("remember", 40), User("Handle", 31)}),
      Grown(Family::kHeap, "bytes", {User("remember", 41), User("Handle", 31)}, {0, 0, 4096, 0, 0, 0}),
  };
  sites[2].companion = true;
  sites[2].site.container = "map";
  const std::vector<Stack> creators = {{User("start", 7), User("Handle", 30)}, {}};
  EXPECT_THAT(ClusterSites(sites, creators, kCode), SizeIs(2));
}

TEST(Cluster, GoroutinesThatStayByChanceAndTogetherAreOneCause) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {Standard("sync.(*Mutex).Lock"), User("flush", 9)}),
      Grown(Family::kGoroutine, "", {Standard("sync.(*Mutex).Lock"), User("register", 31)}),
  };
  const std::vector<Stack> starters = {{User("New", 5)}, {User("Later", 40)}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2)) << "one of each for every call";
  for (GrowingSite& site : sites) site.rate = 0.004;
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(1));
  sites[1].changes.back() += 1;
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(1)) << "one of them was still on its way";
  sites[1].changes = {0, 2, 4, 1, 3, 1};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2));
}

TEST(Cluster, HeapOfALeakedGoroutineIsListedUnderIt) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("start", 6), User("Handle", 30)}),  // the channel
      Grown(Family::kHeap, "bytes",
            {User("work", 22), User("start.func1", 9)}),  // allocated in the goroutine
      Grown(Family::kGoroutine, "", {User("work", 23), User("start.func1", 9)}),
  };
  const std::vector<Stack> creators = {{}, {}, {User("start", 7), User("Handle", 30)}};
  const auto clusters = ClusterSites(sites, creators, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 2u);
}

TEST(Cluster, WhatALeakedGoroutineHoldsIsListedUnderIt) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {User("start.func1", 8)}),
      Grown(Family::kHeap, "objects", {User("NewStore", 40), User("Handle", 31)}),
  };
  const std::vector<Stack> starters = {{User("Put", 7), User("Handle", 32)}, {}};
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
}

TEST(Cluster, WhatIsKeptBySomethingThatGrowsAlikeIsOneFindingWithIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("newRecord", 16), User("keep", 70), User("TestGet", 91)}),
      Grown(Family::kHeap, "objects", {User("put", 63), User("keep", 70), User("TestGet", 91)}),
  };
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
  sites[0].kept_by = 1;
  auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
  sites[0].driver = "key";
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2)) << "many of them in each";

  sites.push_back(Grown(Family::kHeap, "bytes", {User("put", 63), User("keep", 70), User("TestGet", 91)}));
  sites[2].companion = true;
  sites[0].kept_by = 2;
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2)) << "it may not grow at all";
  sites[2].site.container = "map";
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(1)) << "the map grows in steps";
}

TEST(Cluster, MemoryGoesWithTheGoroutinesThatHoldIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {Standard("runtime.chanrecv1"), User("serve", 9)}),
      Grown(Family::kHeap, "bytes", {User("parse", 16)}),
  };
  sites[1].driver = "key";  // longer texts of some inputs
  const std::vector<Stack> starters = {{User("start", 3)}, {}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2));
  sites[1].held_by = 0;
  const auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
}

// Each was started by another function, and the one that took the lock waits for something else, or for a
// lock of the other's.
TEST(Cluster, WhoWaitsForALockGoesWithWhoHoldsIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {Standard("sync.(*Mutex).Lock"), User("flush", 9)}),
      Grown(Family::kGoroutine, "", {Standard("runtime.chansend1"), User("publish", 20)}),
  };
  const std::vector<Stack> starters = {{User("startFlusher", 3)}, {User("startPublisher", 5)}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2));
  sites[0].kept_by = 1;
  auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
  sites[1].kept_by = 0;
  clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u) << "in a circle the first in the code";
}

TEST(Cluster, WhoWaitsForInputGoesWithTheDescriptorThatStaysOpen) {
  const Stack reading = {Standard("internal/poll.runtime_pollWait"), Standard("net.(*conn).Read"),
                         User("read", 30)};
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.file", {Standard("os.Open"), User("load", 5), User("TestX", 90)}),
      Grown(Family::kResource, "fd.socket", {Standard("net.Dial"), User("open", 12), User("TestX", 91)}),
      Grown(Family::kGoroutine, "", reading),
  };
  const std::vector<Stack> starters = {{}, {}, {User("start", 24), User("open", 14), User("TestX", 91)}};
  auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0));
  EXPECT_THAT(clusters[1].members, UnorderedElementsAre(1, 2));
  EXPECT_EQ(clusters[1].head, 1u);
  sites[2].changes = {2, 2, 0, 1, 2, 1};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(3));
  sites[2] = Grown(Family::kGoroutine, "", {User("read", 30)});
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(3)) << "it waits for something else";
}

TEST(Cluster, WhatTheCollectorClosesIsNoPartOfWhatStays) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("read", 9), User("Handle", 30)}),
      Grown(Family::kResource, "fd.file", {Standard("os.Open"), User("read", 8), User("Handle", 30)}),
      Grown(Family::kFd, "file", {}),
  };
  sites[1].site.healed_by_gc = sites[2].site.healed_by_gc = true;
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(2));
  // A child that nobody waits for drops its handle: that is one cause.
  sites[0] = Grown(Family::kResource, "exec.process", {Standard("syscall.forkExec"), User("read", 8)});
  const auto child = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(child, SizeIs(1));
  EXPECT_EQ(child[0].head, 0u);
}

TEST(Cluster, AHandlerThatWaitsForAnUnclosedBodyIsHeldByIt) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "http.body", {Standard("net/http.Get"), User("Fetch", 14)}),
      Grown(Family::kGoroutine, "",
            {Standard("runtime.chanrecv1"), User("Events", 40), Standard("net/http.(*conn).serve")}),
  };
  ASSERT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(1));
  EXPECT_EQ(ClusterSites(sites, None(sites), kCode)[0].head, 0u);
  sites[1].changes = {3, 1, 0, 0, 9, 0};  // another rhythm: a leak of its own
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

TEST(Cluster, CompanionsAloneAreNoFinding) {
  std::vector<GrowingSite> sites = {Grown(Family::kHeap, "bytes", {User("get", 22)})};
  sites[0].companion = true;
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(0));
}

TEST(Cluster, OrphansOfAnotherRhythmStandAlone) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kFd, "inotify", {}, {3, 1, 0, 0, 9, 0}),
      Grown(Family::kGoroutine, "", {User("start.func1", 8)}),
  };
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

TEST(Cluster, WhatALibraryAllocatesInItsOwnGoroutineBelongsToWhoeverCalledIt) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Library("pool.(*Queue).Push"), User("Lookup", 19)}),
      Grown(Family::kHeap, "objects", {Standard("context.WithTimeout"), Library("pool.(*Pool).dial")}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u);
}

TEST(Cluster, WhatALibraryAllocatesInAnotherRhythmIsAnotherCause) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Library("pool.(*Queue).Push"), User("Lookup", 19)}),
      Grown(Family::kHeap, "objects", {Library("pool.(*Pool).dial")}, {3, 1, 0, 0, 9, 0}),
  };
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

TEST(Cluster, TwoLibrariesAreTwoCauses) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {Library("pool.(*Queue).Push"), User("Lookup", 19)}),
      Grown(Family::kHeap, "objects", {Library("metrics.(*Registry).add")}),
  };
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

TEST(Cluster, DriversAreNeverMixed) {
  std::vector<GrowingSite> sites = {Grown(Family::kHeap, "objects", {User("put", 20)}),
                                    Grown(Family::kHeap, "objects", {User("put", 22)})};
  sites[1].driver = "key";
  EXPECT_THAT(ClusterSites(sites, None(sites), kCode), SizeIs(2));
}

TEST(Correlation, OfProportionalAndConstantSeries) {
  EXPECT_NEAR(Correlation({1, 2, 3, 5}, {2, 4, 6, 10}), 1, 1e-12);
  EXPECT_NEAR(Correlation({1, 2, 3}, {3, 2, 1}), -1, 1e-12);
  EXPECT_EQ(Correlation({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_EQ(Correlation({1, 2}, {1, 2}), 0);
  EXPECT_EQ(Correlation({1, 2, 3}, {1, 2, 3, 4}), 0);
}

}  // namespace
}  // namespace goleakstress::explain
