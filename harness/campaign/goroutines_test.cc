#include "harness/campaign/goroutines.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::campaign {
namespace {

constexpr char kWhole[] =
    "goroutine 7 [chan receive]:\n"
    "app.Start.func1()\n"
    "\t/src/app/app.go:9 +0x1d\n"
    "created by app.Start in goroutine 1\n"
    "\t/src/app/app.go:8 +0x5c\n";
// Cut between two lines.
constexpr char kCut[] =
    "\n"
    "goroutine 8 [chan receive]:\n"
    "app.Start.func1()\n"
    "\t/src/app/app.go:9 +0x1d\n";

TEST(GoroutinesTest, AGoroutineWhoseTextIsCutIsNoExample) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kGoroutine, .stack = {{"app.Start.func1", "/src/app/app.go", 9}}};
  for (const std::string& text : {std::string(kWhole), std::string(kWhole) + kCut}) {
    const auto details = DescribeGoroutines(text, {grown}, code);
    ASSERT_EQ(details.size(), 1u);
    EXPECT_EQ(details[0].wait_reason, "chan receive");
    ASSERT_EQ(details[0].creators.size(), 1u) << text;
    EXPECT_EQ(details[0].creators[0].line, 8);
  }
}

TEST(GoroutinesTest, WhoTookTheLockIsSoughtAmongTheGoroutines) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kGoroutine, .stack = {{"app.wait", "/src/app/app.go", 9}}};
  const std::string lock =
      "lock of goroutine 7 taken by goroutine 5:\napp.take(...)\n\t/src/app/app.go:3\n\n";
  const std::string waiter =
      "goroutine 7 [sync.Mutex.Lock]:\napp.wait()\n\t/src/app/app.go:9 +0x1d\n"
      "created by app.Start in goroutine 1\n\t/src/app/app.go:8 +0x5c\n";
  const std::string taker = "\ngoroutine 5 [chan send]:\napp.send()\n\t/src/app/app.go:4 +0x1d\n";
  const auto lock_in = [&](const std::string& text) {
    return DescribeGoroutines(text, {grown}, code)[0].lock;
  };
  EXPECT_EQ(lock_in(lock + waiter + taker).state, "chan send");
  EXPECT_EQ(lock_in(lock + waiter + taker).took, (explain::Stack{{"app.take", "/src/app/app.go", 3}}));
  EXPECT_EQ(lock_in(lock + waiter).state, "") << "it has ended";
  const std::string like =
      "\ngoroutine 4 [chan send]:\napp.send()\n\t/src/app/app.go:4 +0x1d\n"
      "\ngoroutine 5 [like goroutine 4 in goroutine 1]:\n";
  EXPECT_EQ(lock_in(lock + waiter + like).state, "chan send");
  EXPECT_TRUE(lock_in(lock + waiter + "\ngoroutine 9 [sel").took.empty()) << "it may be in what was cut";
  EXPECT_TRUE(lock_in(waiter + taker).took.empty());
}

TEST(GoroutinesTest, WhoHoldsTheLockMayGrowAsWell) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  std::vector<explain::GrowingSite> grown(2);
  grown[0].site = {.family = explain::Family::kGoroutine, .stack = {{"app.wait", "/src/app/app.go", 9}}};
  grown[1].site = {.family = explain::Family::kGoroutine, .stack = {{"app.send", "/src/app/app.go", 4}}};
  const std::string text =
      "lock of goroutine 7 taken by goroutine 5:\napp.take(...)\n\t/src/app/app.go:3\n\n"
      "goroutine 7 [sync.Mutex.Lock]:\napp.wait()\n\t/src/app/app.go:9 +0x1d\n"
      "created by app.Start in goroutine 1\n\t/src/app/app.go:8 +0x5c\n"
      "\ngoroutine 5 [chan send]:\napp.send()\n\t/src/app/app.go:4 +0x1d\n"
      "created by app.Start in goroutine 1\n\t/src/app/app.go:6 +0x5c\n";
  const auto details = DescribeGoroutines(text, grown, code);
  EXPECT_EQ(details[0].awaited_site, 1u);
  EXPECT_EQ(details[1].awaited_site, explain::GrowingSite::kNone);
}

TEST(GoroutinesTest, OfAGroupOneThatItStartedHasToEndFirst) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  std::vector<explain::GrowingSite> grown(2);
  grown[0].site = {.family = explain::Family::kGoroutine,
                   .stack = {{"sync.(*WaitGroup).Wait", "/go/src/sync/waitgroup.go", 118},
                             {"app.deliver", "/src/app/app.go", 9}}};
  grown[1].site = {.family = explain::Family::kGoroutine, .stack = {{"app.send", "/src/app/app.go", 4}}};
  const auto text = [](const std::string& parent) {
    return "goroutine 7 [sync.WaitGroup.Wait]:\nsync.(*WaitGroup).Wait()\n\t/go/src/sync/waitgroup.go:118 "
           "+0x1\n"
           "app.deliver()\n\t/src/app/app.go:9 +0x1d\n"
           "created by app.Start in goroutine 1\n\t/src/app/app.go:8 +0x5c\n"
           "\ngoroutine 5 [chan send]:\napp.send()\n\t/src/app/app.go:4 +0x1d\n"
           "created by app.deliver in goroutine " +
           parent + "\n\t/src/app/app.go:6 +0x5c\n";
  };
  EXPECT_EQ(DescribeGoroutines(text("7"), grown, code)[0].awaited_site, 1u);
  EXPECT_EQ(DescribeGoroutines(text("7"), grown, code)[1].awaited_site, explain::GrowingSite::kNone);
  EXPECT_EQ(DescribeGoroutines(text("8"), grown, code)[0].awaited_site, explain::GrowingSite::kNone);
  const std::string like = "\ngoroutine 6 [like goroutine 5 in goroutine 7]:\n";
  EXPECT_EQ(DescribeGoroutines(text("8") + like, grown, code)[0].awaited_site, 1u);
}

// What it started waits in a function of the standard library to which the probes add a frame.
TEST(GoroutinesTest, TheHungCallIsWhatTheAgentCalled) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  code.goroots = {"/go"};
  code.agent_package = "goleakstress/agent";
  const std::string call =
      "goroutine 7 [sync.WaitGroup.Wait]:\nsync.(*WaitGroup).Wait()\n\t/go/src/sync/waitgroup.go:9\n"
      "app.Compact()\n\t/src/app/app.go:30\ntesting.tRunner()\n\t/go/src/testing/testing.go:9\n"
      "created by testing.(*T).Run in goroutine 1\n\t/go/src/testing/testing.go:8\n\n";
  const std::string started =
      "goroutine 8 [sync.Mutex.Lock]:\nsync.(*Mutex).goleakstressLock()\n\t/go/src/sync/mutex.go:9\n"
      "app.run()\n\t/src/app/app.go:38\n"
      "created by app.Compact in goroutine 7\n\t/src/app/app.go:25\n";
  const HungGoroutines hung = HungCall(call + started, code);
  ASSERT_EQ(hung.sites.size(), 2u);
  EXPECT_EQ(explain::Culprit(hung.sites[0].stack, code)->line, 30);
  EXPECT_EQ(explain::Culprit(hung.sites[1].stack, code)->line, 38);
}

// `go m.loop(x)` makes a wrapper, which stands in profiles of the heap and not in the text.
TEST(GoroutinesTest, WhatALibraryAllocatesInItsGoroutineHasTheUserWhoStartedIt) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  const std::string text =
      "goroutine 9 [IO wait]:\n"
      "example.com/mux.(*Mux).read()\n\t/mod/mux/mux.go:20 +0x1d\n"
      "example.com/mux.(*Mux).loop()\n\t/mod/mux/mux.go:12 +0x1d\n"
      "created by example.com/mux.New in goroutine 1\n\t/mod/mux/mux.go:8 +0x5c\n"
      "[originating from goroutine 1]:\n"
      "example.com/mux.New(...)\n\t/mod/mux/mux.go:8 +0x5c\n"
      "app.Dial(...)\n\t/src/app/app.go:5 +0x5c\n";
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kHeap,
                .kind = "objects",
                .stack = {{"example.com/mux.(*list).add", "/mod/mux/list.go", 45},
                          {"example.com/mux.(*Mux).loop", "/mod/mux/mux.go", 12},
                          {"example.com/mux.New.gowrap1", "/mod/mux/mux.go", 8}}};
  const auto details = DescribeGoroutines(text + kWhole, {grown}, code);
  ASSERT_FALSE(details[0].creators.empty());
  EXPECT_EQ(details[0].creators.back().function, "app.Dial");
}

// One of the goroutines lives since the start of the process, those of the calls have ended.
TEST(GoroutinesTest, WhatAllocatedAndHasEndedIsOfTheCallThatStartedTheLastOne) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  const auto started = [](const std::string& header, const std::string& by) {
    return header +
           "\nexample.com/mux.loop()\n\t/mod/mux/mux.go:12\ncreated by example.com/mux.New in goroutine 1\n"
           "\t/mod/mux/mux.go:8\n[originating from goroutine "
           "1]:\nexample.com/mux.New(...)\n\t/mod/mux/mux.go:8\n" +
           by + "\n\n";
  };
  const std::string live = started("goroutine 9 [select]:", "app.init(...)\n\t/src/app/app.go:5");
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kHeap,
                .kind = "objects",
                .stack = {{"example.com/mux.add", "/mod/mux/list.go", 45},
                          {"example.com/mux.loop", "/mod/mux/mux.go", 12}}};
  const auto culprit = [&](const std::string& text) {
    return DescribeGoroutines(text, {grown}, code)[0].creators.back();
  };
  EXPECT_EQ(culprit(live).function, "app.init");
  const auto last = started("goroutine 0 [started last]:", "app.Call(...)\n\t/src/app/app.go:7");
  EXPECT_EQ(culprit(last + live).function, "app.Call");
}

// Both ends of a connection in one process: the younger one forgets what it got.
TEST(GoroutinesTest, OfSeveralThatRunTheSameTheOneThatKeepsItCounts) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  const auto loop = [](int id, const std::string& by) {
    return "goroutine " + std::to_string(id) +
           " [select]:\nlib.loop()\n\t/mod/lib/lib.go:12\ncreated by lib.New in goroutine "
           "1\n\t/mod/lib/lib.go:8\n"
           "[originating from goroutine 1]:\nlib.New(...)\n\t/mod/lib/lib.go:8\n" +
           by + "\n\n";
  };
  const std::string text = loop(7, "app.Serve(...)\n\t/src/app/app.go:5") +
                           loop(9, "app.Dial(...)\n\t/src/app/app.go:7") +
                           loop(11, "lib.again(...)\n\t/mod/lib/lib.go:30");
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kHeap,
                .kind = "objects",
                .stack = {{"lib.add", "/mod/lib/lib.go", 45}, {"lib.loop", "/mod/lib/lib.go", 12}}};
  auto details = DescribeGoroutines(text, {grown}, code);
  const auto culprit = [&](uint64_t keeper) {
    DescribeKeepers(text, {grown}, {keeper}, code, &details);
    return details[0].creators.back().function;
  };
  EXPECT_EQ(culprit(0), "app.Dial") << "the last that names the user";
  EXPECT_EQ(culprit(7), "app.Serve");
  EXPECT_EQ(culprit(11), "app.Serve") << "names nobody";
  EXPECT_EQ(culprit(8), "app.Serve") << "is gone";
}

// The moved clock fires an idle timer of a library, which starts its goroutine again.
TEST(GoroutinesTest, AnExampleThatNamesTheUserGoesBeforeYoungerOnesThatDoNot) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  const auto client = [](int id, const std::string& started_by) {
    return "goroutine " + std::to_string(id) +
           " [chan receive]:\nlib.run()\n\t/mod/lib/lib.go:27 +0x1d\n"
           "created by lib.(*Client).start in goroutine 1\n\t/mod/lib/lib.go:21 +0x5c\n"
           "[originating from goroutine 1]:\nlib.(*Client).start(...)\n\t/mod/lib/lib.go:21 +0x5c\n" +
           started_by + "\n";
  };
  const auto call = [](int line) {
    return "lib.New(...)\n\t/mod/lib/lib.go:14 +0x5c\napp.Handle(...)\n\t/src/app/app.go:" +
           std::to_string(line) + " +0x5c\n";
  };
  const std::string timer = "lib.(*Client).enterIdle(...)\n\t/mod/lib/lib.go:25 +0x5c\n";
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kGoroutine, .stack = {{"lib.run", "/mod/lib/lib.go", 27}}};
  auto details = DescribeGoroutines(
      client(7, call(5)) + client(8, call(6)) + client(9, timer) + client(10, timer), {grown}, code);
  ASSERT_FALSE(details[0].creators.empty());
  EXPECT_EQ(details[0].creators.back(), (explain::Frame{"app.Handle", "/src/app/app.go", 6}));
  EXPECT_EQ(details[0].wait_reason, "chan receive");
  details = DescribeGoroutines(client(9, timer) + client(10, timer), {grown}, code);
  ASSERT_FALSE(details[0].creators.empty());
  EXPECT_EQ(details[0].creators.back().function, "lib.(*Client).enterIdle");
}

TEST(GoroutinesTest, WhoStartedAGoroutineThatIsGoneIsKnownFromTheResource) {
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kResource,
                .kind = "fd.socket",
                .stack = {{"net.Dial", "/go/src/net/dial.go", 1}},
                .creators = {{"lib.Dial", "/mod/lib/lib.go", 14}, {"app.F", "/src/app/app.go", 3}},
                .direct = 2};
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  const auto details = DescribeGoroutines("", {grown}, code);
  EXPECT_EQ(details[0].creators, grown.site.creators);
  EXPECT_EQ(details[0].direct, 2u);
}

}  // namespace
}  // namespace goleakstress::campaign
