#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/build/build_flags.h"
#include "harness/build/go_text.h"

namespace goleakstress::build {
namespace {

using ::testing::ElementsAre;

TEST(ForUser, SpellsPathsAsSeenFromTheUsersDirectory) {
  const TextView view{.go_dir = "/repo/one", .user_dir = "/repo", .names = {}};
  EXPECT_EQ(ForUser("# m/a\na/x.go:3:1: bad\n\t./b.go:1: worse\n../two/c.go:9: there\n", view),
            "# m/a\n./one/a/x.go:3:1: bad\n\t./one/b.go:1: worse\n./two/c.go:9: there");
  EXPECT_EQ(ForUser("../../else/c.go:9: there", view), "/else/c.go:9: there");
  EXPECT_EQ(ForUser("go: no such thing: x.go here\nnote: module requires Go 1.99", view),
            "go: no such thing: x.go here\nnote: module requires Go 1.99");
}

TEST(ForUser, NamesOverlayFilesByWhatTheyStandFor) {
  const TextView view{.go_dir = "/r",
                      .user_dir = "/r",
                      .names = {{"/cache/o/1a.go", "/cache/m/src/os/proc.go"}, {"/cache/m", "/opt/go"}}};
  EXPECT_EQ(ForUser("/cache/o/1a.go:7:2: bad", view), "/opt/go/src/os/proc.go:7:2: bad");
}

TEST(ForUser, LongTextIsCutAndSaysSo) {
  const std::string text = ForUser(std::string(1 << 20, 'x'), {"/", "/", {}});
  EXPECT_LT(text.size(), 70u << 10);
  EXPECT_THAT(text, ::testing::EndsWith("left out)"));
}

TEST(SplitGoFlags, QuotesHoldAFlagTogether) {
  EXPECT_THAT(SplitGoFlags(" -mod=mod  '-ldflags=-s -w'\t\"-tags=a b\" ").value(),
              ElementsAre("-mod=mod", "-ldflags=-s -w", "-tags=a b"));
  EXPECT_THAT(SplitGoFlags("").value(), ElementsAre());
  EXPECT_FALSE(SplitGoFlags("'-x").ok());
}

TEST(FlagValue, TheLastFlagCountsAndHidesGoflags) {
  EXPECT_EQ(FlagValue({"-mod=mod", "--mod=vendor"}, "-mod=readonly", "mod"), "vendor");
  EXPECT_EQ(FlagValue({"-modfile=x"}, "-mod=readonly -v", "mod"), "readonly");
  EXPECT_EQ(FlagValue({"-race"}, "", "mod"), "");
}

TEST(HarnessFlags, KeepSymbolsWhereverTheLinkerFlagsComeFrom) {
  EXPECT_THAT(HarnessFlags({"-race", "-ldflags=-s"}, "-ldflags=-w", "o").value(),
              ElementsAre("-race", "-ldflags=-s -s=false -w=false", "-trimpath=false", "-buildvcs=false",
                          "-overlay=o"));
  EXPECT_THAT(
      HarnessFlags({}, "--ldflags=-w", "o").value(),
      ElementsAre("--ldflags=-w -s=false -w=false", "-trimpath=false", "-buildvcs=false", "-overlay=o"));
  EXPECT_THAT(HarnessFlags({"-ldflagsx=1"}, "", "o").value(),
              ElementsAre("-ldflagsx=1", "-trimpath=false", "-buildvcs=false", "-overlay=o"));
}

TEST(HarnessFlags, TheUsersOverlayIsRefusedNotDropped) {
  EXPECT_EQ(HarnessFlags({"-overlay=x"}, "", "o").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(HarnessFlags({}, "-overlay=x", "o").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(CoverageFlags, JoinWhatTheUserAskedFor) {
  EXPECT_THAT(CoverageFlags({}, "", "m/..."),
              ElementsAre("-tags=goleakstress_coverage", "-gcflags=m/...=-d=libfuzzer"));
  EXPECT_THAT(CoverageFlags({"-race", "-tags=a,b", "-gcflags=all=-N -l"}, "", "m/..."),
              ElementsAre("-race", "-tags=a,b", "-gcflags=all=-N -l", "-tags=a,b,goleakstress_coverage",
                          "-gcflags=m/...=-N -l -d=libfuzzer"));
  EXPECT_THAT(CoverageFlags({"-tags=a b"}, "", "m/...").at(1), "-tags=a b goleakstress_coverage");
}

TEST(CoverageFlags, GoflagsAreNotHidden) {
  EXPECT_THAT(CoverageFlags({}, "-tags=x -gcflags=-N", "m/..."),
              ElementsAre("-tags=x,goleakstress_coverage", "-gcflags=-N", "-gcflags=m/...=-N -d=libfuzzer"));
}

}  // namespace
}  // namespace goleakstress::build
