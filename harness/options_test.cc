#include "harness/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace goleakstress {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

Options Parsed(const std::vector<std::string>& arguments) {
  auto options = ParseOptions(arguments);
  EXPECT_TRUE(options.ok()) << options.status();
  return options.ok() ? *options : Options{};
}

std::string Error(const std::vector<std::string>& arguments) {
  const auto options = ParseOptions(arguments);
  EXPECT_FALSE(options.ok());
  return std::string(options.status().message());
}

TEST(Options, TakesGoSpelling) {
  const Options options =
      Parsed({"run", "./a", "-run", "^Fuzz", "--budget=1m30s", "./b/...", "-seed", "7", "-tags=x,y", "-race",
              "-v", "-format", "text", "-format=json=out.json", "-probes", "-clock,+fd", "--", "-v", "file"});
  EXPECT_EQ(options.verb, Verb::kRun);
  EXPECT_THAT(options.packages, ElementsAre("./a", "./b/..."));
  EXPECT_EQ(options.run, "^Fuzz");
  EXPECT_EQ(options.budget, 90s);
  EXPECT_EQ(options.seed, 7u);
  EXPECT_EQ(options.tags, "x,y");
  EXPECT_TRUE(options.race);
  EXPECT_TRUE(options.verbose);
  EXPECT_THAT(options.formats, ElementsAre("text", "json=out.json"));
  EXPECT_EQ(options.probes, "-clock,+fd");
  EXPECT_THAT(options.arguments, ElementsAre("-v", "file"));
}

TEST(Options, DefaultsAreQuiet) {
  const Options options = Parsed({"run"});
  EXPECT_TRUE(options.packages.empty());
  EXPECT_EQ(options.budget, 30s);
  EXPECT_FALSE(options.race || options.list || options.verbose);
}

TEST(Options, NamesTheNearestFlag) {
  EXPECT_THAT(Error({"run", "-budgt", "3s"}), HasSubstr("did you mean -budget?"));
  EXPECT_THAT(Error({"run", "-zzzzzzzzzz"}), HasSubstr("unknown flag -zzzzzzzzzz; "));
}

TEST(Options, NamesTheNearestCommand) {
  EXPECT_THAT(Error({"rum"}), HasSubstr("unknown command rum: did you mean run?"));
  EXPECT_THAT(Error({"./cache"}), HasSubstr("did you mean `goleakstress run ./cache`?"));
  EXPECT_THAT(Error({"-v", "run"}), HasSubstr("flags come after `run`, not -v"));
  EXPECT_THAT(Error({"version", "-v"}), HasSubstr("takes no arguments"));
}

TEST(Options, PackagesMayBeCalledLikeCommands) {
  EXPECT_THAT(Parsed({"run", "version", "run"}).packages, ElementsAre("version", "run"));
}

TEST(Options, SwitchesTakeTheValuesOfGo) {
  EXPECT_FALSE(Parsed({"run", "-race=false"}).race);
  EXPECT_TRUE(Parsed({"run", "-race=true"}).race);
  EXPECT_THAT(Error({"run", "-race=maybe"}), HasSubstr("race"));
}

TEST(Options, TheLastOfAFlagCounts) { EXPECT_EQ(Parsed({"run", "-seed=1", "-seed", "2"}).seed, 2u); }

TEST(Options, BadValuesAreNamed) {
  EXPECT_THAT(Error({"run", "-budget", "soon"}), HasSubstr("-budget: soon is no duration"));
  EXPECT_THAT(Error({"run", "-budget", "0s"}), HasSubstr("-budget: must be more"));
  EXPECT_THAT(Error({"run", "-seed", "-1"}), HasSubstr("-seed: write a number"));
  EXPECT_THAT(Error({"run", "-memory-cap", "lots"}), HasSubstr("-memory-cap: lots is no size"));
  EXPECT_THAT(Error({"run", "-color", "blue"}), HasSubstr("-color: blue is none"));
  EXPECT_THAT(Error({"run", "-run"}), HasSubstr("-run needs a value"));
}

TEST(Options, WhatOnlyTheCollectorClosesFailsUnlessToldOtherwise) {
  EXPECT_TRUE(Parsed({"run"}).gc_only_fails);
  EXPECT_FALSE(Parsed({"run", "-gc-only", "warn"}).gc_only_fails);
  EXPECT_THAT(Error({"run", "-gc-only", "no"}), HasSubstr("-gc-only: no is neither fail nor warn"));
}

TEST(Options, FuzzListsOrMerges) {
  const Options options = Parsed({"fuzz", "-merge", "./a", "-run", "^Fuzz", "-work=w"});
  EXPECT_EQ(options.verb, Verb::kFuzz);
  EXPECT_TRUE(options.merge);
  EXPECT_FALSE(options.list_corpus);
  EXPECT_EQ(options.work, "w");
  EXPECT_TRUE(Parsed({"fuzz", "-list-corpus"}).list_corpus);
  EXPECT_THAT(Error({"fuzz", "./a"}), HasSubstr("run -total 8h"));
  EXPECT_THAT(Error({"fuzz", "-merge", "-list-corpus"}), HasSubstr("-list-corpus or -merge"));
  EXPECT_THAT(Error({"run", "-merge"}), HasSubstr("-merge goes with `goleakstress fuzz`"));
}

TEST(Options, ANightHasATotal) {
  EXPECT_EQ(Parsed({"run", "-total", "8h"}).total, 8h);
  EXPECT_EQ(Parsed({"run"}).total, 0s);
  EXPECT_THAT(Error({"fuzz", "-merge", "-total", "8h"}), HasSubstr("-total goes with"));
  EXPECT_EQ(Parsed({"run", "-guide", "leaks"}).guide, "leaks");
  EXPECT_THAT(Error({"run", "-guide", "luck"}), HasSubstr("-guide: luck is none of"));
}

TEST(Options, WorkersAreFew) {
  EXPECT_EQ(Parsed({"run"}).workers, 1);
  EXPECT_EQ(Parsed({"run", "-workers", "64"}).workers, 64);
  for (const char* bad : {"0", "65", "-1", "two", "2x"}) {
    EXPECT_THAT(Error({"run", "-workers", bad}), HasSubstr("-workers: write a number from 1 to 64")) << bad;
  }
}

TEST(Options, ExplainTakesAtMostOneRule) {
  EXPECT_EQ(Parsed({"explain"}).verb, Verb::kExplain);
  EXPECT_EQ(Parsed({"explain"}).rule, "");
  EXPECT_EQ(Parsed({"explain", "GLS003"}).rule, "GLS003");
  EXPECT_THAT(Error({"explain", "GLS003", "GLS004"}), HasSubstr("explain takes one rule, not GLS004"));
}

TEST(Options, HelpFitsAScreen) {
  const Options options = Parsed({"--help"});
  EXPECT_EQ(options.verb, Verb::kHelp);
  EXPECT_LE(std::count(options.help.begin(), options.help.end(), '\n'), 24);
  std::istringstream lines(options.help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_EQ(Parsed({}).verb, Verb::kHelp);
  EXPECT_EQ(Parsed({"run", "-h"}).verb, Verb::kHelp);
  EXPECT_EQ(Parsed({"help"}).verb, Verb::kHelp);
  EXPECT_EQ(Parsed({"version"}).verb, Verb::kVersion);
  EXPECT_EQ(Parsed({"--version"}).verb, Verb::kVersion);
}

TEST(Options, AReplayKnowsItsEntryAndPackageByItsFile) {
  const Options found = Parsed({"replay", "a/b/testdata/fuzz/FuzzGet/1f", "-seed", "7"});
  EXPECT_EQ(found.verb, Verb::kReplay);
  EXPECT_EQ(found.replay, "a/b/testdata/fuzz/FuzzGet/1f");
  EXPECT_EQ(found.run, "^FuzzGet$");
  EXPECT_EQ(found.packages, std::vector<std::string>{"./a/b"});
  EXPECT_EQ(found.seed, 7u);
  EXPECT_EQ(Parsed({"replay", "testdata/fuzz/FuzzGet/1f"}).packages, std::vector<std::string>{"."});
  EXPECT_EQ(Parsed({"replay", "/m/testdata/fuzz/FuzzGet/1f"}).packages, std::vector<std::string>{"/m"});

  const Options told = Parsed({"replay", "/tmp/x", "./pkg", "-run", "FuzzPut"});
  EXPECT_EQ(told.run, "FuzzPut");
  EXPECT_EQ(told.packages, std::vector<std::string>{"./pkg"});

  EXPECT_EQ(Parsed({"replay", "/x/FuzzA+FuzzB/1f", "./pkg"}).run, "^FuzzA\\+FuzzB$");

  EXPECT_FALSE(ParseOptions({"replay"}).ok());
  EXPECT_FALSE(ParseOptions({"replay", "/tmp/x", "./pkg"}).ok());
}

}  // namespace
}  // namespace goleakstress
