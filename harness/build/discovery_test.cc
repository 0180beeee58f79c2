#include "harness/build/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/build/run_command_for_test.h"

namespace goleakstress::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A repository whose root is no module: two modules and a workspace.
class GroupPatternsTest : public ::testing::Test {
 protected:
  GroupPatternsTest() {
    for (const char* file :
         {"one/go.mod", "one/sub/deep/a.go", "two/go.mod", "space/go.work", "space/m/go.mod", "loose/a.go"}) {
      repo_.Write(file, "");
    }
  }
  std::vector<PatternGroup> Group(const std::vector<std::string>& patterns, const std::string& below = "") {
    auto groups = GroupPatterns(repo_.path() + below, patterns);
    EXPECT_TRUE(groups.ok()) << groups.status();
    return groups.value_or(std::vector<PatternGroup>());
  }
  TemporaryDir repo_;
};

TEST_F(GroupPatternsTest, ADirectoryIsResolvedInItsOwnModule) {
  auto groups = Group({"./one/sub", "two", "./two/...", "./one/sub/", repo_.path() + "/one"});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].dir, repo_.path() + "/one");
  EXPECT_THAT(groups[0].patterns, ElementsAre("./sub", "./sub", "."));
  EXPECT_EQ(groups[1].dir, repo_.path());
  EXPECT_THAT(groups[1].patterns, ElementsAre("two"));
  EXPECT_EQ(groups[2].dir, repo_.path() + "/two");
  EXPECT_THAT(groups[2].patterns, ElementsAre("./..."));
}

TEST_F(GroupPatternsTest, NoPatternIsTheCurrentDirectory) {
  auto groups = Group({}, "/one/sub/deep");
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].dir, repo_.path() + "/one");
  EXPECT_THAT(groups[0].patterns, ElementsAre("./sub/deep"));
}

TEST_F(GroupPatternsTest, PathsUpwardsWildcardsInsideAndImportPaths) {
  auto groups = Group({"../...", "./de.../x", "example.com/p", "std"}, "/one/sub");
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_THAT(groups[0].patterns, ElementsAre("./...", "./sub/de.../x", "example.com/p", "std"));
}

TEST_F(GroupPatternsTest, TheNearestOfModuleAndWorkspaceIsTaken) {
  EXPECT_EQ(Group({"./space/m"})[0].dir, repo_.path() + "/space/m");
  EXPECT_EQ(Group({"./space"})[0].dir, repo_.path() + "/space");
  EXPECT_EQ(Group({"./loose"})[0].dir, repo_.path() + "/loose");
}

TEST_F(GroupPatternsTest, WhatIsNoDirectoryIsSaid) {
  const auto status = [this](const char* pattern) { return GroupPatterns(repo_.path(), {pattern}).status(); };
  EXPECT_EQ(status("./absent/...").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status("./absent/...").message(),
            "./absent/...: there is no directory " + repo_.path() + "/absent");
  EXPECT_EQ(status("./loose/a.go").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status("a.go").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status("-x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status("").code(), absl::StatusCode::kInvalidArgument);
}

TEST(ParseGoList, ReadsOneObjectAfterAnother) {
  auto packages = ParseGoList(R"({"ImportPath":"m/a","Dir":"/m/a","Name":"a","TestGoFiles":[],
    "Module":{"Path":"m","Dir":"/m","GoVersion":"1.24"}}
  {"ImportPath":"m/b","Name":"main","XTestGoFiles":["b_test.go"],"CgoFiles":["b.go"],
   "Error":{"Pos":"b/b.go:3:1","Err":"it is bad"}}
)");
  ASSERT_TRUE(packages.ok()) << packages.status();
  ASSERT_EQ(packages->size(), 2u);
  const Package& a = packages->at(0);
  EXPECT_EQ(a.module_path + a.module_dir + a.module_go_version, "m/m1.24");
  EXPECT_FALSE(a.has_tests || a.is_main || a.uses_cgo);
  EXPECT_EQ(a.error, "");
  const Package& b = packages->at(1);
  EXPECT_TRUE(b.has_tests && b.is_main && b.uses_cgo);
  EXPECT_EQ(b.error, "b/b.go:3:1: it is bad");
}

TEST(ParseGoList, OtherTextIsAnError) {
  EXPECT_TRUE(ParseGoList(" \n").value().empty());
  for (const char* broken : {"{\"Dir\":", "[]", "{} x", "{}}"})
    EXPECT_FALSE(ParseGoList(broken).ok()) << broken;
}

TEST(ListPackages, AFailingGoIsQuotedWithTheUsersPaths) {
  GoTool tool;
  tool.names = {{"/cache/mirror", "/opt/go"}};
  const Runner fails = [](const CommandSpec&) {
    return CommandResult{
        1, "", "go: errors parsing go.mod:\ngo.mod:3: unknown directive: x\nsee /cache/mirror/src\n"};
  };
  const absl::Status status = ListPackages(fails, tool, {"/repo/one", {"."}}, {}, "/repo").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "go: errors parsing go.mod:\n./one/go.mod:3: unknown directive: x\nsee /opt/go/src");
}

}  // namespace
}  // namespace goleakstress::build
