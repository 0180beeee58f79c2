#include "harness/explain/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/explain/cluster.h"
#include "harness/explain/grown.h"

namespace goleakstress::explain {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const CodeMap kWithHelper = {.user_dirs = {"/src/app"}, .goroots = {"/go"}, .helpers = {"app.open"}};

TEST(Tie, IsTheCloserTheNearerTheCulpritsAre) {
  const auto tie = [](const GrowingSite& a, const GrowingSite& b) {
    return TieOf(a, LinksOf(a, {}, kWithHelper), b, LinksOf(b, {}, kWithHelper));
  };
  const GrowingSite body =
      Grown(Family::kResource, "http.body", {User("fetch"), User("Handle"), User("TestX")});
  EXPECT_EQ(tie(body, Grown(Family::kHeap, "bytes", {User("fetch"), User("TestX")})), Tie::kCulprit);
  EXPECT_EQ(tie(body, Grown(Family::kHeap, "bytes", {User("parse"), User("fetch"), User("TestX")})),
            Tie::kCalls);
  EXPECT_EQ(tie(Grown(Family::kHeap, "bytes", {User("parse"), User("TestX")}),
                Grown(Family::kHeap, "bytes", {User("TestX")})),
            Tie::kEntry);
  EXPECT_EQ(tie(body, Grown(Family::kHeap, "bytes", {User("Handle"), User("TestX")})), Tie::kNone);
  EXPECT_EQ(
      tie(body, Grown(Family::kResource, "fd.file", {{"app.Handle", "/src/app/app.go", 8}, User("TestX")})),
      Tie::kNone);
}

// The helper app.open returns what it opened, and starts who reads from it.
TEST(Tie, IsCloseToAGoroutineStartedInTheCallWhoseResultHasToBeClosed) {
  const auto at = [](const std::string& function, int line) {
    return Frame{"app." + function, "/src/app/app.go", line};
  };
  const GrowingSite socket = Grown(Family::kResource, "fd.socket", {at("open", 12), at("TestX", 40)});
  const GrowingSite reader = Grown(Family::kGoroutine, "", {at("read", 30)});
  const auto tie = [&](int line, const CodeMap& code) {
    const Stack starter = {at("start", 24), at("open", 14), at("TestX", line)};
    return TieOf(reader, LinksOf(reader, starter, code), socket, LinksOf(socket, {}, code));
  };
  EXPECT_EQ(tie(40, kWithHelper), Tie::kCalls);
  EXPECT_EQ(tie(50, kWithHelper), Tie::kNone) << "another call's";
  CodeMap keeps = kWithHelper;
  keeps.helpers.clear();
  EXPECT_EQ(tie(40, keeps), Tie::kNone) << "app.open keeps what it opens";
}

TEST(Tie, IsCloseBetweenResourcesOfOneCall) {
  const auto at = [](const std::string& function, int line) {
    return Frame{"app." + function, "/src/app/app.go", line};
  };
  const GrowingSite statement =
      Grown(Family::kResource, "sql.stmt",
            {{"database/sql.(*DB).Prepare", "/go/src/database/sql/sql.go", 9}, at("Do", 62)});
  const auto tie = [&](int line) {
    const GrowingSite mapped =
        Grown(Family::kResource, "memory.mapping", {at("alloc", 32), at("Prepare", 40), at("Do", line)});
    return TieOf(mapped, LinksOf(mapped, {}, kWithHelper), statement, LinksOf(statement, {}, kWithHelper));
  };
  EXPECT_EQ(tie(62), Tie::kCalls);
  EXPECT_EQ(tie(63), Tie::kNone);
}

TEST(Counts, AreOfHandlesOfTheirKind) {
  const auto is_count = [](const std::string& count, const std::string& handle) {
    return IsCountOf({.family = Family::kFd, .kind = count}, {.family = Family::kResource, .kind = handle});
  };
  EXPECT_TRUE(is_count("socket.tcp", "fd.socket"));
  EXPECT_TRUE(is_count("file", "fd.file"));
  EXPECT_FALSE(is_count("pipe", "fd.socket"));
  EXPECT_FALSE(is_count("sockets", "fd.socket"));
}

TEST(Cluster, MemoryOutsideTheHeapIsThatOfAResourceThatLeaks) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "sql.stmt", {User("Do")}),
      Grown(Family::kProcess, "memory outside the Go heap", {}),
  };
  sites[1].changes = {0, 0, 0, 262144, 0, 0};
  EXPECT_THAT(ClusterSites(sites, std::vector<Stack>(2), kWithHelper), SizeIs(1));
  sites[0].site.healed_by_gc = true;
  EXPECT_THAT(ClusterSites(sites, std::vector<Stack>(2), kWithHelper), SizeIs(2));
}

TEST(Rivals, AreThingsOfOneKindThatTwoCallersOpened) {
  const auto rivals = [](const GrowingSite& a, const GrowingSite& b) {
    return AreRivals(a, LinksOf(a, {}, kWithHelper), b, LinksOf(b, {}, kWithHelper));
  };
  const GrowingSite conf = Grown(Family::kResource, "fd.file", {User("open"), User("conf"), User("TestX")});
  EXPECT_TRUE(
      rivals(conf, Grown(Family::kResource, "fd.file", {User("open"), User("hosts"), User("TestX")})));
  EXPECT_FALSE(rivals(conf, Grown(Family::kResource, "fd.socket", {User("open"), User("hosts")})));
  EXPECT_FALSE(rivals(conf, Grown(Family::kResource, "fd.file", {User("retry"), User("conf")})));
}

// A buffer that both take from a list keeps what belongs to either.
TEST(Cluster, WhatTwoCallersOpenStaysTwoWhateverKeepsTheirMemory) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.file", {User("open"), User("conf"), User("TestX")}),
      Grown(Family::kResource, "fd.file", {User("open"), User("hosts"), User("TestX")}),
      Grown(Family::kHeap, "bytes", {User("open"), User("conf"), User("TestX")}),
      Grown(Family::kHeap, "bytes", {User("open"), User("hosts"), User("TestX")}),
      Grown(Family::kHeap, "bytes", {{"os.keep", "/go/src/os/file.go", 3}}),
  };
  sites[2].kept_by = sites[3].kept_by = 4;
  const auto clusters = ClusterSites(sites, std::vector<Stack>(sites.size()), kWithHelper);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 2, 4));
  EXPECT_THAT(clusters[1].members, UnorderedElementsAre(1, 3));
}

TEST(Cluster, WhatTheEntryMakesUnitesNoCauses) {
  const std::vector<GrowingSite> sites = {
      Grown(Family::kGoroutine, "", {User("first.func1")}),
      Grown(Family::kGoroutine, "", {User("second.func1")}),
      Grown(Family::kHeap, "bytes", {User("first"), User("TestX")}),
      Grown(Family::kHeap, "bytes", {User("second"), User("TestX")}),
      Grown(Family::kHeap, "bytes", {User("TestX")}),
  };
  const auto clusters = ClusterSites(sites, std::vector<Stack>(sites.size()), kWithHelper);
  ASSERT_THAT(clusters, SizeIs(2));
  EXPECT_THAT(clusters[0].members, UnorderedElementsAre(0, 2, 4));
  EXPECT_THAT(clusters[1].members, UnorderedElementsAre(1, 3));
}

TEST(Links, AreOfTheCallWhereTheEntryStandsOnTheStackOrStartedIt) {
  const GrowingSite dialled = Grown(Family::kResource, "fd.socket", {User("dial"), User("FuzzAsk.func1")});
  EXPECT_TRUE(LinksOf(dialled, {}, kWithHelper, "FuzzAsk").in_call);
  EXPECT_TRUE(LinksOf(dialled, {}, kWithHelper, "FuzzTell+FuzzAsk").in_call);
  EXPECT_FALSE(LinksOf(dialled, {}, kWithHelper, "FuzzTell+FuzzAskAgain").in_call);
  const GrowingSite served = Grown(Family::kGoroutine, "", {User("serve.func1")});
  EXPECT_FALSE(LinksOf(served, {User("serve")}, kWithHelper, "FuzzAsk").in_call);
  EXPECT_TRUE(LinksOf(served, {User("serve"), User("FuzzAsk.func1")}, kWithHelper, "FuzzAsk").in_call);
}

TEST(Links, AHandlerThatTookAConnectionOverHoldsTheServersEnd) {
  const GrowingSite hijacked =
      Grown(Family::kResource, "fd.socket",
            {{"net/http.(*response).Hijack", "/go/src/net/http/server.go", 9}, User("serve")});
  EXPECT_TRUE(LinksOf(hijacked, {}, kWithHelper).hijacked);
}

// A server in the test's own process copies through a pipe, for as long as the client stays.
TEST(Cluster, WhatTheCallOpenedComesBeforeWhatItsPeerDid) {
  std::vector<GrowingSite> sites = {
      Grown(Family::kResource, "fd.pipe", {User("serve")}),
      Grown(Family::kResource, "fd.socket", {User("dial"), User("TestAsk")}),
      Grown(Family::kHeap, "bytes", {User("serve"), User("dial"), User("TestAsk")}),
  };
  sites[0].log10_e = 20;
  const auto clusters = ClusterSites(sites, std::vector<Stack>(sites.size()), kWithHelper, "TestAsk");
  ASSERT_THAT(clusters, SizeIs(1));
  EXPECT_EQ(clusters[0].head, 1u);
}

}  // namespace
}  // namespace goleakstress::explain
