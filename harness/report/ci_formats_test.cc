// SARIF, JUnit, GitHub annotations and Markdown.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <tuple>

#include "harness/report/escape.h"
#include "harness/report/github.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/sample_report.h"
#include "harness/report/sarif.h"
#include "harness/report/text.h"

namespace goleakstress::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kRoot[] = "/src";

// A file leaks at line 23 and a socket at line 29 of one function: their signatures are the same.
TEST(AllFormatsTest, LeaksOfOneFunctionAreTold) {
  Report report;
  report.set_target("./p");
  for (const auto& [entry, kind, line] :
       {std::tuple("TestSock", "socket", 29), std::tuple("TestFile", "file", 23)}) {
    report.add_entries()->set_package("p");
    report.mutable_entries()->rbegin()->set_name(entry);
    report.mutable_entries()->rbegin()->set_verdict("leak");
    Finding* finding = report.add_findings();
    finding->set_id("GLS006-aabbccdd");
    finding->set_signature("aabbccdd00112233");
    finding->set_rule("GLS006");
    finding->set_verdict("leak");
    finding->set_class_("resource");
    finding->set_kind(kind);
    finding->set_package("p");
    finding->set_entry(entry);
    finding->mutable_culprit()->set_file("x_test.go");
    finding->mutable_culprit()->set_line(line);
    finding->mutable_culprit()->set_user(true);
  }
  for (const std::string& text : {TextReport(report, {}), MarkdownReport(report), JunitReport(report)}) {
    EXPECT_THAT(text, HasSubstr("x_test.go:23"));
    EXPECT_THAT(text, HasSubstr("x_test.go:29"));
    EXPECT_THAT(text, Not(HasSubstr("TestSock, TestFile")));
  }
  EXPECT_THAT(TextReport(report, {}), HasSubstr("2 leaks"));
  EXPECT_THAT(MarkdownReport(report), HasSubstr("2 leaks"));
  const std::string annotations = GithubReport(report, {});
  EXPECT_THAT(annotations, HasSubstr("line=23"));
  EXPECT_THAT(annotations, HasSubstr("line=29"));
  const std::string sarif = SarifReport(report, kRoot);
  EXPECT_THAT(sarif, HasSubstr("\"startLine\": 23"));
  EXPECT_THAT(sarif, HasSubstr("\"startLine\": 29"));
  EXPECT_THAT(sarif, HasSubstr("\"aabbccdd00112233\""));
  EXPECT_THAT(sarif, HasSubstr("\"aabbccdd00112233:2\""));
}

TEST(SarifReportTest, Golden) {
  ExpectGolden("textbook.sarif", SarifReport(SampleReport("textbook"), kRoot));
  ExpectGolden("trouble.sarif", SarifReport(SampleReport("trouble"), kRoot));
}

TEST(SarifReportTest, HostileTextIsStillJson) {
  google::protobuf::Struct json;
  const auto status =
      google::protobuf::util::JsonStringToMessage(SarifReport(HostileReport(100), kRoot), &json);
  EXPECT_TRUE(status.ok()) << status.ToString();
}

TEST(SarifReportTest, AFindingWithoutAFileIsShownAtItsPackage) {
  Report report = SampleReport("textbook");
  report.mutable_findings()->DeleteSubrange(1, report.findings_size() - 1);
  report.mutable_findings(0)->clear_culprit();
  report.mutable_findings(0)->clear_stack();
  EXPECT_THAT(SarifReport(report, kRoot), HasSubstr("\"uri\": \"targets/textbook\""));
}

TEST(JunitReportTest, Golden) {
  ExpectGolden("textbook.junit.xml", JunitReport(SampleReport("textbook")));
  ExpectGolden("trouble.junit.xml", JunitReport(SampleReport("trouble")));
  ExpectGolden("clean.junit.xml", JunitReport(SampleReport("clean")));
}

TEST(JunitReportTest, HostileTextIsStillXml) {
  const std::string xml = JunitReport(HostileReport(1 << 20));
  EXPECT_LT(xml.size(), size_t{100} << 10);
  for (size_t i = 0; i < xml.size();) {
    const CodePoint c = DecodeFirst(std::string_view(xml).substr(i));
    ASSERT_TRUE(c.valid && (c.value >= 0x20 || c.value == '\n' || c.value == '\t')) << i;
    ASSERT_FALSE(c.value == '&' && !xml.substr(i).starts_with("&amp;") &&
                 !xml.substr(i).starts_with("&lt;") && !xml.substr(i).starts_with("&gt;") &&
                 !xml.substr(i).starts_with("&quot;"))
        << i;
    i += c.length;
  }
  EXPECT_THAT(xml, Not(HasSubstr("<a b=")));
  EXPECT_THAT(xml, Not(HasSubstr("]]>")));
}

TEST(GithubReportTest, Golden) {
  ExpectGolden("textbook.github.txt", GithubReport(SampleReport("textbook"), {.source_root = kRoot}));
  ExpectGolden("trouble.github.txt", GithubReport(SampleReport("trouble"), {.source_root = kRoot}));
}

TEST(GithubReportTest, TellsWhatIsAboveTen) {
  Report report;
  for (int i = 0; i < 13; ++i) {
    report.add_findings()->set_verdict("leak");
    report.add_findings()->set_verdict("growing");
  }
  const std::string out = GithubReport(report, {});
  std::istringstream lines(out);
  int errors = 0, warnings = 0;
  for (std::string line; std::getline(lines, line);) {
    errors += line.starts_with("::error ") ? 1 : 0;
    warnings += line.starts_with("::warning ") ? 1 : 0;
  }
  EXPECT_EQ(errors, 10);
  EXPECT_EQ(warnings, 10);
  EXPECT_THAT(out, HasSubstr("::notice title=goleakstress::6 more in the report\n"));
}

TEST(GithubReportTest, TheTargetCannotGiveCommands) {
  Report report;
  Package* package = report.add_packages();
  package->set_import_path("a,b:c%");
  package->set_error("./a.go:1:1: x\n::error::forged\n::goleakstress-0000000000000000::\n");
  Finding* finding = report.add_findings();
  finding->set_verdict("leak");
  finding->mutable_culprit()->set_file("x,line=1::y\n.go");
  const std::string out = GithubReport(report, {});
  // The forged line stands between the stop and its end, everything after is ours.
  const std::string stop = out.substr(17, out.find('\n') - 17);
  const size_t end = out.find("::" + stop + "::");
  ASSERT_NE(end, std::string::npos);
  EXPECT_LT(out.rfind("\n::error::forged"), end);
  EXPECT_THAT(out.substr(end), HasSubstr("file=x%2Cline=1%3A%3Ay\\n.go,"));
  EXPECT_THAT(out.substr(end), HasSubstr("::a,b:c%25 was not run%0A"));
}

TEST(MarkdownReportTest, Golden) {
  ExpectGolden("textbook.md", MarkdownReport(SampleReport("textbook")));
  ExpectGolden("trouble.md", MarkdownReport(SampleReport("trouble")));
  ExpectGolden("clean.md", MarkdownReport(SampleReport("clean")));
}

TEST(MarkdownReportTest, CodeCannotBeLeft) {
  Report report;
  report.set_target("a`b``c | <b>");
  EXPECT_THAT(MarkdownReport(report), HasSubstr("```a`b``c \\| <b>```"));
  report.add_packages()->set_error("````\n</details>\n");
  EXPECT_THAT(MarkdownReport(report), HasSubstr("`````text\n````\n</details>\n`````\n"));
}

TEST(MarkdownReportTest, StaysBelowWhatAStepSummaryMayHold) {
  Report report;
  const Report hostile = HostileReport(3000);
  for (int i = 0; i < 400; ++i) {
    *report.add_findings() = hostile.findings(0);
    report.mutable_findings(i)->set_signature(fmt::format("{}", i));
    *report.add_entries() = hostile.entries(0);
    *report.add_crashes() = hostile.crashes(0);
  }
  const std::string out = MarkdownReport(report);
  EXPECT_LT(out.size(), size_t{950} << 10);
  EXPECT_THAT(out, HasSubstr("left out here for their size"));
}

}  // namespace
}  // namespace goleakstress::report
