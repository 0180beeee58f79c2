#include "harness/campaign/exhaustion.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Site;

explain::Stack By(const char* function) {
  return {{"syscall.Syscall", "/go/src/syscall/syscall_linux.go", 1}, {function, "/src/app/app.go", 15}};
}

class Exhaustion : public ::testing::Test {
 protected:
  SeriesTable table_{{.user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"}};
};

TEST_F(Exhaustion, FailuresOfAFunctionThatHoldsManyAreItsOwn) {
  table_.Begin();
  table_.Add({.family = Family::kResource, .kind = "tried.inotify", .stack = By("app.Follow")}, 400);
  EXPECT_TRUE(FailsForOthers(table_, 0)) << "it holds none";
  table_.Add({.family = Family::kResource, .kind = "fd.inotify", .stack = By("app.Follow.func1")}, 127);
  EXPECT_FALSE(FailsForOthers(table_, 0));
  EXPECT_FALSE(FailsForOthers(table_, 1)) << "what is open is no failure";
}

TEST_F(Exhaustion, WhoStartedALibrarysGoroutineIsToBlameForIt) {
  Site tried = {.family = Family::kResource,
                .kind = "tried.socket",
                .stack = {{"net.dial", "/go/src/net/dial.go", 1}},
                .creators = By("app.Dial")};
  Site held = tried;
  held.kind = "fd.socket";
  table_.Begin();
  table_.Add(tried, 400);
  table_.Add(held, 127);
  EXPECT_FALSE(FailsForOthers(table_, 0));
  held.creators = tried.creators = By("app.Other");
  table_.Add(tried, 400);
  EXPECT_TRUE(FailsForOthers(table_, 2));
}

TEST_F(Exhaustion, WhatOthersHoldOrTheCollectorClosedDoesNotCount) {
  table_.Begin();
  table_.Add({.family = Family::kResource, .kind = "tried.file", .stack = By("app.Read")}, 400);
  table_.Add({.family = Family::kResource, .kind = "fd.file", .stack = By("app.Keep")}, 500);
  table_.Add({.family = Family::kResource, .kind = "fd.file", .stack = By("app.Read"), .healed_by_gc = true},
             500);
  EXPECT_TRUE(FailsForOthers(table_, 0));
}

TEST_F(Exhaustion, ATryIsReportedAsWhatItWouldHaveOpened) {
  Site tried = {.family = Family::kResource, .kind = "tried.inotify"};
  EXPECT_TRUE(TakeExhaustion(&tried));
  EXPECT_EQ(tried.kind, "fd.inotify");
  EXPECT_FALSE(TakeExhaustion(&tried));
}

TEST_F(Exhaustion, TriesAreJudgedWhereSomeFailed) {
  EXPECT_EQ(TriesOf("fd.inotify"), "tried.inotify");
  EXPECT_EQ(TriesOf("failed.inotify"), "tried.inotify");
  EXPECT_EQ(TriesOf("http.body"), "");
  const Site held = {.family = Family::kResource, .kind = "fd.inotify", .stack = By("app.Follow")};
  Site tried = held, failed = held;
  tried.kind = "tried.inotify";
  failed.kind = "failed.inotify";
  table_.Begin();
  table_.Add(held, 100);
  table_.Add(tried, 100);
  EXPECT_FALSE(IsPartOfTries(table_, 0));
  EXPECT_TRUE(IsPartOfTries(table_, 1)) << "none failed: it is what is held, once more";
  table_.Add(failed, 3);
  EXPECT_FALSE(IsPartOfTries(table_, 1));
  EXPECT_TRUE(IsPartOfTries(table_, 2));
}

}  // namespace
}  // namespace goleakstress::campaign
