#include "harness/report/json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "harness/report/escape.h"
#include "harness/report/json_writer.h"
#include "harness/report/sample_report.h"

namespace goleakstress::report {
namespace {

using testing::HasSubstr;

TEST(JsonReportTest, Textbook) { ExpectGolden("textbook.json", JsonReport(SampleReport("textbook"))); }

// protobuf's own parser is the judge of the mapping.
Report ReadBack(const std::string& json) {
  Report report;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &report);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return report;
}

TEST(JsonReportTest, ReadsBackUnchanged) {
  for (const char* name : {"textbook", "clean", "trouble"}) {
    const Report report = SampleReport(name);
    google::protobuf::util::MessageDifferencer differencer;
    // An unset message is written as an empty one.
    differencer.set_message_field_comparison(google::protobuf::util::MessageDifferencer::EQUIVALENT);
    EXPECT_TRUE(differencer.Compare(report, ReadBack(JsonReport(report)))) << name;
  }
}

TEST(JsonReportTest, EveryKeyIsThereEvenWhenEmpty) {
  Report report;
  report.add_findings();
  report.add_entries();
  const std::string json = JsonReport(report);
  for (const char* key :
       {"schema",   "seed",    "go_version", "probes",          "entries",       "findings",
        "package",  "name",    "kind",       "verdict",         "calls",         "seconds",
        "horizon",  "id",      "class",      "entry",           "rate_per_call", "culprit",
        "function", "file",    "line",       "stack",           "creator",       "retained_by",
        "evidence", "e_value", "snapshots",  "horizon_entries", "hold_seconds",  "reproduce"}) {
    EXPECT_THAT(json, HasSubstr('"' + std::string(key) + "\": ")) << key;
  }
}

TEST(JsonReportTest, NumbersAreNumbers) {
  Report report;
  report.set_seed(4294967295U);
  report.set_seconds(0.1);
  report.add_findings()->mutable_evidence()->set_e_value(3e41);
  EXPECT_THAT(JsonReport(report), HasSubstr("\"seed\": 4294967295,"));
  EXPECT_THAT(JsonReport(report), HasSubstr("\"seconds\": 0.1,"));
  EXPECT_THAT(JsonReport(report), HasSubstr("\"e_value\": 3e+41,"));
}

TEST(JsonReportTest, NoNumberBecomesZeroAndInfinityTheLargest) {
  Report report;
  report.add_findings()->set_rate_low(std::nan(""));
  report.mutable_findings(0)->set_rate_high(std::numeric_limits<double>::infinity());
  EXPECT_THAT(JsonReport(report), HasSubstr("\"rate_low\": 0,"));
  EXPECT_THAT(JsonReport(report), HasSubstr("\"rate_high\": 1e+300,"));
}

TEST(JsonReportTest, HostileTextIsRepairedAndReadsBack) {
  const Report report = HostileReport(10);
  const Report read = ReadBack(JsonReport(report));
  EXPECT_EQ(read.target(), ValidUtf8(report.target()));
  EXPECT_EQ(read.findings(0).stack(0).function(), ValidUtf8(report.target()));
}

TEST(JsonReportTest, MegabytesStayBounded) {
  EXPECT_LT(JsonString(std::string(1 << 20, 'x')).size(), size_t{66} << 10);
}

TEST(JsonStringTest, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(JsonString("a\"\\\n\t\x1b\x7f\r"), R"("a\"\\\n\t\u001b\u007f\u000d")");
}

}  // namespace
}  // namespace goleakstress::report
