#include "harness/report/rules.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace goleakstress::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Finding At(const char* rule, const char* file, int line) {
  Finding finding;
  finding.set_rule(rule);
  finding.mutable_culprit()->set_file(file);
  finding.mutable_culprit()->set_line(line);
  return finding;
}

TEST(RulesTest, IdsAreOneToSixteenInOrder) {
  int n = 0;
  for (const Rule& rule : Rules()) {
    EXPECT_EQ(rule.id, fmt::format("GLS{:03}", ++n));
    EXPECT_FALSE(rule.title.empty());
    EXPECT_EQ(FindRule(rule.id), &rule);
  }
  EXPECT_EQ(n, 16);
  EXPECT_EQ(FindRule("GLS999"), nullptr);
}

TEST(AdviceTest, EveryRuleNamesThePlaceAndLeavesNoPlaceholder) {
  for (const Rule& rule : Rules()) {
    const std::string advice = AdviceFor(At(std::string(rule.id).c_str(), "a.go", 41));
    EXPECT_THAT(advice, HasSubstr("a.go:41")) << rule.id;
    EXPECT_THAT(advice, Not(testing::ContainsRegex("\\{[a-z]+\\}"))) << rule.id;
    EXPECT_THAT(advice, Not(HasSubstr("\n")));
  }
}

TEST(AdviceTest, EveryKindOfWaitHasItsOwn) {
  for (const char* wait :
       {"chan receive", "chan receive (nil chan)", "chan send", "select", "select (no cases)",
        "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait", "sync.Cond.Wait", "semacquire",
        "IO wait", "something new"}) {
    Finding finding = At("GLS001", "a.go", 41);
    finding.set_blocked_on(wait);
    EXPECT_THAT(AdviceFor(finding), HasSubstr("a.go:41")) << wait;
  }
  Finding nil = At("GLS001", "a.go", 41);
  nil.set_blocked_on("chan receive (nil chan)");
  EXPECT_THAT(AdviceFor(nil), HasSubstr("nothing can ever wake"));
}

TEST(AdviceTest, WhatIsKnownOfTheWaitCountsMore) {
  Finding finding = At("GLS001", "a.go", 41);
  finding.set_class_("goroutine");
  finding.set_blocked_on("sync.RWMutex.RLock");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("unlock on every path"));
  finding.set_retained_by("the lock taken at a.go:20 in app.Get by the same goroutine");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("do not take a lock that the same goroutine holds"));
  finding.clear_retained_by();
  finding.set_blocked_on("chan receive");
  finding.add_members()->set_kind("context");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("`defer cancel()`"));

  finding.mutable_library()->set_file("/mod/example.com/lib@v1/run.go");
  finding.add_stack()->set_function("runtime.gopark");
  Frame* const runs = finding.add_stack();
  runs->set_function("example.com/lib.run");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("the library forgets it"));
  runs->set_user(true);
  EXPECT_THAT(AdviceFor(finding), HasSubstr("`defer cancel()`")) << "a function of his that it runs";
}

TEST(AdviceTest, NobodyAddsACaseToGosOwnLibrary) {
  Finding finding = At("GLS001", "a.go", 41);
  finding.set_blocked_on("select");
  for (const char* function : {"runtime.selectgo", "io.(*pipe).write", "io.(*PipeWriter).Write"})
    finding.add_stack()->set_function(function);
  EXPECT_THAT(AdviceFor(finding), HasSubstr("it waits in io.(*PipeWriter).Write for the other side"));
  EXPECT_THAT(AdviceFor(finding), HasSubstr("`defer r.Close()`"));
  EXPECT_THAT(AdviceFor(finding), Not(HasSubstr("case <-")));
  finding.mutable_stack(1)->set_user(true);
  EXPECT_THAT(AdviceFor(finding), HasSubstr("case <-"));
}

TEST(AdviceTest, WhatALibraryAcquiredIsNotTheCallersToClose) {
  for (const char* leak_class : {"resource", "cache", "goroutine"}) {
    Finding finding = At("GLS005", "fetch.go", 41);
    finding.set_class_(leak_class);
    finding.mutable_library()->set_file("/home/a/go/pkg/mod/example.com/lib@v1.2.3/do.go");
    finding.mutable_library()->set_line(7);
    EXPECT_THAT(AdviceFor(finding), HasSubstr("fetch.go:41"));
    EXPECT_THAT(AdviceFor(finding), HasSubstr("example.com/lib@v1.2.3/do.go:7"));
    EXPECT_THAT(AdviceFor(finding), Not(HasSubstr("/home/a")));
    EXPECT_THAT(AdviceFor(finding), Not(StartsWith("close"))) << "he may have closed it";
    EXPECT_THAT(AdviceFor(finding), Not(HasSubstr("resp.Body")));
  }
}

TEST(AdviceTest, NobodyIsToldToEditALibrary) {
  Finding finding = At("GLS001", "/home/a/go/pkg/mod/example.com/lib@v1.2.3/do.go", 9);
  finding.set_class_("goroutine");
  finding.set_blocked_on("chan receive");
  finding.set_entry("TestPrice");
  finding.mutable_culprit()->set_function("example.com/lib.Do");
  EXPECT_THAT(AdviceFor(finding), AllOf(StartsWith("upgrade the library: the goroutine started at "),
                                        HasSubstr("look at what TestPrice hands")));
  finding.mutable_culprit()->set_user(true);
  EXPECT_THAT(AdviceFor(finding), StartsWith("let the receive end"));
}

TEST(AdviceTest, WhatGivesItUpIsNamed) {
  Finding finding = At("GLS001", "app.go", 9);
  finding.set_class_("goroutine");
  finding.set_blocked_on("select");
  finding.set_release("Stop() of what app.Open returns");
  EXPECT_THAT(AdviceFor(finding), StartsWith("call Stop() of what app.Open returns when its use is over"));
  EXPECT_THAT(AdviceFor(finding), HasSubstr("ctx.Done()"));
  finding.mutable_library()->set_file("/home/a/go/pkg/mod/example.com/lib@v1.2.3/do.go");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("end it by Stop() of what app.Open returns, if"));
  finding.set_released(true);
  EXPECT_THAT(AdviceFor(finding), HasSubstr("forgets it"));
  finding.clear_library();
  EXPECT_THAT(AdviceFor(finding),
              StartsWith("Stop() of what app.Open returns is called and does not end it: "));
  finding.set_rule("GLS006");
  finding.set_class_("resource");
  finding.mutable_culprit()->set_user(true);
  finding.mutable_culprit()->set_function("app.Ask");
  Frame* open = finding.add_stack();
  open->set_user(true);
  open->set_function("app.Open");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("`defer x.Stop()`"));
  finding.clear_release();
  EXPECT_THAT(AdviceFor(finding), HasSubstr("`defer x.Close()`"));
}

TEST(AdviceTest, ContainersOfTheLibraryHaveTheirOwnWord) {
  for (const auto& [function, word] :
       {std::pair("os/signal.Notify", "signal.Stop(c)"), std::pair("sync.(*Map).Store", "m.Delete(key)"),
        std::pair("container/list.(*List).PushBack", "l.Remove(e)")}) {
    Finding finding = At("GLS004", "a.go", 41);
    finding.set_class_("cache");
    finding.add_stack()->set_function(function);
    EXPECT_THAT(AdviceFor(finding), HasSubstr(word));
    EXPECT_THAT(AdviceFor(finding), HasSubstr("a.go:41"));
    finding.mutable_stack(0)->set_user(true);
    EXPECT_THAT(AdviceFor(finding), Not(HasSubstr(word))) << "his own function of that name";
  }
}

TEST(AdviceTest, Body) {
  EXPECT_EQ(AdviceFor(At("GLS005", "fetch.go", 41)),
            "close the body: `defer resp.Body.Close()` after the error check at fetch.go:41");
}

TEST(AdviceTest, DatabaseHandlesDiffer) {
  Finding finding = At("GLS011", "a.go", 1);
  finding.set_kind("database/sql transaction");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("tx.Rollback()"));
  finding.set_kind("database/sql statement");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("stmt.Close()"));
  finding.set_kind("database/sql connection");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("conn.Close()"));
  finding.set_kind("database/sql rows");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("rows.Close()"));
  finding.set_retained_by("global app.store.db (sql.DB)");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("rows.Close()")) << "the pool knows all that are open";
  finding.set_retained_by("global app.open (map[string]*sql.Rows)");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("forget it"));
  finding.clear_retained_by();
  finding.set_rule("GLS007");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("rows.Close()"));
}

TEST(AdviceTest, NamesTheRootThatKeepsIt) {
  Finding finding = At("GLS003", "cache.go", 36);
  finding.set_retained_by("app.profiles");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("cache.go:36 (kept by app.profiles)"));
}

TEST(AdviceTest, AFinalizerThatKeepsItNeverRuns) {
  Finding finding = At("GLS004", "store.go", 33);
  finding.set_class_("cache");
  finding.set_retained_by("finalizer app.Open.func1");
  EXPECT_THAT(AdviceFor(finding),
              HasSubstr("allocated at store.go:33 is kept by the object of finalizer app.Open.func1"));
}

TEST(AdviceTest, APlaceholderInANameStays) {
  Finding finding = At("GLS006", "{at}.go", 3);
  finding.set_kind("{at}");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("close the {at}: "));
  EXPECT_THAT(AdviceFor(finding), HasSubstr("{at}.go:3"));
}

TEST(AdviceTest, WithoutALineNoPlaceIsNamed) {
  for (const Rule& rule : Rules()) {
    Finding finding;
    finding.set_rule(std::string(rule.id));
    finding.set_entry("FuzzX");
    finding.set_package("app");
    EXPECT_THAT(AdviceFor(finding), Not(testing::ContainsRegex("FuzzX|app|\\{| at[ ,;:.]| at$")));
  }
  Finding socket;
  socket.set_rule("GLS007");
  socket.set_kind("socket.udp");
  EXPECT_THAT(AdviceFor(socket), HasSubstr("`defer x.Close()` after the error check, or"));
  socket.set_rule("GLS999");
  EXPECT_EQ(AdviceFor(socket), "");
}

TEST(AdviceTest, WhoGotItFromAFunctionOfHisClosesWhatThatReturns) {
  Finding finding = At("GLS005", "ask.go", 48);
  finding.set_class_("resource");
  finding.set_kind("HTTP response body");
  finding.mutable_culprit()->set_user(true);
  finding.mutable_culprit()->set_function("app.Ask");
  Frame* dial = finding.add_stack();
  dial->set_user(true);
  dial->set_function("app.dial");
  dial->set_file("dial.go");
  dial->set_line(23);
  *finding.add_stack() = finding.culprit();
  EXPECT_THAT(AdviceFor(finding), HasSubstr("close what the call at ask.go:48 returns"));
  EXPECT_THAT(AdviceFor(finding), HasSubstr("HTTP response body acquired at dial.go:23"));
  for (const char* rule : {"GLS013", "GLS015"}) {
    finding.set_rule(rule);
    EXPECT_THAT(AdviceFor(finding), HasSubstr("at dial.go:23 for the call at ask.go:48"));
  }
  finding.set_rule("GLS005");
  *finding.mutable_culprit() = *dial;
  EXPECT_THAT(AdviceFor(finding), HasSubstr("resp.Body.Close()"));
}

TEST(AdviceTest, WhatAfterFuncBeganIsStopped) {
  Finding finding = At("GLS015", "merge.go", 8);
  finding.mutable_culprit()->set_user(true);
  finding.add_stack()->set_function("context.AfterFunc");
  *finding.add_stack() = finding.culprit();
  EXPECT_THAT(AdviceFor(finding), HasSubstr("stop function that context.AfterFunc returns at merge.go:8"));
}

TEST(AdviceTest, AHungCallIsNoGoroutineThatWasStarted) {
  Finding finding = At("GLS009", "all.go", 20);
  finding.set_blocked_on("sync.WaitGroup.Wait");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("the call at all.go:20 waits for that"));
  Member* member = finding.add_members();  // the call itself
  member->set_where("example.com/app.All all.go:20");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("wg.Done()"));
  member = finding.add_members();
  member->set_kind("a goroutine in chan send");
  member->set_where("example.com/app.one all.go:8");
  member->set_started("example.com/app.All all.go:18");
  EXPECT_THAT(AdviceFor(finding), HasSubstr("look at all.go:8 first: the call at all.go:20 waits for"));
}

TEST(AdviceForTest, AResidueThatMayBeNoneNeedsNoRepair) {
  Finding finding;
  finding.set_rule("GLS004");
  finding.set_verdict("residue");
  finding.set_rate_per_call(0.061);
  finding.set_rate_low(-0.03);
  finding.set_rate_high(0.152);
  EXPECT_EQ(AdviceFor(finding), "");
  finding.set_rate_low(0.01);
  EXPECT_NE(AdviceFor(finding), "");
}

}  // namespace
}  // namespace goleakstress::report
