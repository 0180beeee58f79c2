// Structures that are bounded, though it takes a program long to show it.
#include <gtest/gtest.h>

#include <string>

#include "harness/end_to_end_fixture.h"

namespace goleakstress {
namespace {

class Quiet : public EndToEnd, public ::testing::WithParamInterface<const char*> {};

TEST_P(Quiet, IsNoLeak) {
  const auto result = Run({"run", std::string("./targets/archetypes/") + GetParam(), "-seed", "7", "-budget",
                           "15s", "-format", "json=" + Path("r.json")});
  EXPECT_NE(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  EXPECT_GT(report.entries_size(), 0);
  for (const report::Entry& entry : report.entries())
    EXPECT_GT(entry.calls(), 1000) << result.out << result.err;
  for (const report::Finding& finding : report.findings()) EXPECT_NE(finding.verdict(), "leak") << result.out;
}

TEST_F(EndToEnd, CallsThatWaitManyTimesAreLongAndDoNotHang) {
  const auto result = Run({"run", "./targets/clock/good/longcalls", "-seed", "7", "-budget", "6s", "-format",
                           "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 2) << result.out << result.err;
  for (const report::Entry& entry : report.entries()) {
    EXPECT_GT(entry.calls(), 2) << result.out;
    EXPECT_EQ(entry.outcomes().hung() + entry.outcomes().failed() + entry.outcomes().crashed(), 0)
        << result.out;
  }
  EXPECT_EQ(report.findings_size(), 0) << result.out;
  EXPECT_EQ(report.crashes_size(), 0) << result.out;
}

TEST_F(EndToEnd, CallsThatSleepAreMadeOftenEnough) {
  const auto result = Run({"run", "./targets/clock/bad/pauses", "-seed", "7", "-budget", "15s", "-format",
                           "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 3) << result.out << result.err;
  for (const report::Entry& entry : report.entries()) {
    EXPECT_EQ(entry.verdict(), "leak") << result.out;  // a second or more of its own in each call
    EXPECT_EQ(entry.outcomes().failed() + entry.outcomes().hung(), 0) << result.out;
  }
}

TEST_F(EndToEnd, WhatAnotherProcessAnswersTakesRealTime) {
  const auto result = Run({"run", "./targets/clock/good/child", "-seed", "7", "-budget", "5s", "-format",
                           "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 2) << result.out << result.err;
  for (const report::Entry& entry : report.entries()) {
    EXPECT_GT(entry.outcomes().ok(), 4) << result.out;
    EXPECT_EQ(entry.outcomes().failed() + entry.outcomes().hung(), 0) << result.out;
    EXPECT_GT(entry.microseconds_per_call(), 150e3);
    EXPECT_EQ(entry.clock(), "virtual");
  }
  EXPECT_EQ(report.findings_size(), 0) << result.out;
}

TEST_F(EndToEnd, WhatTheMovedClockKeepsBusyIsNoLeakForAShortHold) {
  for (const bool leaks : {true, false}) {
    const std::string target = leaks ? "./targets/clock/bad/backoff" : "./targets/clock/good/renewal";
    const auto result =
        Run({"run", target, "-seed", "7", "-budget", "15s", "-format", "json=" + Path("r.json")});
    const report::Report report = Read("r.json");
    ASSERT_EQ(report.entries_size(), 1) << result.out << result.err;
    const report::Entry& entry = report.entries(0);
    EXPECT_EQ(entry.clock(), "real") << result.out;
    EXPECT_EQ(entry.verdict() == "leak", leaks) << result.out;
  }
}

INSTANTIATE_TEST_SUITE_P(Archetypes, Quiet, testing::Values("slowpool", "fullestday", "lazyexpiry"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace goleakstress
