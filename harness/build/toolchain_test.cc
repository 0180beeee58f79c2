// Every probe and both kinds of binary on the newest patch of the supported Go versions, which go fetches
// from the module proxy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/build/builder.h"
#include "harness/build/files.h"
#include "harness/build/goroot_mirror.h"
#include "harness/build/run_command_for_test.h"

namespace goleakstress::build {
namespace {

class ToolchainTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ToolchainTest, AllProbesAreLiveAndBinariesRun) {
  const std::string fixture = std::filesystem::current_path() / "harness/build/testdata/plain";
  Environment environment = OwnEnvironment();
  SetVariable(environment, "GOTOOLCHAIN", GetParam());
  auto real = FindGo(RunForTest, environment, fixture);
  if (!real.ok()) GTEST_SKIP() << "cannot be fetched here: " << real.status();
  ASSERT_EQ(real->version, GetParam());
  const auto untouched = Stamps(real->goroot);  // of a fetched toolchain: a part of the module cache

  auto cache = Cache::Open((std::filesystem::temp_directory_path() / "gls_build_test_cache").string());
  ASSERT_TRUE(cache.ok()) << cache.status();
  const GoTool tool = FromMirror(*real, MirrorGoroot(*cache, real->goroot, real->version).value());
  auto overlay = WriteOverlay(*cache, tool, ProbeSelection());
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  for (const ProbeState& probe : overlay->probes) {
    const bool made = probe.name != "containers" ||
                      std::string_view(GetParam()) != "go1.23.12";  // its maps are of another kind
    EXPECT_EQ(probe.live, made) << probe.name << ": " << probe.why;
  }

  auto groups = GroupPatterns(fixture, {"./shop", "./cmd/greet"});
  ASSERT_TRUE(groups.ok()) << groups.status();
  auto packages = ListPackages(RunForTest, tool, groups->front(), {}, fixture);
  ASSERT_TRUE(packages.ok()) << packages.status();
  const TemporaryDir work;
  for (const Package& package : *packages) {
    const BinaryKind kind = package.is_main ? BinaryKind::kMain : BinaryKind::kTest;
    auto built = Build(RunForTest, *cache, tool, *overlay,
                       {.package = package,
                        .kind = kind,
                        .go_dir = groups->front().dir,
                        .flags = {},
                        .work_dir = work.path(),
                        .user_dir = fixture});
    ASSERT_TRUE(built.ok()) << built.status();
    // The names of functions are in every Go binary: the probe and the agent are not only laid over, but
    // linked.
    const std::string bytes = ReadFile(built->path).value();
    const std::string probe = kind == BinaryKind::kMain ? "TakeMain" : "goleakstressTests";
    EXPECT_NE(bytes.find(overlay->agent.import_path + ".init."), std::string::npos);
    EXPECT_NE(bytes.find(probe), std::string::npos);
    const std::string arg = kind == BinaryKind::kMain ? "Ada" : "-test.v";
    auto result =
        RunForTest({.program = built->path, .args = {arg}, .env = OwnEnvironment(), .dir = package.dir});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->exit_code, 0) << result->out << result->err;
    EXPECT_THAT(result->out,
                ::testing::HasSubstr(kind == BinaryKind::kMain ? "that is 3 coins" : "PASS: FuzzGreet"));
  }
  EXPECT_TRUE(Stamps(real->goroot) == untouched) << "something was written below " << real->goroot;
}

INSTANTIATE_TEST_SUITE_P(Go, ToolchainTest,
                         ::testing::Values("go1.23.12", "go1.25.14", "go1.26.8", "go1.27.4"));

}  // namespace
}  // namespace goleakstress::build
