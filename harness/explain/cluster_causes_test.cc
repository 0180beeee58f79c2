#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/explain/cluster.h"
#include "harness/explain/grown.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Made for every call, it leaks what it keeps idle; a body that nobody closes leaks its connection besides.
TEST(Cluster, AConnectionWhoseBodyStaysOpenIsTheBodys) {
  const Stack dial = {Standard("net.(*Dialer).DialContext"), Standard("net/http.(*Transport).dialConn")};
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "http.transport", {User("NewProxy", 15), User("TestProxy", 9)}),
      Grown(Family::kResource, "fd.socket", dial),
      Grown(Family::kResource, "fd.socket", dial),
      Grown(Family::kResource, "http.body", {User("Status", 24), User("TestProxy", 10)}),
  };
  const auto queued_by = [](const Frame& user) {
    return Stack{Standard("net/http.(*Transport).queueForDial"), user};
  };
  const std::vector<Stack> starters = {{}, queued_by(User("Status", 24)), queued_by(User("Fetch", 36)), {}};
  auto clusters = ClusterSites(sites, starters, kCode);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 2));
  EXPECT_THAT(clusters[1].members, UnorderedElementsAre(1, 3));
  EXPECT_EQ(clusters[1].head, 3u);
  sites[3].site.healed_by_gc = true;
  clusters = ClusterSites(sites, starters, kCode);
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 1, 2, 3)) << "it holds nothing";
}

// A client of a broker: it dials in a goroutine of its own, which starts another that reads answers.
TEST(Cluster, WhatALibrarysGoroutinesHaveOfOneCallOfTheUsersIsOneCause) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kFd, "socket.tcp", {}),
      Grown(Family::kGoroutine, "",
            {Standard("runtime.chanrecv2"), Library("wire.(*Broker).receive"), Library("wire.guarded")}),
      Grown(Family::kHeap, "entries", {User("remember", 30), User("TestMoved", 30)}),
      Grown(Family::kResource, "fd.socket",
            {Standard("net.Dial"), Library("wire.(*Broker).Open.func1"), Library("wire.guarded")}),
      Grown(Family::kHeap, "objects", {Library("wire.NewClient"), User("NewWatcher"), User("TestMoved", 31)}),
  };
  const std::vector<Stack> starters = {
      {},
      {Library("wire.(*Broker).Open.func1"), Library("wire.guarded")},
      {},
      {Library("wire.(*Broker).Open"), Library("wire.NewClient"), User("NewWatcher"), User("TestMoved", 31)},
      {}};
  auto clusters = ClusterSites(sites, starters, kCode, "TestMoved");
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 1, 3, 4));
  EXPECT_EQ(clusters[0].head, 3u);
  sites[1].changes = {3, 1, 0, 0, 9, 0};
  EXPECT_THAT(ClusterSites(sites, starters, kCode, "TestMoved"), SizeIs(3)) << "in another rhythm";
}

TEST(Cluster, MemoryOfTheEntrysOwnIsTheLastToBeJoined) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kHeap, "objects", {User("TestMoved", 30)}),
      Grown(Family::kFd, "eventpoll", {}),
      Grown(Family::kHeap, "entries", {User("remember", 12), User("keep", 11), User("TestOther", 30)}),
  };
  const auto clusters = ClusterSites(sites, None(sites), kCode, "TestMoved");
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0));
  EXPECT_THAT(clusters[1].members, UnorderedElementsAre(1, 2));
}

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

// Both took memory by one helper, the one for its server, the other for a client.
TEST(Cluster, WhoIsProvenLostIsNoneOfATickersWhateverTheyHaveInCommon) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "time.ticker", {Standard("time.NewTicker"), User("New", 13), User("TestX")}),
      Grown(Family::kHeap, "objects", {User("newClient", 30), User("New", 17), User("TestX")}),
      Grown(Family::kHeap, "objects", {User("newClient", 30), User("Attach", 35), User("TestX")}),
      Grown(Family::kGoroutine, "", {User("writeLoop", 41)}),
  };
  const std::vector<Stack> starters = {{}, {}, {}, {User("Attach", 36), User("TestX")}};
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(1));
  sites[3].proven = true;
  EXPECT_THAT(ClusterSites(sites, starters, kCode), SizeIs(2));
}

}  // namespace
}  // namespace goleakstress::explain
