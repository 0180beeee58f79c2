#include "harness/report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/escape.h"
#include "harness/report/groups.h"
#include "harness/report/sample_report.h"
#include "harness/report/text_finding.h"

namespace goleakstress::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(IsSameLeak, ACacheThatInputsOrCallsFillIsOne) {
  Finding by_input, by_call;
  for (Finding* finding : {&by_input, &by_call}) {
    finding->set_signature("01822a8a");
    finding->set_class_("cache");
    finding->mutable_culprit()->set_line(36);
  }
  by_input.set_rule("GLS003");
  by_call.set_rule("GLS004");
  EXPECT_TRUE(IsSameLeak(by_input, by_call));
  by_call.mutable_culprit()->set_line(37);
  EXPECT_FALSE(IsSameLeak(by_input, by_call));
}

TEST(TextReportTest, Corpora) { ExpectGolden("corpora.txt", TextReport(SampleReport("corpora"), {})); }

TEST(TextReportTest, Textbook) { ExpectGolden("textbook.txt", TextReport(SampleReport("textbook"), {})); }

TEST(TextReportTest, TextbookVerbose) {
  ExpectGolden("textbook_verbose.txt", TextReport(SampleReport("textbook"), {.verbose = true}));
}

TEST(TextReportTest, Clean) { ExpectGolden("clean.txt", TextReport(SampleReport("clean"), {})); }

TEST(TextReportTest, Trouble) { ExpectGolden("trouble.txt", TextReport(SampleReport("trouble"), {})); }

TEST(TextReportTest, ColourOnlyAddsToTheText) {
  for (const char* name : {"textbook", "clean", "trouble"}) {
    const std::string coloured = TextReport(SampleReport(name), {.colour = true});
    std::string plain;
    for (size_t i = 0; i < coloured.size(); ++i) {
      if (coloured[i] == '\x1b') {
        i = coloured.find('m', i);
      } else {
        plain += coloured[i];
      }
    }
    EXPECT_LT(plain.size(), coloured.size());
    EXPECT_EQ(plain, TextReport(SampleReport(name), {}));
  }
}

TEST(TextReportTest, AnEmptyReportHasItsLastLine) {
  EXPECT_THAT(TextReport(Report(), {}), testing::MatchesRegex("nothing was run, 0s +exit 0\n"));
}

TEST(TextReportTest, WhatKeptItFromRunningIsAnError) {
  Report report;
  report.set_outcome("error");
  report.set_exit_code(2);
  report.add_notices("./nope: no such package");
  EXPECT_THAT(TextReport(report, {}),
              testing::MatchesRegex("ERROR  ./nope: no such package\nnothing was run, 0s +exit 2\n"));
}

TEST(TextReportTest, OneLeakOfTwoEntriesIsCountedOnce) {
  EXPECT_THAT(TextReport(SampleReport("textbook"), {}), HasSubstr("3 leaks, 1 growing in 6 entries"));
}

TEST(TextReportTest, TheLastLineSaysWhatIsUndecided) {
  Report report;
  for (const char* verdict : {"growing", "background", "growing"})
    report.add_findings()->set_verdict(verdict);
  for (const char* verdict : {"growing", "inconclusive", "", "clean"})
    report.add_entries()->set_verdict(verdict);
  EXPECT_THAT(TextReport(report, {}),
              HasSubstr("0 leaks, 2 growing, 1 background in 4 entries (1 inconclusive, 1 not run)"));
}

TEST(TextReportTest, CleanEntriesThatWereNotFollowedFarAreNamedInOneLine) {
  Report report;
  const auto add = [&report](const std::string& name, const char* verdict, int horizon) {
    Entry* entry = report.add_entries();
    entry->set_name(name);
    entry->set_verdict(verdict);
    entry->set_horizon(horizon);
    entry->set_calls(2 * horizon);
  };
  add("TestFast", "clean", 1024);
  add("TestOther", "inconclusive", 64);
  EXPECT_THAT(TextReport(report, {}), Not(HasSubstr("clean to")));
  add("TestSlow", "clean", 256);
  add("TestUse", "plateaued", 256);
  EXPECT_THAT(TextReport(report, {}),
              HasSubstr("\nclean to 256 calls only: TestSlow, TestUse (a longer -budget looks further)\n"));
  add("TestSlower", "clean", 64);
  EXPECT_THAT(TextReport(report, {}), HasSubstr("clean to few calls only: TestSlow (256), TestUse (256), "
                                                "TestSlower (64) (a longer -budget looks further)\n"));
  report.mutable_entries(0)->set_calls(171);  // did not come to its horizon
  EXPECT_THAT(TextReport(report, {}), HasSubstr("clean to few calls only: TestFast (171), TestSlow (256), "));
  for (int i = 0; i < 100; ++i) add(std::string(1000, 'x'), "clean", 64);
  EXPECT_THAT(TextReport(report, {}), HasSubstr(" and 96 more (a longer"));
}

TEST(TextReportTest, FindingsWithoutSignatureStayApart) {
  Report report = SampleReport("textbook");
  for (Finding& finding : *report.mutable_findings()) finding.clear_signature();
  EXPECT_THAT(TextReport(report, {}), HasSubstr("4 leaks, 1 growing"));
}

TEST(TextReportTest, WhatEmptiedAPoolTellsWhoWaits) {
  Report report;
  Finding* finding = report.add_findings();
  finding->set_verdict("exhausted");
  finding->set_class_("resource");
  finding->set_summary("the pool ran out, and call 71 waits");
  EXPECT_THAT(TextReport(report, {}), Not(HasSubstr("call 71")));
  finding->set_blocked_on("select");
  EXPECT_THAT(TextReport(report, {}), HasSubstr("means     the pool ran out, and call 71 waits\n"));
}

TEST(TextReportTest, WhatAMainPutsIntoAGlobalMayBeSetUp) {
  Report report;
  Finding* finding = report.add_findings();
  finding->set_verdict("leak");
  finding->set_class_("cache");
  finding->set_entry("main");
  EXPECT_THAT(TextReport(report, {}), Not(HasSubstr("set-up")));
  finding->set_retained_by("global main.hooks ([]string)");
  EXPECT_THAT(TextReport(report, {}), HasSubstr("mere set-up where a program makes one"));
}

TEST(TextReportTest, OtherLinesOfTheSameCauseAreTold) {
  Report report;
  Finding& finding = *report.add_findings();
  finding.set_verdict("leak");
  finding.set_class_("resource");
  finding.set_driver("call");
  finding.mutable_culprit()->set_file("conn.go");
  finding.mutable_culprit()->set_line(14);
  const auto add = [&finding](const char* kind, const char* where, double rate) {
    Member& member = *finding.add_members();
    member.set_kind(kind);
    member.set_where(where);
    member.set_rate(rate);
  };
  add("context", "app.New conn.go:14", 1);
  add("context", "app.New conn.go:15", 1);
  add("context", "app.New conn.go:15", 0.5);
  add("heap objects", "app.New conn.go:14", 2);
  add("heap objects", "app.New conn.go:17", 2);
  add("context", "app.Serve conn.go:18", 1);
  finding.mutable_members(finding.members_size() - 1)->set_accepted(true);
  const std::string text = TextReport(report, {});
  EXPECT_THAT(text, HasSubstr("and       1.50 per call at app.New conn.go:15\n"));
  EXPECT_THAT(text, Not(HasSubstr("conn.go:17")));
  EXPECT_THAT(text, Not(HasSubstr("conn.go:18"))) << "the other end";
}

TEST(TextReportTest, OverlappingSitesAreNeverSummed) {
  Report report;
  Finding* finding = report.add_findings();
  for (const char* where : {"a.Start a.go:0", "a.Start.func1 a.go:29"}) {
    Member* member = finding->add_members();
    member->set_kind("goroutines");
    member->set_rate(1);
    member->set_where(where);
  }
  finding->add_members()->set_kind("heap objects");
  const std::string text = TextReport(report, {});
  EXPECT_THAT(text, HasSubstr("goroutines, heap objects, 3 sites in all\n"));
  EXPECT_THAT(text, Not(HasSubstr("2.00")));
}

TEST(TextReportTest, ALibrarysGoroutineIsShownWhereItWaitsAndWhereItsGoStatementIs) {
  const auto frame = [](Frame* out, const char* function, const char* file, int line, bool user) {
    out->set_function(function);
    out->set_file(file);
    out->set_line(line);
    out->set_user(user);
  };
  Report report;
  Finding* finding = report.add_findings();
  finding->set_class_("goroutine");
  finding->set_blocked_on("chan receive");
  frame(finding->add_stack(), "runtime.gopark", "/go/src/runtime/proc.go", 466, false);
  frame(finding->add_stack(), "example.com/lib.(*Pool).work", "/mod/lib/pool.go", 15, false);
  frame(finding->add_creator(), "lib.(*Pool).start", "/mod/lib/pool.go", 12, false);
  frame(finding->add_creator(), "user.Use", "use.go", 10, true);
  EXPECT_THAT(TextReport(report, {}),
              HasSubstr("waits in chan receive at /mod/lib/pool.go:15, started at use.go:10 by user.Use, "
                        "with the go statement at /mod/lib/pool.go:12\n"));
  finding->clear_creator();
  frame(finding->add_creator(), "example.com/lib.(*Pool).start", "/mod/lib/pool.go", 12, false);
  frame(finding->add_creator(), "example.com/lib.Shutdown", "/mod/lib/pool.go", 30, false);
  EXPECT_THAT(TextReport(report, {}),
              HasSubstr(", started at /mod/lib/pool.go:12 by lib.(*Pool).start < lib.Shutdown\n"));
}

TEST(TextReportTest, WhoWaitsInsideOfGosLibraryIsToldOfItsFunction) {
  Report report;
  Finding* finding = report.add_findings();
  finding->set_class_("goroutine");
  finding->set_blocked_on("select");
  for (const char* function :
       {"runtime.gopark", "runtime.selectgo", "io.(*pipe).write", "io.(*PipeWriter).Write", "io.Copy"}) {
    finding->add_stack()->set_function(function);
  }
  Frame* user = finding->add_stack();
  user->set_function("app.export");
  user->set_file("app.go");
  user->set_line(11);
  user->set_user(true);
  EXPECT_THAT(TextReport(report, {}), HasSubstr("waits in io.(*PipeWriter).Write (select) at app.go:11\n"));
  finding->set_blocked_on("sync.WaitGroup.Wait");
  EXPECT_THAT(TextReport(report, {}), HasSubstr("waits in sync.WaitGroup.Wait at app.go:11\n"));
  finding->set_blocked_on("IO wait");
  finding->mutable_stack(1)->set_function("internal/poll.(*FD).Read");
  finding->mutable_stack(2)->set_function("net.(*netFD).Read");
  finding->mutable_stack(3)->set_function("net.(*conn).Read");
  EXPECT_THAT(TextReport(report, {}), HasSubstr("waits in net.(*conn).Read (IO wait) at app.go:11\n"));
  finding->mutable_stack(2)->set_user(true);
  EXPECT_THAT(TextReport(report, {}), HasSubstr("waits in IO wait at "));
}

TEST(TextReportTest, WhatALibraryAllocatesByItselfHasAPlaceToo) {
  Report report;
  Finding* finding = report.add_findings();
  finding->set_class_("cache");
  Frame* frame = finding->add_stack();
  frame->set_function("lib.(*App).Start");
  frame->set_file("/mod/lib/app.go");
  frame->set_line(114);
  EXPECT_THAT(TextReport(report, {}), HasSubstr("allocated at /mod/lib/app.go:114 by lib.(*App).Start\n"));
}

TEST(TextReportTest, TheOrderOfTheFindingsDoesNotMatter) {
  Report report = SampleReport("textbook");
  const std::string before = TextReport(report, {.verbose = true});
  std::reverse(report.mutable_findings()->begin(), report.mutable_findings()->end());
  EXPECT_EQ(TextReport(report, {.verbose = true}), before);
}

TEST(TextReportTest, WhatIsNoNumberIsPrintedAllTheSame) {
  Report report = SampleReport("textbook");
  for (Finding& finding : *report.mutable_findings()) {
    finding.set_rate_per_call(std::nan(""));
    finding.set_rate_high(std::numeric_limits<double>::infinity());
    finding.mutable_evidence()->set_e_value(std::nan(""));
    finding.mutable_evidence()->set_hold_seconds(std::numeric_limits<double>::infinity());
  }
  EXPECT_THAT(TextReport(report, {.verbose = true}), HasSubstr("3 leaks"));
}

TEST(TextReportTest, AGrowingFindingClaimsNoBound) {
  Report report = SampleReport("textbook");
  for (Finding& finding : *report.mutable_findings()) finding.set_verdict("growing");
  EXPECT_THAT(TextReport(report, {}), Not(HasSubstr("false alarm")));
}

TEST(TextReportTest, HostileTextNeitherEscapesNorForgesLines) {
  for (const bool verbose : {false, true}) {
    const std::string text = TextReport(HostileReport(10), {.verbose = verbose});
    for (size_t i = 0; i < text.size();) {
      const CodePoint c = DecodeFirst(std::string_view(text).substr(i));
      ASSERT_TRUE(c.valid) << i;
      ASSERT_TRUE(c.value >= 0x20 || c.value == '\n' || c.value == '\t') << i;
      ASSERT_NE(c.value, char32_t{0x202e});
      ASSERT_NE(c.value, char32_t{0x9b});
      i += c.length;
    }
    EXPECT_THAT(text, Not(HasSubstr("\nLEAK line ")));
    EXPECT_THAT(text, HasSubstr(R"(\x1b[31mred)"));
  }
}

TEST(TextReportTest, MegabytesStayShort) {
  EXPECT_LT(TextReport(HostileReport(1 << 20), {.verbose = true}).size(), size_t{200} << 10);
}

TEST(WantColourTest, FlagThenNoColorThenForceThenTerminal) {
  std::map<std::string, std::string> set;
  const auto env = [&set](const char* name) {
    const auto at = set.find(name);
    return at == set.end() ? nullptr : at->second.c_str();
  };
  EXPECT_TRUE(WantColour("auto", env, true));
  EXPECT_FALSE(WantColour("auto", env, false));
  set["TERM"] = "dumb";
  EXPECT_FALSE(WantColour("auto", env, true));
  set["CLICOLOR_FORCE"] = "0";
  EXPECT_FALSE(WantColour("auto", env, false));
  set["CLICOLOR_FORCE"] = "1";
  EXPECT_TRUE(WantColour("auto", env, false));
  set.erase("CLICOLOR_FORCE");
  set["FORCE_COLOR"] = "1";
  EXPECT_TRUE(WantColour("auto", env, false));
  set["NO_COLOR"] = "";
  EXPECT_TRUE(WantColour("auto", env, false));
  set["NO_COLOR"] = "1";
  EXPECT_FALSE(WantColour("auto", env, true));
  EXPECT_TRUE(WantColour("always", env, false));
  set.clear();
  EXPECT_FALSE(WantColour("never", env, true));
}

TEST(GroupFindingsTest, AnEntryByItselfComesBeforeACombinedOne) {
  Report report;
  for (const auto& [entry, e_value] : {std::pair("FuzzA+FuzzB", 1e9), std::pair("FuzzB", 1e3)}) {
    Finding* finding = report.add_findings();
    finding->set_verdict("leak");
    finding->set_signature("s");
    finding->set_entry(entry);
    finding->mutable_evidence()->set_e_value(e_value);
  }
  const std::vector<SameFinding> groups = GroupFindings(report);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(EntriesOf(groups[0]), "FuzzB, FuzzA+FuzzB");
}

TEST(InputLineTest, CallsFollowEachOther) {
  EXPECT_EQ(InputLine(""), "");
  EXPECT_EQ(InputLine("go test fuzz v1\nstring(\"a\")\nint(5)\n"), "string(\"a\"), int(5)");
  EXPECT_EQ(InputLine("go test fuzz v1\nbyte('a')\ngo test fuzz v1\nbyte('b')\n"),
            "byte('a'), then byte('b')");
  EXPECT_EQ(InputLine("FuzzOpen(string(\"a\"), int(5))\nFuzzClose()\n"),
            "FuzzOpen(string(\"a\"), int(5)), then FuzzClose()");
}

}  // namespace
}  // namespace goleakstress::report
