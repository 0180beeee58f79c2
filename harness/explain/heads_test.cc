#include "harness/explain/heads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "harness/explain/cluster.h"
#include "harness/explain/links.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;

const CodeMap kCode = {.user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

GrowingSite Grown(Family family, const std::string& kind, int line, double rate) {
  return {.site = {.family = family,
                   .kind = kind,
                   .stack = {{"app.Handle", "/src/app/app.go", line}},
                   .container = kind == "entries" ? "map" : ""},
          .verdict = "leak",
          .driver = "call",
          .log10_e = 9,
          .rate = rate,
          .rate_low = rate,
          .rate_high = rate,
          .changes = {1, 0, 2, 5, 0, 3}};
}

TEST(Heads, WhatSomeCallsLeaveIsNotWhyEveryCallAddsToAMap) {
  std::vector<GrowingSite> sites = {Grown(Family::kGoroutine, "", 10, 0.05),
                                    Grown(Family::kHeap, "entries", 20, 1)};
  const auto head = [&sites] {
    const auto clusters = ClusterSites(sites, std::vector<Stack>(sites.size()), kCode);
    return clusters.size() == 1 ? clusters[0].head : sites.size();
  };
  EXPECT_EQ(head(), 1u);
  sites[0].rate = 1;
  EXPECT_EQ(head(), 0u) << "one each";
  sites[0].rate = 0.05;
  sites[1].rate = 0.05;
  EXPECT_EQ(head(), 0u) << "in the same calls";
  sites[1].rate = 1.3;
  EXPECT_EQ(head(), 0u) << "not in every call";
}

// Both ends of a connection in one process: who dialled it is known, though a library did it in a goroutine
// of its own.
TEST(Heads, WhoDialledGoesBeforeWhoAccepted) {
  GrowingSite accepted = Grown(Family::kResource, "fd.socket", 17, 1);
  accepted.site.stack.insert(accepted.site.stack.begin(), {"syscall.Accept4", "/go/src/syscall/a.go", 1});
  GrowingSite dialled = Grown(Family::kResource, "fd.socket", 39, 1);
  dialled.log10_e = 8;
  dialled.site.creators = std::exchange(dialled.site.stack, {{"net.dial", "/go/src/net/dial.go", 1}});
  const auto links = [](const GrowingSite& grown) { return LinksOf(grown, grown.site.creators, kCode); };
  EXPECT_TRUE(IsBetterHead(dialled, links(dialled), accepted, links(accepted)));
}

TEST(Heads, ALineGoesBeforeNoneEvenWhereItIsThePeers) {
  GrowingSite accepted = Grown(Family::kResource, "fd.socket", 17, 1);
  accepted.site.stack.insert(accepted.site.stack.begin(), {"syscall.Accept4", "/go/src/syscall/a.go", 1});
  GrowingSite counted = Grown(Family::kFd, "socket.unix", 0, 1);
  counted.site.stack.clear();
  const auto links = [](const GrowingSite& grown) { return LinksOf(grown, {}, kCode); };
  EXPECT_TRUE(IsBetterHead(accepted, links(accepted), counted, links(counted)));
}

TEST(Heads, ABodyGoesBeforeTheSocketThatItNeeds) {
  const GrowingSite body = Grown(Family::kResource, "http.body", 17, 1);
  GrowingSite socket = Grown(Family::kResource, "fd.socket", 17, 1);
  socket.log10_e = body.log10_e + 1;
  const auto links = [](const GrowingSite& grown) { return LinksOf(grown, {}, kCode); };
  EXPECT_TRUE(IsBetterHead(body, links(body), socket, links(socket)));
  EXPECT_FALSE(IsBetterHead(socket, links(socket), body, links(body)));
}

TEST(Heads, WhoIsProvenLostWaitsForNoTicker) {
  GrowingSite waits = Grown(Family::kGoroutine, "", 17, 1);
  waits.site.stack.insert(waits.site.stack.begin(), {"runtime.chanrecv2", "/go/src/runtime/chan.go", 1});
  const GrowingSite ticker = Grown(Family::kResource, "time.ticker", 13, 1);
  const auto links = [](const GrowingSite& grown) { return LinksOf(grown, {}, kCode); };
  EXPECT_TRUE(IsBetterHead(ticker, links(ticker), waits, links(waits)));
  waits.proven = true;
  EXPECT_TRUE(IsBetterHead(waits, links(waits), ticker, links(ticker)));
}

TEST(Heads, WhatTheKernelCountsTellsNoLineWhereTheUsersGoroutineDoes) {
  std::vector<GrowingSite> sites = {Grown(Family::kFd, "socket.tcp", 0, 1),
                                    Grown(Family::kGoroutine, "", 31, 1)};
  sites[0].site.stack.clear();
  auto clusters = ClusterSites(sites, std::vector<Stack>(2), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
  sites[1].site.family = Family::kHeap;
  clusters = ClusterSites(sites, std::vector<Stack>(2), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 0u) << "memory is no descriptor";
}

// A loop that dials again and is never told to end.
TEST(Heads, WhatAGoroutineThatStaysOpenedForItselfIsItsOwnToClose) {
  std::vector<GrowingSite> sites = {Grown(Family::kResource, "fd.socket", 37, 1),
                                    Grown(Family::kGoroutine, "", 31, 1)};
  const auto head = [&sites] {
    const auto clusters = ClusterSites(sites, std::vector<Stack>(2), kCode);
    return clusters.size() == 1 ? clusters[0].head : sites.size();
  };
  EXPECT_EQ(head(), 1u);
  sites[0].site.stack.push_back({"app.TestX", "/src/app/app_test.go", 9});
  EXPECT_EQ(head(), 0u) << "the call opened it";
}

TEST(Heads, WhoLooksAfterSomethingAllTheTimeHoldsItsTicker) {
  std::vector<GrowingSite> sites = {Grown(Family::kResource, "time.ticker", 19, 1),
                                    Grown(Family::kGoroutine, "", 0, 1)};
  sites[1].site.by_function = true;
  const auto clusters = ClusterSites(sites, std::vector<Stack>(2), kCode);
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

TEST(Heads, WhatTheDumpTellsApartStaysApart) {
  std::vector<GrowingSite> sites = {Grown(Family::kGoroutine, "", 10, 1),
                                    Grown(Family::kHeap, "entries", 20, 1),
                                    Grown(Family::kHeap, "objects", 11, 1)};
  EXPECT_THAT(ClusterSites(sites, std::vector<Stack>(3), kCode), SizeIs(1));
  sites[1].apart = true;
  const auto clusters = ClusterSites(sites, std::vector<Stack>(3), kCode);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, SizeIs(2)) << "the goroutine and what it works on";
  EXPECT_EQ(clusters[1].head, 1u);
}

}  // namespace
}  // namespace goleakstress::explain
