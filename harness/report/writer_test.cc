#include "harness/report/writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/report/json.h"
#include "harness/report/output_file.h"
#include "harness/report/sample_report.h"

namespace goleakstress::report {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    std::string name = fs::temp_directory_path() / "gls_writer_test.XXXXXX";
    dir_ = mkdtemp(name.data());
  }
  ~WriterTest() override { fs::remove_all(dir_); }
  std::string Path(const char* name) const { return dir_ / name; }
  size_t Files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()));
  }

  fs::path dir_;
};

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(ParseFormatsTest, TextGoesToStandardOutputUnlessTaken) {
  auto none = ParseFormats({});
  ASSERT_TRUE(none.ok());
  ASSERT_EQ(none->size(), 1U);
  EXPECT_EQ(none->front().writer->name(), "text");
  EXPECT_EQ(none->front().path, "");

  auto json = ParseFormats({"json"});
  ASSERT_TRUE(json.ok());
  ASSERT_EQ(json->size(), 1U);
  EXPECT_EQ(json->front().writer->name(), "json");

  auto file = ParseFormats({"json=a=b,c.json"});
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file->size(), 2U);
  EXPECT_EQ(file->at(0).writer->name(), "text");
  EXPECT_EQ(file->at(1).path, "a=b,c.json");

  auto dash = ParseFormats({"json=-", "text=out.txt"});
  ASSERT_TRUE(dash.ok());
  EXPECT_EQ(dash->at(0).path, "");
  EXPECT_EQ(dash->at(1).path, "out.txt");
}

TEST(ParseFormatsTest, UnknownNamesComeWithTheKnownOnes) {
  const absl::Status status = ParseFormats({"yaml=x"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(status),
              AllOf(HasSubstr("-format yaml"), HasSubstr("text, json, sarif, junit, github, markdown")));
}

TEST(ParseFormatsTest, TwoReportsInOnePlaceAreRefused) {
  EXPECT_THAT(Message(ParseFormats({"text", "json"}).status()),
              HasSubstr("the text report goes there already"));
  EXPECT_FALSE(ParseFormats({"json=x", "text=x"}).ok());
}

TEST_F(WriterTest, WritesFilesAndStandardOutput) {
  const Report report = SampleReport("textbook");
  auto destinations = ParseFormats({"json=" + Path("r.json"), "text=" + Path("r.txt")});
  ASSERT_TRUE(destinations.ok());
  const int out = open(Path("stdout").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_TRUE(WriteReports(*destinations, report, {.colour = true}, out).ok());
  close(out);
  EXPECT_EQ(ReadText(Path("r.json")), JsonReport(report));
  EXPECT_EQ(ReadText(Path("r.txt")), TextReport(report, {}));
  EXPECT_EQ(ReadText(Path("stdout")), TextReport(report, {.colour = true}));
}

TEST_F(WriterTest, OneFailureDoesNotKeepTheOthersBack) {
  auto destinations = ParseFormats({"json=" + Path("no/such/dir.json"), "text=" + Path("r.txt"), "json"});
  ASSERT_TRUE(destinations.ok());
  const int out = open("/dev/null", O_WRONLY);
  const absl::Status status = WriteReports(*destinations, Report(), {}, out);
  close(out);
  EXPECT_THAT(Message(status), HasSubstr("writing " + Path("no/such/dir.json")));
  EXPECT_TRUE(fs::exists(Path("r.txt")));
}

TEST_F(WriterTest, AFileIsReplacedWithItsModeAndThroughItsLink) {
  std::ofstream(Path("real")) << "old and longer";
  chmod(Path("real").c_str(), 0640);
  fs::create_symlink("real", Path("link"));
  ASSERT_TRUE(WriteFileWhole(Path("link"), "new").ok());
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(ReadText(Path("real")), "new");
  struct stat info = {};
  stat(Path("real").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
  EXPECT_EQ(Files(), 2U);
}

TEST_F(WriterTest, ADirectoryInTheWayLeavesNothingBehind) {
  fs::create_directory(Path("r.json"));
  EXPECT_FALSE(WriteFileWhole(Path("r.json"), "x").ok());
  EXPECT_EQ(Files(), 1U);
}

TEST_F(WriterTest, WhereNothingCanBeWrittenIsKnownBefore) {
  const auto check = [](const std::string& path) {
    return CheckDestinations(*ParseFormats({"json=" + path}));
  };
  std::ofstream(Path("old.json")) << "old";
  for (const std::string& path :
       {Path("new.json"), Path("old.json"), std::string("new.json"), std::string("/dev/stderr")}) {
    EXPECT_TRUE(check(path).ok()) << path;
  }
  for (const std::string& path : {Path("no/such/dir.json"), Path("old.json/below"), Path("")}) {
    EXPECT_THAT(Message(check(path)), HasSubstr("writing " + path));
  }
  EXPECT_EQ(Files(), 1U);
}

TEST_F(WriterTest, AFullDeviceIsAnError) {
  EXPECT_THAT(Message(WriteFileWhole("/dev/full", "x")), HasSubstr("writing /dev/full"));
  EXPECT_TRUE(WriteFileWhole("/dev/null", "x").ok());
}

}  // namespace
}  // namespace goleakstress::report
