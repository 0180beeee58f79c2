#include "harness/campaign/pool_exhaustion.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Stack;

const explain::CodeMap kCode = {
    .user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

const explain::Frame kDatabase = {"database/sql.(*DB).conn", "/go/src/database/sql/sql.go", 1369};
const explain::Frame kTransport = {"net/http.(*Transport).getConn", "/go/src/net/http/transport.go", 1555};

HungGoroutines Hung(Stack stack) {
  stack.push_back({"app.Touch", "/src/app/app.go", 64});
  HungGoroutines hung;
  hung.sites.push_back({.family = Family::kGoroutine, .stack = std::move(stack)});
  hung.details.emplace_back().wait_reason = "select";
  return hung;
}

std::string Text(const std::string& frames) { return "goroutine 7 [select]:\n" + frames; }

TEST(PoolExhaustionTest, ACallThatWaitsForAConnectionWaitsForThePool) {
  const auto database = WaitsForPool(Hung({kDatabase}), "", kCode);
  ASSERT_TRUE(database);
  EXPECT_EQ(database->package, "database/sql");
  const auto transport = WaitsForPool(Hung({kTransport}), "", kCode);
  ASSERT_TRUE(transport);
  EXPECT_EQ(transport->package, "net/http");
}

TEST(PoolExhaustionTest, ACallMayWaitForAGoroutineOfItsOwnThatDoes) {
  HungGoroutines hung = Hung({{"sync.(*WaitGroup).Wait", "/go/src/sync/waitgroup.go", 118}});
  hung.sites.push_back(Hung({kDatabase}).sites[0]);
  hung.details.emplace_back();
  const auto wait = WaitsForPool(hung, "", kCode);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->waiter, 1u);
}

TEST(PoolExhaustionTest, WhoWaitsForAnAnswerOrALockOrHisOwnSemaphoreDoesNot) {
  for (const Stack& stack :
       {Stack{{"net/http.(*persistConn).roundTrip", "/go/src/net/http/transport.go", 2900}},
        Stack{{"sync.(*Mutex).Lock", "/go/src/sync/mutex.go", 46}, kDatabase},
        Stack{{"app.(*conn).Query", "/src/app/driver.go", 9}, kDatabase},
        Stack{{"app.(*DB).conn", "/src/app/pool.go", 9}}, Stack{}}) {
    EXPECT_FALSE(WaitsForPool(Hung(stack), "", kCode));
  }
}

TEST(PoolExhaustionTest, NorWhereAConnectionIsBeingOpened) {
  const std::string dialling =
      "net.(*netFD).connect(0x1)\n\t/go/src/net/fd_unix.go:1 +0x1\n"
      "net/http.(*Transport).dialConnFor(0xc0)\n\t/go/src/net/http/transport.go:1650 +0x1\n"
      "created by net/http.(*Transport).queueForDial in goroutine 6\n\t/go/src/net/http/transport.go:1 "
      "+0x1\n";
  EXPECT_FALSE(WaitsForPool(Hung({kTransport}), Text(dialling), kCode));
  EXPECT_TRUE(WaitsForPool(Hung({kDatabase}), Text(dialling), kCode)) << "of another pool";
  // The reader of a connection descends from a goroutine that opened it and is over.
  const std::string open =
      "net/http.(*persistConn).readLoop(0xc0)\n\t/go/src/net/http/transport.go:2300 +0x1\n"
      "created by net/http.(*Transport).dialConn in goroutine 6\n\t/go/src/net/http/transport.go:1 +0x1\n"
      "[originating from goroutine 6]:\n"
      "net/http.(*Transport).dialConnFor(...)\n\t/go/src/net/http/transport.go:1650 +0x1\n";
  EXPECT_TRUE(WaitsForPool(Hung({kTransport}), Text(open), kCode));
}

// A profile as the agent writes it: a site for each function, with what was left there and what is the
// call's.
struct Row {
  const char* function;
  int64_t left, own;
};
HeldHandles Held(const std::string& kind, const std::vector<Row>& rows) {
  HeldHandles held{.kind = kind};
  collectors::Profile& profile = held.profile;
  profile.sample_types = {{"open", "count"}, {"own", "count"}};
  for (const Row& row : rows) {
    const auto next = static_cast<uint32_t>(profile.samples.size());
    profile.samples.push_back({.first_location = next, .location_count = 1, .first_value = 2 * next});
    profile.sample_locations.push_back(next);
    profile.locations.push_back({.first_frame = next, .frame_count = 1});
    profile.frames.push_back({.function = row.function, .file = "/src/app/app.go", .line = 45});
    profile.sample_values.insert(profile.sample_values.end(), {row.left, row.own});
  }
  return held;
}

std::vector<LeftOpen> Holders(const std::vector<Row>& rows, const std::string& kind = "sql.rows") {
  std::vector<HeldHandles> handles;
  handles.push_back(Held(kind, rows));
  return HoldersOfPool("database/sql", handles, kCode);
}

TEST(PoolExhaustionTest, WhatLeftMostComesFirst) {
  const auto holders = Holders({{"app.Has", 3, 0}, {"app.Find", 7, 0}});
  ASSERT_EQ(holders.size(), 2u);
  EXPECT_EQ(holders[0].site.stack.front().function, "app.Find");
  EXPECT_EQ(holders[0].count, 7);
}

TEST(PoolExhaustionTest, APoolOfOneIsEmptyWithOneHandle) {
  EXPECT_EQ(Holders({{"app.Has", 1, 0}}).size(), 1u);
}

TEST(PoolExhaustionTest, WhatTheHungCallHoldsIsNoLeak) {
  EXPECT_TRUE(Holders({{"app.Transfer", 0, 1}}).empty());
  EXPECT_TRUE(Holders({{"app.Shared", 1, 0}, {"app.Transfer", 0, 1}}).empty()) << "one for all calls";
  EXPECT_TRUE(Holders({{"app.Shared", 2, 0}, {"app.Transfer", 0, 8}}).empty());
  EXPECT_EQ(Holders({{"app.Has", 9, 0}, {"app.Transfer", 0, 1}}).size(), 1u);
}

TEST(PoolExhaustionTest, HandlesOfOtherPackagesHoldNoneOfIts) {
  EXPECT_TRUE(Holders({{"app.Get", 10, 0}}, "http.body").empty());
}

}  // namespace
}  // namespace goleakstress::campaign
