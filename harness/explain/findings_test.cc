#include "harness/explain/findings.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace goleakstress::explain {
namespace {

const CodeMap kCode = {.user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

Frame User(const std::string& function, int line) { return {"app." + function, "/src/app/app.go", line}; }

// The finding of one goroutine that Start leaks, as the entry with these frames sees it.
report::Finding LeakSeenBy(const std::string& entry, const std::vector<std::string>& entry_frames) {
  EntryContext context;
  context.entry = entry;
  GrowingSite grown;
  grown.site = {.family = Family::kGoroutine, .stack = {User("Start.func1", 29)}};
  grown.verdict = "leak";
  grown.driver = grown.factor = "call";
  GoroutineDetail detail;
  detail.creators = {User("Start", 28), User("(*Fetch).Load", 12)};
  for (const std::string& function : entry_frames) detail.creators.push_back(User(function, 9));
  detail.direct = detail.creators.size();
  const auto findings = MakeFindings(context, {grown}, {detail}, kCode);
  EXPECT_EQ(findings.size(), 1u);
  return findings.empty() ? report::Finding() : findings.front();
}

TEST(Findings, OneLeakHasOneSignatureWhicheverEntrySeesIt) {
  const auto by_test = LeakSeenBy("TestFetch", {"TestFetch"});
  const auto by_fuzz = LeakSeenBy("FuzzFetch", {"FuzzFetch.func1", "FuzzFetch"});
  EXPECT_EQ(by_test.signature(), by_fuzz.signature());
  EXPECT_EQ(by_test.culprit().function(), "app.Start");
}

TEST(Findings, ALeakOfTheEntryItselfKeepsAFrame) {
  EXPECT_NE(SignatureOf("cache", {User("TestA", 1)}), SignatureOf("cache", {User("TestB", 1)}));
}

report::Finding FindingOf(const GrowingSite& grown, const GoroutineDetail& detail = {}) {
  const auto findings = MakeFindings({}, {grown}, {detail}, kCode);
  EXPECT_EQ(findings.size(), 1u);
  return findings.empty() ? report::Finding() : findings.front();
}

TEST(Findings, WhatOneLineLeavesInSeveralWaysIsCountedTogether) {
  std::vector<GrowingSite> sites;
  std::vector<GoroutineDetail> details;
  const auto add = [&](int waits_at, int started_at, double rate) {
    GrowingSite grown;
    grown.site = {.family = Family::kGoroutine, .stack = {User("First.func1", waits_at)}};
    grown.verdict = "leak";
    grown.driver = grown.factor = "call";
    grown.rate = grown.rate_low = grown.rate_high = rate;
    sites.push_back(grown);
    details.push_back({.creators = {User("First", started_at)}, .direct = 1});
  };
  add(14, 9, 1);
  add(12, 9, 1);
  add(20, 18, 1);
  const auto findings = MakeFindings({}, sites, details, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].culprit().line(), 9);
  EXPECT_EQ(findings[0].rate_per_call(), 2);
  EXPECT_EQ(findings[0].rate_high(), 2);
  std::swap(sites[0], sites[2]);
  std::swap(details[0], details[2]);
  EXPECT_EQ(MakeFindings({}, sites, details, kCode)[0].culprit().line(), 9) << "whatever the order";
}

TEST(Findings, WhatComesAtTheHeadsLineIsCounted) {
  const auto grown = [](int line, double rate) {
    GrowingSite site;
    site.site = {
        .family = Family::kHeap, .kind = "objects", .stack = {User("Open", line), User("TestX", 90)}};
    site.verdict = "leak";
    site.driver = "call";
    site.log10_e = 9;
    site.rate = rate;
    return site;
  };
  const std::vector<GrowingSite> sites = {grown(25, 8), grown(33, 1)};
  const auto findings = MakeFindings({}, sites, {{}, {}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].culprit().line(), 33);
  EXPECT_EQ(findings[0].rate_per_call(), 1);
}

TEST(Findings, AProgramsOwnPackageIsNamedAsInItsTests) {
  GrowingSite grown;
  grown.verdict = "leak";
  grown.site = {
      .family = Family::kHeap, .kind = "objects", .stack = {{"main.(*Report).add", "/src/app/app.go", 8}}};
  const auto in_main = MakeFindings({.package = "example.com/app", .entry = "main"}, {grown}, {{}}, kCode);
  grown.site.stack = {{"example.com/app.(*Report).add", "/src/app/app.go", 8}};
  const auto in_test = MakeFindings({.package = "example.com/app", .entry = "TestRun"}, {grown}, {{}}, kCode);
  ASSERT_EQ(in_main.size(), 1u);
  EXPECT_EQ(in_main[0].culprit().function(), "example.com/app.(*Report).add");
  EXPECT_EQ(in_main[0].signature(), in_test[0].signature());
}

TEST(Findings, MapsOfOneLineAreCountedTogetherAndTriesNotTwice) {
  GrowingSite one;
  one.site = {.family = Family::kHeap,
              .kind = "entries",
              .stack = {User("With", 85), User("count", 20)},
              .container = "map"};
  one.verdict = "leak";
  one.driver = "call";
  one.rate = 0.75;
  GrowingSite other = one;
  other.site.stack[1].line = 21;
  const auto maps = MakeFindings({}, {one, other}, {{}, {}}, kCode);
  ASSERT_EQ(maps.size(), 1u);
  EXPECT_EQ(maps[0].rate_per_call(), 1.5);

  GrowingSite held;
  held.site = {.family = Family::kResource, .kind = "fd.inotify", .stack = {User("watch", 8)}};
  held.verdict = "growing";
  held.driver = "call";
  held.rate = 0.75;
  GrowingSite tries = held;
  tries.verdict = "exhausted";
  tries.rate = 1;
  const auto exhausted = MakeFindings({}, {held, tries}, {{}, {}}, kCode);
  ASSERT_EQ(exhausted.size(), 1u);
  EXPECT_EQ(exhausted[0].rate_per_call(), 1);
}

TEST(Findings, WhoHasATickerIsNotBlockedForEver) {
  GrowingSite waits;
  waits.site = {.family = Family::kGoroutine, .stack = {User("Watch.func1", 12)}};
  waits.verdict = "leak";
  waits.driver = "call";
  waits.rate = 1;
  GrowingSite ticker = waits;
  ticker.site = {.family = Family::kResource, .kind = "time.ticker", .stack = {User("Watch.func1", 10)}};
  const GoroutineDetail detail = {.creators = {User("Watch", 9)}, .direct = 1, .wait_reason = "select"};
  const auto findings = MakeFindings({}, {waits, ticker}, {detail, {}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].class_(), "goroutine");
  EXPECT_EQ(findings[0].rule(), "GLS002");
  EXPECT_EQ(FindingOf(waits, detail).rule(), "GLS001");

  ticker.rate = 0.3;  // some were not yet made when they were counted
  EXPECT_EQ(MakeFindings({}, {waits, ticker}, {detail, {}}, kCode)[0].rule(), "GLS002");
  ticker.site.stack = {User("NewClock", 30)};
  for (const report::Finding& finding : MakeFindings({}, {waits, ticker}, {detail, {}}, kCode)) {
    if (finding.class_() == "goroutine") {
      EXPECT_EQ(finding.rule(), "GLS001");
    }
  }
}

TEST(Findings, ATickerIsNotProvenByTheGoroutineBesideIt) {
  GrowingSite waits;
  waits.site = {.family = Family::kGoroutine, .stack = {User("Watch.func1", 12)}};
  waits.verdict = "leak";
  waits.driver = "call";
  waits.rate = 1;
  waits.proven = true;
  GrowingSite ticker = waits;
  ticker.site = {.family = Family::kResource, .kind = "time.ticker", .stack = {User("Watch", 10)}};
  ticker.proven = false;
  const GoroutineDetail detail = {.creators = {User("Watch", 9)}, .direct = 1, .wait_reason = "chan receive"};
  const auto findings = MakeFindings({}, {waits, ticker}, {detail, {}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].class_(), "goroutine");
  EXPECT_EQ(findings[0].rule(), "GLS001") << "no tick wakes it";
  EXPECT_EQ(findings[0].verdict(), "proven");
  EXPECT_EQ(FindingOf(ticker).verdict(), "leak");
}

TEST(Findings, WhatWouldTellAGrowingThingFromALeakIsSaid) {
  GrowingSite grown;
  grown.site = {.family = Family::kHeap, .kind = "objects", .stack = {User("add", 8)}};
  grown.verdict = "growing";
  grown.log10_e = 9;
  grown.settle = "1024 would tell";
  EXPECT_EQ(FindingOf(grown).evidence().settle(), "1024 would tell");
}

TEST(Findings, WhatOnlyTheCollectorClosesHasItsOwnVerdict) {
  GrowingSite grown;
  grown.site = {.family = Family::kResource, .kind = "fd.file", .stack = {User("read", 8)}};
  grown.verdict = "leak";
  EXPECT_EQ(FindingOf(grown).verdict(), "leak");
  EXPECT_EQ(FindingOf(grown).rule(), "GLS006");
  grown.site.healed_by_gc = true;
  EXPECT_EQ(FindingOf(grown).verdict(), kGcOnly);
  EXPECT_EQ(FindingOf(grown).rule(), "GLS007");
  EXPECT_TRUE(FindingOf(grown).only_closed_by_gc());
  EXPECT_FALSE(IsLeak(kGcOnly));
  grown.verdict = "growing";
  EXPECT_EQ(FindingOf(grown).verdict(), "growing");
}

TEST(Findings, WhatRanOutWasNotFollowedToAHorizon) {
  GrowingSite grown;
  grown.site = {.family = Family::kResource, .kind = "fd.inotify", .stack = {User("watch", 8)}};
  grown.verdict = "exhausted";
  grown.log10_e = 9;
  const auto findings = MakeFindings({.horizon_entries = 614, .hold_seconds = 90000, .exhausted_after = 129},
                                     {grown}, {{}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].evidence().horizon_entries(), 0);
  EXPECT_EQ(findings[0].evidence().hold_seconds(), 0);
  EXPECT_EQ(findings[0].evidence().exhausted_after(), 129);
}

// It is counted when something else closes it: nothing was followed while it stayed.
TEST(Findings, WhatSomethingElseClosesHasNoHorizonAndNoAge) {
  GrowingSite grown;
  grown.site = {
      .family = Family::kResource, .kind = "http.body", .stack = {User("post", 8)}, .healed_by_gc = true};
  grown.verdict = "leak";
  grown.log10_e = 9;
  const auto findings = MakeFindings({.horizon_entries = 614, .hold_seconds = 90000, .error_bound = 0.01},
                                     {grown}, {{}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].verdict(), kGcOnly);
  EXPECT_EQ(findings[0].evidence().horizon_entries(), 0);
  EXPECT_EQ(findings[0].evidence().hold_seconds(), 0);
  EXPECT_EQ(findings[0].evidence().error_bound(), 0.01);
}

TEST(Findings, GrowthInALibrarysGoroutineNamesTheCallThatStartedIt) {
  GrowingSite grown;
  grown.site = {
      .family = Family::kHeap,
      .kind = "objects",
      .stack = {{"lib.(*Hub).keep", "/mod/lib/hub.go", 70}, {"lib.(*Hub).run", "/mod/lib/hub.go", 50}}};
  grown.verdict = "leak";
  EXPECT_EQ(FindingOf(grown).culprit().function(), "lib.(*Hub).keep");
  GoroutineDetail detail;
  detail.creators = {{"lib.NewHub", "/mod/lib/hub.go", 20}, User("Connect", 12)};
  detail.direct = 2;
  EXPECT_EQ(FindingOf(grown, detail).culprit().function(), "app.Connect");
  EXPECT_EQ(FindingOf(grown, detail).stack(0).function(), "lib.(*Hub).keep");
}

TEST(Findings, TheLineOfALibraryThatAcquiredItIsNamedBesideTheCall) {
  GrowingSite grown;
  grown.site = {.family = Family::kResource,
                .kind = "http.body",
                .stack = {{"net/http.(*Client).Do", "/go/src/net/http/client.go", 9},
                          {"lib.fetch", "/mod/lib/fetch.go", 70},
                          {"lib.Get", "/mod/lib/get.go", 50},
                          User("Load", 12)}};
  grown.verdict = "leak";
  EXPECT_EQ(FindingOf(grown).culprit().function(), "app.Load");
  EXPECT_EQ(FindingOf(grown).library().function(), "lib.fetch");
  grown.site.stack = {User("Load", 12)};
  EXPECT_FALSE(FindingOf(grown).has_library());
}

TEST(Findings, AHandlerThatALibraryRunsByItselfIsToldByItsOwnLine) {
  GrowingSite grown;
  grown.site = {.family = Family::kGoroutine,
                .stack = {User("(*Service).Watch", 34), {"rpc.(*Server).handle", "/mod/rpc/server.go", 70}}};
  grown.verdict = "leak";
  GoroutineDetail detail;
  detail.creators = {{"rpc.(*Server).serve", "/mod/rpc/server.go", 50}, User("Main", 58)};
  detail.direct = 1;
  EXPECT_EQ(FindingOf(grown, detail).culprit().function(), "app.(*Service).Watch");
  EXPECT_FALSE(FindingOf(grown, detail).has_library());
  detail.direct = 2;  // the user's own call asked for the goroutine
  EXPECT_EQ(FindingOf(grown, detail).culprit().function(), "app.Main");
}

TEST(Findings, LeaksOfLibrariesThatWorkForThemselvesAreToldApart) {
  GrowingSite broker;
  broker.site = {.family = Family::kHeap,
                 .kind = "objects",
                 .stack = {{"lib.(*Broker).keep", "/mod/lib/broker.go", 70}}};
  broker.verdict = "leak";
  GrowingSite meter = broker;
  meter.site.stack = {{"other.NewMeter", "/mod/other/meter.go", 43}};
  EXPECT_NE(FindingOf(broker).signature(), FindingOf(meter).signature());
}

TEST(Findings, MemoryOfCIsCountedInBlocksAndBytes) {
  GrowingSite blocks;
  blocks.site = {.family = Family::kResource, .kind = "memory.c", .stack = {User("hash", 8)}};
  blocks.verdict = "leak";
  blocks.driver = "call";
  blocks.rate = 2;
  GrowingSite bytes = blocks;
  bytes.site.kind = "memory.c bytes";
  bytes.rate = 4096;
  const auto findings = MakeFindings({}, {bytes, blocks}, {{}, {}}, kCode);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].unit(), "blocks");
  EXPECT_EQ(findings[0].rate_per_call(), 2);
  EXPECT_EQ(findings[0].bytes_per_call(), 4096);
}

TEST(Findings, EveryKindOfResourceHasARule) {
  for (const auto& [kind, rule, name] : {std::tuple{"http.body", "GLS005", "HTTP response body"},
                                         {"sql.db", "GLS011", "database/sql database"},
                                         {"sql.tx", "GLS011", "database/sql transaction"},
                                         {"exec.process", "GLS012", "child process"},
                                         {"time.timer", "GLS013", "timer"},
                                         {"memory.mapping", "GLS014", "mapped memory"},
                                         {"memory.c", "GLS014", "C memory"},
                                         {"memory.c bytes", "GLS014", "C memory"},
                                         {"thread.locked", "GLS010", "OS thread"},
                                         {"context", "GLS015", "context"},
                                         {"http.transport", "GLS016", "HTTP transport"},
                                         {"fd.inotify", "GLS006", "inotify"}}) {
    GrowingSite grown;
    grown.site = {.family = Family::kResource, .kind = kind, .stack = {User("read", 8)}};
    grown.verdict = "leak";
    EXPECT_EQ(FindingOf(grown).rule(), rule) << kind;
    EXPECT_EQ(FindingOf(grown).kind(), name) << kind;
  }
}

TEST(Findings, SignaturesIgnoreLinesAndClosureNumbers) {
  EXPECT_EQ(SignatureOf("goroutine", {User("Start.func1", 29)}),
            SignatureOf("goroutine", {User("Start.func2.1", 40)}));
  EXPECT_NE(SignatureOf("goroutine", {User("Start", 1)}), SignatureOf("cache", {User("Start", 1)}));
}

}  // namespace
}  // namespace goleakstress::explain
