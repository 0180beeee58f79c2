// Leaks that some inputs alone reach, and some rows of calls: found, made small, replayed.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "harness/end_to_end_fixture.h"

namespace goleakstress {
namespace {

// A magic number that no generator guesses: found, made small, kept and replayed.
TEST_F(EndToEnd, AnInputThatLeaksIsFoundMadeSmallAndReplayed) {
  Write("m/go.mod", "module example.com/m\n\ngo 1.23\n");
  Write("m/m.go", R"(package m

import "encoding/binary"

func Handle(packet []byte) {
	if len(packet) < 6 || binary.BigEndian.Uint32(packet) != 0xFEEDC0DE || packet[4] != 2 {
		return
	}
	reply := make(chan int)
	go func() { <-reply }()
}
)");
  Write("m/m_test.go", R"(package m

import "testing"

func FuzzHandle(f *testing.F) {
	f.Add([]byte("hello world"))
	f.Fuzz(func(t *testing.T, packet []byte) { Handle(packet) })
}
)");
  const auto found = Run({"run", Path("m"), "-seed", "7", "-budget", "1m", "-save-corpus", "-work",
                          Path("work"), "-format", "json=" + Path("r.json")});
  EXPECT_EQ(found.outcome.exit_code, 1) << found.out << found.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << found.out << found.err;
  const report::Finding& finding = report.findings(0);
  EXPECT_EQ(finding.culprit().line(), 10);
  EXPECT_TRUE(finding.input().starts_with("go test fuzz v1\n[]byte(\"\\xfe\\xed\\xc0\\xde\\x02"))
      << finding.input();
  EXPECT_LT(finding.input().size(), 60u);
  EXPECT_GT(report.entries(0).exploration().edges_reached(), 2);

  const std::filesystem::path saved = Path("m/testdata/fuzz/FuzzHandle");
  ASSERT_TRUE(std::filesystem::exists(saved)) << finding.reproduce();
  const std::string file = std::filesystem::directory_iterator(saved)->path();
  const auto again =
      Run({"replay", file, "-seed", "8", "-budget", "1m", "-format", "json=" + Path("again.json")});
  EXPECT_EQ(again.outcome.exit_code, 1) << again.out << again.err;
  const report::Report replayed = Read("again.json");
  ASSERT_EQ(replayed.findings_size(), 1);
  EXPECT_EQ(replayed.findings(0).signature(), finding.signature());
  EXPECT_EQ(replayed.findings(0).input(), finding.input());
}

// Three calls of three fuzz targets, with the right arguments, in the right order.
TEST_F(EndToEnd, CallsOfSeveralFuzzTargetsInOrderAreFoundAndReplayed) {
  const std::string entry = "FuzzSubscribe+FuzzUpgrade+FuzzClose";
  const auto found =
      Run({"run", "./targets/inputs/bad/upgrade", "-run", "\\+", "-seed", "7", "-budget", "1m",
           "-save-corpus", "-work", Path("work"), "-format", "text", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(found.outcome.exit_code, 1) << found.out << found.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << found.out << found.err;
  const report::Finding& finding = report.findings(0);
  EXPECT_EQ(finding.entry(), entry);
  EXPECT_EQ(finding.culprit().line(), 29);
  EXPECT_TRUE(finding.input().starts_with("FuzzSubscribe(")) << finding.input();
  EXPECT_TRUE(finding.input().ends_with(")\nFuzzUpgrade(int(2))\nFuzzClose([]byte(\"\"))\n"))
      << finding.input();
  EXPECT_NE(found.out.find(", then FuzzClose"), std::string::npos) << found.out;
  EXPECT_FALSE(std::filesystem::exists("targets/inputs/bad/upgrade/testdata")) << finding.reproduce();
  EXPECT_TRUE(finding.reproduce().ends_with(" -seed 7 -budget 60s")) << finding.reproduce();

  std::string file = finding.reproduce().substr(std::string("goleakstress replay ").size());
  file.resize(file.find(' '));
  const auto again = Run({"replay", file, "./targets/inputs/bad/upgrade", "-seed", "8", "-budget", "1m",
                          "-format", "json=" + Path("again.json")});
  EXPECT_EQ(again.outcome.exit_code, 1) << again.out << again.err;
  const report::Report replayed = Read("again.json");
  ASSERT_EQ(replayed.findings_size(), 1);
  EXPECT_EQ(replayed.findings(0).signature(), finding.signature());
  EXPECT_EQ(replayed.findings(0).input(), finding.input());

  const auto repaired =
      Run({"run", "./targets/inputs/good/upgrade", "-run", "\\+", "-seed", "7", "-budget", "20s"});
  EXPECT_EQ(repaired.outcome.exit_code, 0) << repaired.out << repaired.err;
}

// What one of them leaks is one finding, told of it alone; what one has set up serves until the end; one that
// skips is left out.
TEST_F(EndToEnd, FuzzTargetsTogetherAddNothingToWhatOneLeaks) {
  Write("m/go.mod", "module example.com/m\n\ngo 1.23\n");
  Write("m/m.go", R"(package m

func Handle(packet []byte) {
	reply := make(chan int)
	go func() { <-reply }()
}
)");
  Write("m/m_test.go", R"(package m

import "testing"

func FuzzHandle(f *testing.F) {
	alive := true
	f.Cleanup(func() { alive = false })
	f.Fuzz(func(t *testing.T, packet []byte) {
		if !alive {
			t.Fatal("called after its cleanup")
		}
		Handle(packet)
	})
}

func FuzzSkipped(f *testing.F) { f.Skip("not here") }

func FuzzLength(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, more int) { _ = len(text) + more })
}
)");
  const auto result = Run({"run", Path("m"), "-run", "^FuzzHandle", "-seed", "7", "-budget", "20s", "-format",
                           "text", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 2) << result.out;
  EXPECT_EQ(report.entries(1).name(), "FuzzHandle+FuzzSkipped+FuzzLength");
  EXPECT_GT(report.entries(1).calls(), 100);
  EXPECT_EQ(report.entries(1).outcomes().failed(), 0);
  ASSERT_EQ(report.findings_size(), 2) << result.out;
  EXPECT_EQ(report.findings(0).signature(), report.findings(1).signature());
  EXPECT_NE(result.out.find("1 leak in 2 entries"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("-run '^FuzzHandle$'"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("FuzzHandle\\+"), std::string::npos) << result.out;
}

TEST_F(EndToEnd, FuzzTargetsThatCannotBeSetUpTogetherFailNothing) {
  Write("m/go.mod", "module example.com/m\n\ngo 1.23\n");
  Write("m/m_test.go", R"(package m

import "testing"

var taken bool

func take(f *testing.F) {
	if taken {
		panic("there can be only one")
	}
	taken = true
	f.Fuzz(func(t *testing.T, n int) {})
}

func FuzzA(f *testing.F) { take(f) }
func FuzzB(f *testing.F) { take(f) }
)");
  const auto result = Run({"run", Path("m"), "-run", "\\+", "-seed", "7", "-budget", "10s"});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("NOT RUN  FuzzA+FuzzB"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("cannot be set up side by side"), std::string::npos) << result.out;
}

TEST_F(EndToEnd, WhatCannotBeReplayedIsSaid) {
  Write("FuzzX/one", "no such file of Go\n");
  const auto result = Run({"replay", Path("FuzzX/one"), "./targets/textbook"});
  EXPECT_EQ(result.outcome.exit_code, 2) << result.out << result.err;
}

}  // namespace
}  // namespace goleakstress
