#include "harness/build/patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace goleakstress::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(Substitute, LiteralAnchorsAreNotPatterns) {
  EXPECT_EQ(Substitute("f(a.b) f(axb)", {.anchor = "f(a.b)", .replacement = "$1"}).value(), "$1 f(axb)");
}

TEST(Substitute, TheNumberOfMatchesMustBeTheExpectedOne) {
  EXPECT_EQ(Substitute("x x", {.anchor = "x", .replacement = "yx", .count = 2}).value(), "yx yx");
  EXPECT_EQ(Substitute("x x", {.anchor = "x", .replacement = "y"}).status().message(),
            "`x` occurs 2 times where 1 were expected");
  EXPECT_FALSE(Substitute("z", {.anchor = "x", .replacement = "y"}).ok());
  EXPECT_FALSE(Substitute("x x", {.anchor = "[x]", .replacement = "y", .regex = true}).ok());
  EXPECT_FALSE(Substitute("x", {.anchor = "", .replacement = "y"}).ok());
}

TEST(Substitute, RegexGroupsAreNamedInTheReplacement) {
  EXPECT_EQ(Substitute("switch f.fstate.mode {",
                       {.anchor = R"(f\.(fstate|fuzzContext)\.mode)", .replacement = "g.$1", .regex = true})
                .value(),
            "switch g.fstate {");
  EXPECT_FALSE(Substitute("x", {.anchor = "(", .replacement = "", .regex = true}).ok());
}

// A standard library of two files.
absl::StatusOr<std::string> Library(const std::string& file) {
  if (file == "os/a.go") return "package os\nvar a = 1\n";
  if (file == "os/b.go") return "package os\nvar b = 1\n";
  return absl::NotFoundError(file);
}

Probe Change(const std::string& name, const std::string& file, const std::string& from,
             const std::string& to) {
  Variant variant;
  variant.patches = {{.file = file, .substitutions = {{.anchor = from, .replacement = to}}}};
  return {.name = name, .lost = "no " + name, .variants = {variant}};
}

TEST(ApplyProbes, ProbesOfOneFileBuildOnEachOther) {
  Probe appended = Change("second", "os/a.go", "= 2", "= 3");
  appended.variants[0].patches[0].append = "var c = 1\n";
  const PatchedFiles result = ApplyProbes(Library, {Change("first", "os/a.go", "= 1", "= 2"), appended}, 26,
                                          "amd64", ProbeSelection());
  EXPECT_THAT(result.files, ElementsAre(Pair("os/a.go", "package os\nvar a = 3\nvar c = 1\n")));
  EXPECT_TRUE(result.probes[0].live && result.probes[1].live);
  EXPECT_EQ(result.probes[0].lost, "");
}

TEST(ApplyProbes, AProbeThatMissesLeavesNoTraceAndNamesAnchorAndFile) {
  Probe half = Change("half", "os/a.go", "= 1", "= 2");
  half.variants[0].patches.push_back({.file = "os/b.go", .substitutions = {{.anchor = "\tnot there\n"}}});
  half.variants[0].additions = {{"os/new.go", "package os\n"}};
  const PatchedFiles result = ApplyProbes(Library, {half}, 26, "amd64", ProbeSelection());
  EXPECT_TRUE(result.files.empty());
  EXPECT_FALSE(result.probes[0].live);
  EXPECT_EQ(result.probes[0].lost, "no half");
  EXPECT_EQ(result.probes[0].why, R"(os/b.go: `\tnot there\n` occurs 0 times where 1 were expected)");
}

TEST(ApplyProbes, AFileThatIsMissingOrAlreadyThereIsAMiss) {
  Probe clash{.name = "clash", .lost = "x", .variants = {Variant{}}};
  clash.variants[0].additions = {{"os/a.go", "package os\n"}};
  const PatchedFiles result =
      ApplyProbes(Library, {Change("gone", "os/gone.go", "a", "b"), clash}, 26, "amd64", ProbeSelection());
  EXPECT_TRUE(result.files.empty());
  EXPECT_THAT(result.probes[0].why, HasSubstr("os/gone.go"));
  EXPECT_THAT(result.probes[1].why, HasSubstr("os/a.go: there is such a file already"));
}

TEST(ApplyProbes, TheFirstVariantThatAppliesAndMatchesIsTaken) {
  Probe probe = Change("p", "os/a.go", "absent", "never");
  const auto add = [&probe](int min, int max, const char* arch, const char* to) {
    Variant variant = Change("", "os/a.go", "= 1", to).variants[0];
    variant.min_minor = min, variant.max_minor = max, variant.arch = arch;
    probe.variants.push_back(variant);
  };
  add(27, 99, "", "= 27");
  add(0, 99, "arm64", "= 64");
  add(0, 26, "amd64", "= 26");
  const auto text = [&probe](int minor, const char* arch) {
    return ApplyProbes(Library, {probe}, minor, arch, ProbeSelection()).files["os/a.go"];
  };
  EXPECT_THAT(text(26, "amd64"), HasSubstr("= 26"));
  EXPECT_THAT(text(26, "arm64"), HasSubstr("= 64"));
  EXPECT_THAT(text(27, "arm64"), HasSubstr("= 27"));
}

TEST(ApplyProbes, AVersionThatNoVariantIsForIsSaid) {
  Probe probe = Change("p", "os/a.go", "= 1", "= 2");
  probe.variants[0].min_minor = 27;
  EXPECT_EQ(ApplyProbes(Library, {probe}, 23, "amd64", ProbeSelection()).probes[0].why,
            "not made for Go 1.23 on amd64");
}

TEST(ProbeSelection, LaterRulesWinAndAllMeansEveryProbe) {
  const std::vector<Probe> probes = {{.name = "fd"}, {.name = "clock"}};
  const auto wants = [&probes](const char* text, const char* name) {
    return ProbeSelection::Parse(text, probes).value().Wants(name);
  };
  EXPECT_TRUE(wants("", "fd"));
  EXPECT_FALSE(wants("-fd", "fd"));
  EXPECT_TRUE(wants("-fd", "clock"));
  EXPECT_TRUE(wants("-all,+fd", "fd"));
  EXPECT_FALSE(wants("-all,fd", "clock"));
  EXPECT_EQ(ProbeSelection::Parse("-typo", probes).status().message(),
            "no probe is called typo; there are: all fd clock");
}

TEST(ApplyProbes, ASwitchedOffProbeIsLostAndSaysWho) {
  const std::vector<Probe> probes = {Change("p", "os/a.go", "= 1", "= 2")};
  const PatchedFiles result =
      ApplyProbes(Library, probes, 26, "amd64", ProbeSelection::Parse("-p", probes).value());
  EXPECT_TRUE(result.files.empty());
  EXPECT_EQ(result.probes[0].why, "switched off by -probes");
}

}  // namespace
}  // namespace goleakstress::build
