#include "harness/build/go_tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/build/run_command_for_test.h"

namespace goleakstress::build {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(GoMinor, ReadsEverySpellingOfAVersion) {
  EXPECT_EQ(GoMinor("go1.26.8"), 26);
  EXPECT_EQ(GoMinor("go1.27"), 27);
  EXPECT_EQ(GoMinor("go1.27rc1"), 27);
  EXPECT_EQ(GoMinor("go1.26.8-X:goroutineleakprofile"), 26);
  EXPECT_EQ(GoMinor("devel go1.28-0a1b2c3 Tue Nov 3 10:00:00 2026 +0000"), 28);
  for (const char* strange : {"", "go", "go2.1", "go1.", "go1.x", "gogo1.26", "devel +0a1b2c3"}) {
    EXPECT_EQ(GoMinor(strange), std::nullopt) << strange;
  }
}

TEST(Environment, TheLastValueCountsAndSettingLeavesOne) {
  Environment environment = {"GO=1", "GOROOT=/a", "GOROOT=/b", "GOROOTX=/c"};
  EXPECT_EQ(Variable(environment, "GOROOT"), "/b");
  EXPECT_EQ(Variable(environment, "GOR"), "");
  SetVariable(environment, "GOROOT", "/d");
  EXPECT_THAT(environment, ::testing::ElementsAre("GO=1", "GOROOTX=/c", "GOROOT=/d"));
}

// A PATH with a go command, and a Runner that answers in its place.
class FindGoTest : public ::testing::Test {
 protected:
  FindGoTest() { chmod(bin_.Write("bin/go", "").c_str(), 0755); }

  absl::StatusOr<GoTool> Find(const Environment& environment, CommandResult answer) {
    const Runner run = [this, answer](const CommandSpec& spec) {
      spec_ = spec;
      return answer;
    };
    return FindGo(run, environment, "/target");
  }
  static CommandResult Version(const std::string& version) {
    return {
        0,
        R"({"GOROOT":"/opt/go","GOVERSION":")" + version + R"(","GOARCH":"amd64","GOEXPERIMENT":"jsonv2"})",
        ""};
  }
  Environment OnPath() const { return {"PATH=relative:/nowhere:" + bin_.path() + "/bin"}; }

  TemporaryDir bin_;
  CommandSpec spec_;
};

TEST_F(FindGoTest, AsksTheGoOnPathInTheTargetsDirectory) {
  auto tool = Find(OnPath(), Version("go1.26.8"));
  ASSERT_TRUE(tool.ok()) << tool.status();
  EXPECT_EQ(spec_.program, bin_.path() + "/bin/go");
  EXPECT_EQ(spec_.dir, "/target");
  EXPECT_EQ(Variable(spec_.env, "PWD"), "/target");
  EXPECT_EQ(tool->minor, 26);
  EXPECT_EQ(tool->goroot, "/opt/go");
}

TEST_F(FindGoTest, FallsBackToGoroot) {
  ASSERT_TRUE(Find({"PATH=/nowhere", "GOROOT=" + bin_.path()}, Version("go1.25.0")).ok());
  EXPECT_EQ(spec_.program, bin_.path() + "/bin/go");
}

TEST_F(FindGoTest, NoGoIsOneClearLine) {
  const absl::Status status = Find({"PATH=/nowhere"}, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "no go command on PATH and no GOROOT set; install Go 1.23 or later (https://go.dev/dl)");
  EXPECT_THAT(std::string(Find({"PATH=", "GOROOT=/nowhere"}, {}).status().message()),
              HasSubstr("GOROOT has none at /nowhere/bin/go"));
}

TEST_F(FindGoTest, TooOldNamesWhatWasFoundWhereAndWhatToDo) {
  const absl::Status status = Find(OnPath(), Version("go1.22.12")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("go1.22.12 (/opt/go) is too old: Go 1.23"), HasSubstr("GOTOOLCHAIN=")));
  EXPECT_FALSE(Find(OnPath(), Version("tip")).ok());
}

TEST_F(FindGoTest, AGoThatFailsIsQuoted) {
  EXPECT_THAT(std::string(Find(OnPath(), {1, "", "go: go.mod requires go >= 1.99\n"}).status().message()),
              ::testing::EndsWith("in /target: go: go.mod requires go >= 1.99"));
  EXPECT_FALSE(Find(OnPath(), {0, "no json", ""}).ok());
  EXPECT_FALSE(Find(OnPath(), {0, "[]", ""}).ok());
}

TEST(FromMirror, OnlyGo126IsGivenTheLeakProfileBesideTheUsersExperiments) {
  GoTool tool{.program = "/usr/bin/go", .goroot = "/opt/go", .version = "go1.26.8", .minor = 26};
  tool.goexperiment = "jsonv2";
  const GoTool mirrored = FromMirror(tool, "/cache/m");
  EXPECT_EQ(mirrored.program, "/cache/m/bin/go");
  EXPECT_EQ(Variable(mirrored.environment, "GOROOT"), "/cache/m");
  EXPECT_EQ(Variable(mirrored.environment, "GOTOOLCHAIN"), "local");
  EXPECT_EQ(Variable(mirrored.environment, "GOEXPERIMENT"), "jsonv2,goroutineleakprofile");
  for (int other : {25, 27}) {
    tool.minor = other;
    EXPECT_EQ(Variable(FromMirror(tool, "/cache/m").environment, "GOEXPERIMENT"), "");
  }
}

}  // namespace
}  // namespace goleakstress::build
