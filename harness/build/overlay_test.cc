#include "harness/build/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/build/files.h"
#include "harness/build/run_command_for_test.h"

namespace goleakstress::build {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::string> Nothing(const std::string& file) { return absl::NotFoundError(file); }

constexpr EmbeddedFile kAgent[] = {
    {"a.go", "// Package agent is package agent\npackage agent\n\nvar s = \"package agent\"\n"}};

TEST(OverlayContents, TheAgentJoinsAnotherPackageOnOldGo) {
  const auto files =
      OverlayContents(Nothing, {}, {"testing/iotest", "iotest"}, kAgent, 23, "amd64", ProbeSelection()).files;
  EXPECT_EQ(files.at("testing/iotest/goleakstress_a.go"),
            "// Package agent is package agent\npackage iotest\n\nvar s = \"package agent\"\n");
  EXPECT_THAT(files.at("testing/internal/testdeps/zz_goleakstress.go"),
              HasSubstr("import _ \"testing/iotest\""));
}

TEST(OverlayContents, TheAgentHasItsOwnPackageOnNewGo) {
  const auto files =
      OverlayContents(Nothing, {}, {"goleakstress/agent", "agent"}, kAgent, 26, "amd64", ProbeSelection())
          .files;
  EXPECT_EQ(files.at("goleakstress/agent/goleakstress_a.go"), kAgent[0].contents);
}

TEST(AgentSources, AreTheAgentWithoutItsTestsByteForByte) {
  ASSERT_FALSE(AgentSources().empty());
  for (const EmbeddedFile& file : AgentSources()) {
    EXPECT_THAT(std::string(file.name), Not(::testing::EndsWith("_test.go")));
    EXPECT_THAT(std::string(file.contents), HasSubstr("package agent\n")) << file.name;
  }
}

TEST(WriteOverlayJson, OnlyAMainGetsAFileOfItsOwnAndItsMainIsTakenIfTheProbeIsLive) {
  const TemporaryDir dir;
  Overlay overlay{.dir = dir.path(),
                  .replace = {{"/g/src/os/a.go", "/x"}},
                  .probes = {},
                  .agent = {"p/agent", "agent"},
                  .fingerprint = {}};
  const std::string tests = ReadFile(WriteOverlayJson(overlay, "").value()).value();
  EXPECT_EQ(tests, R"({"Replace":{"/g/src/os/a.go":"/x"}})");
  const std::string main = ReadFile(WriteOverlayJson(overlay, "/m").value()).value();
  EXPECT_THAT(main, HasSubstr(R"("/m/zz_goleakstress.go":")" + dir.path()));
  overlay.probes = {{.name = "main", .live = true}};
  EXPECT_NE(ReadFile(WriteOverlayJson(overlay, "/m").value()).value(), main);
}

TEST(WriteOverlay, EqualContentsShareADirectoryAndOtherProbesDoNot) {
  const TemporaryDir cache_dir, goroot;
  auto cache = Cache::Open(cache_dir.path());
  ASSERT_TRUE(cache.ok()) << cache.status();
  goroot.Write("src/os/proc.go", "package os\n");
  const GoTool tool{
      .program = {}, .goroot = goroot.path(), .version = "go1.26.8", .minor = 26, .goarch = "amd64"};
  const auto first = WriteOverlay(*cache, tool, ProbeSelection());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(WriteOverlay(*cache, tool, ProbeSelection())->dir, first->dir);
  GoTool other = tool;
  other.version = "go1.26.9";
  EXPECT_NE(WriteOverlay(*cache, other, ProbeSelection())->dir, first->dir);
  for (const auto& [name, path] : first->replace) {
    EXPECT_TRUE(name.starts_with(goroot.path() + "/src/")) << name;
    EXPECT_TRUE(path.starts_with(first->dir + "/")) << path;
  }
}

}  // namespace
}  // namespace goleakstress::build
