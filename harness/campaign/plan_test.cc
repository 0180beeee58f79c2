#include "harness/campaign/plan.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

void AddEntry(report::Report* report, const char* verdict, int calls) {
  report::Entry* entry = report->add_entries();
  entry->set_verdict(verdict);
  entry->set_calls(calls);
}

TEST(ConcludeTest, WhatWasNotRunFailsNothingWhereOthersWere) {
  report::Report report;
  AddEntry(&report, "", 1000);
  AddEntry(&report, "clean", 1000);
  Conclude(&report);
  EXPECT_EQ(report.exit_code(), 0);
}

TEST(ConcludeTest, WhereNothingWasRunNothingIsClean) {
  report::Report report;
  AddEntry(&report, "", 1000);
  AddEntry(&report, "", 0);  // fuzz targets that cannot be set up side by side
  Conclude(&report);
  EXPECT_EQ(report.exit_code(), 4);
  EXPECT_EQ(report.outcome(), "inconclusive");
}

TEST(ConcludeTest, AListOfEntriesIsNoFailure) {
  report::Report report;
  AddEntry(&report, "", 0);
  Conclude(&report);
  EXPECT_EQ(report.exit_code(), 0);
}

}  // namespace
}  // namespace goleakstress::campaign
