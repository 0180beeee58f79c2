// Builds small modules with the real toolchain.
#include "harness/build/builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "harness/build/discovery.h"
#include "harness/build/files.h"
#include "harness/build/goroot_mirror.h"
#include "harness/build/run_command_for_test.h"
#include "harness/build/workspace.h"

namespace goleakstress::build {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Everything that a run has open, with the cache of all these tests: it is kept between runs of the suite, as
// a user's is.
class BuilderTest : public ::testing::Test {
 protected:
  static std::string Fixtures() { return std::filesystem::current_path() / "harness/build/testdata"; }

  static std::string CacheDir() {
    return (std::filesystem::temp_directory_path() / "gls_build_test_cache").string();
  }

  void UseDir(const std::string& dir, Environment environment = OwnEnvironment()) {
    auto found = FindGo(RunForTest, environment, dir);
    ASSERT_TRUE(found.ok()) << found.status();
    real_ = *found;
    cache_.emplace(Cache::Open(CacheDir()).value());
    auto mirror = MirrorGoroot(*cache_, found->goroot, found->version);
    ASSERT_TRUE(mirror.ok()) << mirror.status();
    auto copied = WithWorkspaceCopy(RunForTest, *cache_, FromMirror(*found, *mirror), dir, {});
    ASSERT_TRUE(copied.ok()) << copied.status();
    tool_ = *copied;
    auto overlay = WriteOverlay(*cache_, tool_, ProbeSelection());
    ASSERT_TRUE(overlay.ok()) << overlay.status();
    overlay_ = *overlay;
  }

  absl::StatusOr<std::vector<Package>> List(const std::string& cwd, const std::string& pattern,
                                            const std::vector<std::string>& flags = {}) {
    auto groups = GroupPatterns(cwd, {pattern});
    if (!groups.ok()) return groups.status();
    group_ = groups->front();
    return ListPackages(RunForTest, tool_, group_, flags, cwd);
  }

  absl::StatusOr<Binary> BuildIn(const std::string& cwd, const std::string& pattern, BinaryKind kind,
                                 const std::vector<std::string>& flags = {}, bool coverage = false) {
    auto packages = List(cwd, pattern, flags);
    if (!packages.ok()) return packages.status();
    return Build(RunForTest, *cache_, tool_, overlay_,
                 {.package = packages->front(),
                  .kind = kind,
                  .go_dir = group_.dir,
                  .flags = flags,
                  .work_dir = work_.path(),
                  .user_dir = cwd,
                  .coverage = coverage});
  }

  CommandResult RunBinary(const std::string& program, const std::string& dir,
                          std::vector<std::string> args = {}) {
    return RunForTest({.program = program, .args = std::move(args), .env = OwnEnvironment(), .dir = dir})
        .value();
  }

  TemporaryDir work_;
  GoTool real_, tool_;
  std::optional<Cache> cache_;
  Overlay overlay_;
  PatternGroup group_;
};

TEST_F(BuilderTest, EveryProbeIsLiveInThisToolchain) {
  UseDir(Fixtures() + "/plain");
  for (const ProbeState& probe : overlay_.probes) EXPECT_TRUE(probe.live) << probe.name << ": " << probe.why;
}

TEST_F(BuilderTest, TestBinaryRunsAsGoTestWouldAndASecondBuildDoesNothing) {
  UseDir(Fixtures() + "/plain");
  auto first = BuildIn(Fixtures(), "./plain/shop", BinaryKind::kTest);
  ASSERT_TRUE(first.ok()) << first.status();
  const CommandResult result = RunBinary(first->path, Fixtures() + "/plain/shop", {"-test.v"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("--- PASS: TestReady"), HasSubstr("--- PASS: TestOutside"),
                                HasSubstr("--- PASS: FuzzGreet")));
  auto second = BuildIn(Fixtures(), "./plain/shop", BinaryKind::kTest);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->cached);
}

TEST_F(BuilderTest, MainRunsAsGoBuildMadeIt) {
  UseDir(Fixtures() + "/plain");
  auto built = BuildIn(Fixtures() + "/plain/cmd", "./greet", BinaryKind::kMain);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(RunBinary(built->path, "/", {"Ada", "Bo"}).out,
            "good day Ada, that is 3 coins\ngood day Bo, that is 2 coins\n");
  auto again = BuildIn(Fixtures() + "/plain/cmd", "./greet", BinaryKind::kMain);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->cached);
}

TEST_F(BuilderTest, TestsOfAMainPackageAreBuiltWithoutItsMainBeingTaken) {
  UseDir(Fixtures() + "/plain");
  auto built = BuildIn(Fixtures(), "./plain/cmd/greet", BinaryKind::kTest);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(RunBinary(built->path, Fixtures() + "/plain/cmd/greet", {"-test.v"}).exit_code, 0);
  EXPECT_THAT(ReadFile(WriteOverlayJson(overlay_, "").value()).value(), Not(HasSubstr("greet")));
}

TEST_F(BuilderTest, AChangedFileIsBuiltAgainAndARunningBinaryKeepsItsOwn) {
  const TemporaryDir module;
  module.Write("go.mod", "module example.com/changing\n\ngo 1.23\n");
  module.Write("main.go", "package main\n\nfunc main() { println(1) }\n");
  UseDir(module.path());
  auto first = BuildIn(module.path(), ".", BinaryKind::kMain);
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string held = work_.path() + "/held";
  std::filesystem::create_hard_link(first->path, held);
  module.Write("main.go", "package main\n\nfunc main() { println(2) }\n");
  auto second = BuildIn(module.path(), ".", BinaryKind::kMain);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->cached);
  EXPECT_EQ(RunBinary(held, "/").err, "1\n");
  EXPECT_EQ(RunBinary(second->path, "/").err, "2\n");
}

TEST_F(BuilderTest, VendoredWorkspaceAndCgoModulesBuild) {
  for (const auto& [dir, pattern] :
       {std::pair{"vendored", "."}, {"workspace/app", "."}, {"workspace", "./app"}, {"cgouser", "./..."}}) {
    const std::string cwd = Fixtures() + "/" + dir;
    UseDir(cwd);
    auto built = BuildIn(cwd, pattern, BinaryKind::kTest);
    ASSERT_TRUE(built.ok()) << dir << ": " << built.status();
    EXPECT_EQ(RunBinary(built->path, cwd).exit_code, 0) << dir;
  }
}

TEST_F(BuilderTest, FlagsAreTakenAndSymbolsStay) {
  UseDir(Fixtures() + "/plain");
  auto without = BuildIn(Fixtures() + "/plain", "./tagged", BinaryKind::kTest);
  EXPECT_FALSE(without.ok());
  auto built = BuildIn(Fixtures() + "/plain", "./tagged", BinaryKind::kTest,
                       {"-tags=special", "-ldflags=-s -w", "-gcflags=-N"});
  ASSERT_TRUE(built.ok()) << built.status();
  const auto symbols = RunGo(RunForTest, tool_, "/", {"tool", "nm", built->path});
  EXPECT_THAT(symbols.value().out, HasSubstr("runtime.main"));
}

TEST_F(BuilderTest, RaceBuildsAndRuns) {
  UseDir(Fixtures() + "/plain");
  auto built = BuildIn(Fixtures() + "/plain", "./shop", BinaryKind::kTest, {"-race"});
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(RunBinary(built->path, Fixtures() + "/plain/shop").exit_code, 0);
}

TEST_F(BuilderTest, CoverageIsOfTheModuleAlone) {
  UseDir(Fixtures() + "/plain");
  auto plain = BuildIn(Fixtures() + "/plain", "./shop", BinaryKind::kTest);
  ASSERT_TRUE(plain.ok()) << plain.status();
  const auto counters = [this](const std::string& path) {
    const std::string symbols = RunGo(RunForTest, tool_, "/", {"tool", "nm", "-size", path}).value().out;
    return symbols.find("__start___sancov_cntrs") != symbols.npos;
  };
  EXPECT_FALSE(counters(plain->path));
  for (const std::vector<std::string>& flags : {std::vector<std::string>{}, {"-race", "-gcflags=-N"}}) {
    auto built = BuildIn(Fixtures() + "/plain", "./shop", BinaryKind::kTest, flags, true);
    ASSERT_TRUE(built.ok()) << built.status();
    EXPECT_NE(built->path, plain->path);
    EXPECT_TRUE(counters(built->path));
    EXPECT_EQ(RunBinary(built->path, Fixtures() + "/plain/shop").exit_code, 0);
  }
}

TEST_F(BuilderTest, ABuildErrorIsGosOwnTextWithTheUsersPaths) {
  UseDir(Fixtures() + "/broken");
  auto built = BuildIn(Fixtures(), "./broken/wrong", BinaryKind::kTest);
  ASSERT_EQ(built.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(built.status().message(),
            "# example.com/broken/wrong [example.com/broken/wrong.test]\n"
            "./broken/wrong/wrong.go:4:27: undefined: undefinedName");
}

TEST_F(BuilderTest, PackagesThatCannotBeLoadedSayWhyInGosWords) {
  UseDir(Fixtures() + "/plain");
  auto empty = List(Fixtures(), "./plain/docs");
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_THAT(empty->front().error, HasSubstr("no Go files in " + Fixtures() + "/plain/docs"));
  auto unknown = List(Fixtures() + "/plain", "cmd/greet");
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_THAT(unknown->front().error, AllOf(HasSubstr("package cmd/greet is not in std (" + real_.goroot),
                                            HasSubstr("; the directory is ./cmd/greet")));
  auto nothing = List(Fixtures(), "./plain/docs/...");
  EXPECT_EQ(nothing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(nothing.status().message()), HasSubstr("matched no packages"));
}

TEST_F(BuilderTest, OutsideAnyModuleGoSaysSo) {
  const TemporaryDir dir;
  dir.Write("main.go", "package main\n\nfunc main() {}\n");
  UseDir(dir.path());
  auto packages = List(dir.path(), ".");
  const std::string text = packages.ok() ? packages->front().error : std::string(packages.status().message());
  EXPECT_THAT(text, HasSubstr("go.mod file not found in current directory or any parent directory"));
}

TEST_F(BuilderTest, NotOneByteOfTheUsersTreeOrGorootChanges) {
  UseDir(Fixtures() + "/plain");
  const auto tree = Checksums(Fixtures());
  const auto runtime = Checksums(real_.goroot + "/src/runtime");
  const auto testing = Checksums(real_.goroot + "/src/testing");
  const auto net = Checksums(real_.goroot + "/src/net");
  for (const auto& [pattern, kind] : {std::pair{"./plain/shop", BinaryKind::kTest},
                                      {"./plain/cmd/greet", BinaryKind::kMain},
                                      {"./vendored", BinaryKind::kTest},
                                      {"./workspace/app", BinaryKind::kTest},
                                      {"./cgouser", BinaryKind::kTest},
                                      {"./broken/wrong", BinaryKind::kTest}}) {
    BuildIn(Fixtures(), pattern, kind).IgnoreError();
  }
  EXPECT_EQ(Checksums(Fixtures()), tree);
  EXPECT_EQ(Checksums(real_.goroot + "/src/runtime"), runtime);
  EXPECT_EQ(Checksums(real_.goroot + "/src/testing"), testing);
  EXPECT_EQ(Checksums(real_.goroot + "/src/net"), net);
}

// Two modules that want different versions of a third: go wants to write go.work.sum, even for `go list`.
TEST_F(BuilderTest, AWorkspaceGetsNoGoWorkSum) {
  const TemporaryDir proxy, user, modules;
  for (const char* version : {"v1.0.0", "v1.1.0"}) {
    proxy.Write(fmt::format("example.com/dep/@v/{}.info", version),
                fmt::format("{{\"Version\":\"{}\"}}", version));
    proxy.Write(fmt::format("example.com/dep/@v/{}.mod", version), "module example.com/dep\n\ngo 1.16\n");
  }
  user.Write("go.work", "go 1.23\n\nuse (\n\t./a\n\tb\n)\n\nreplace example.com/other => ./other\n");
  user.Write("other/go.mod", "module example.com/other\n\ngo 1.23\n");
  user.Write("other/other.go", "package other\n");
  for (const auto& [name, version] : {std::pair{"a", "v1.0.0"}, {"b", "v1.1.0"}}) {
    user.Write(fmt::format("{}/go.mod", name),
               fmt::format("module example.com/{}\n\ngo 1.23\n\nrequire (\n\texample.com/dep "
                           "{}\n\texample.com/other v1.0.0\n)\n",
                           name, version));
    user.Write(fmt::format("{}/x_test.go", name),
               fmt::format("package {}\n\nimport (\n\t\"testing\"\n\n\t_ \"example.com/other\"\n)\n\nfunc "
                           "TestX(t *testing.T) {{}}\n",
                           name));
  }
  Environment environment = OwnEnvironment();
  SetVariable(environment, "GOPROXY", "file://" + proxy.path());
  SetVariable(environment, "GOSUMDB", "off");
  SetVariable(environment, "GOMODCACHE", modules.path());
  SetVariable(environment, "GOFLAGS", "-modcacherw");

  const auto before = Checksums(user.path());
  UseDir(user.path() + "/a", environment);
  auto built = BuildIn(user.path(), "./a", BinaryKind::kTest);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(RunBinary(built->path, user.path() + "/a").exit_code, 0);
  EXPECT_EQ(Checksums(user.path()), before);
  // This is what it guards against: with go.work itself in force the file appears.
  ASSERT_TRUE(RunGo(RunForTest, real_, user.path() + "/a", {"list", "-e", "-find", "."}).ok());
  EXPECT_TRUE(std::filesystem::exists(user.path() + "/go.work.sum"));
}

}  // namespace
}  // namespace goleakstress::build
