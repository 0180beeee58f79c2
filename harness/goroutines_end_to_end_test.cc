// Goroutines: whose they are and what they wait for, on real Go code with the real toolchain.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/end_to_end_fixture.h"

namespace goleakstress {
namespace {

TEST_F(EndToEnd, FindsTheLeakedGoroutineAtItsLine) {
  const auto result = Run({"run", "./targets/textbook", "-run", "^TestFetch$", "-seed", "7", "-budget", "2m",
                           "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  const report::Finding& finding = report.findings(0);
  EXPECT_EQ(finding.class_(), "goroutine");
  EXPECT_EQ(finding.culprit().file(), "fetch.go");
  EXPECT_EQ(finding.culprit().line(), 28);
  EXPECT_NEAR(finding.rate_per_call(), 1, 0.05);
  EXPECT_EQ(finding.blocked_on(), "chan receive");
  EXPECT_EQ(report.exit_code(), 1);
}

// The caller of a function that starts a goroutine: at its own line, also where the compiler has inlined what
// lies between, or where the instruction after the call belongs to the next statement.
TEST_F(EndToEnd, WhoeverCalledTheStarterIsNamedAtTheCall) {
  Write("go.mod", "module example.org/user\n\ngo 1.23\n");
  Write("pool/pool.go", R"go(package pool

type Pool struct{ jobs chan int }

//go:noinline
func New() (*Pool, error) {
	p := &Pool{make(chan int)}
	p.start()
	return p, nil
}

func (p *Pool) start() { go p.work() }

func (p *Pool) work() {
	for range p.jobs {
	}
}

func (p *Pool) Close() { close(p.jobs) }
)go");
  Write("user_test.go", R"go(package user

import (
	"testing"

	"example.org/user/pool"
)

func Use(sizes []int) error {
	kept, err := pool.New()
	if err != nil {
		return err
	}
	last = kept
	return nil
}

var last *pool.Pool

func TestUse(t *testing.T) {
	if err := Use(nil); err != nil {
		t.Fatal(err)
	}
}
)go");
  const auto result = Run({"run", dir_, "-seed", "7", "-budget", "2m", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  std::string creators;
  for (const report::Frame& frame : report.findings(0).creator()) {
    if (frame.user()) creators += frame.function() + ":" + std::to_string(frame.line()) + "\n";
  }
  EXPECT_EQ(creators,
            "example.org/user/pool.(*Pool).start:12\n"
            "example.org/user/pool.New:8\n"
            "example.org/user.Use:10\n"
            "example.org/user.TestUse:21\n");
  EXPECT_EQ(report.findings(0).release(), "Close() of what pool.New returns at user_test.go:10");
  EXPECT_FALSE(report.findings(0).released());
}

// Too large to be dumped: what keeps it is asked of a fresh process.
TEST_F(EndToEnd, WhatKeepsAHeapOfGigabytesIsNamed) {
  Write("go.mod", "module example.org/user\n\ngo 1.23\n");
  Write("user_test.go", R"go(package user

import "testing"

var frames [][]byte

func TestGrab(t *testing.T) { frames = append(frames, make([]byte, 4<<20)) }
)go");
  const auto result = Run({"run", dir_, "-seed", "7", "-budget", "30s", "-memory-cap", "64GB", "-format",
                           "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  EXPECT_EQ(report.findings(0).retained_by(), "global example.org/user.frames ([][]uint8)") << result.out;
}

TEST_F(EndToEnd, ATestThatLooksForLeakedGoroutinesItselfFindsItsOwnOnly) {
  Write("m/go.mod", "module example.com/m\n\ngo 1.23\n");
  Write("m/m_test.go", R"(package m

import (
	"runtime"
	"strings"
	"testing"
)

func check(t *testing.T) {
	buffer := make([]byte, 1<<16)
	for _, text := range strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n")[1:] {
		if !strings.Contains(text, "testing.") {
			t.Error(text)
		}
	}
}

func TestClean(t *testing.T) { defer check(t) }
)");
  const auto result =
      Run({"run", Path("m"), "-seed", "7", "-budget", "20s", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.out;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 1);
  EXPECT_EQ(report.entries(0).outcomes().failed(), 0) << result.out;
}

// A lock for reading, one whose holder is gone, and one whose holder stays as well: that goes before who
// waits for it.
TEST_F(EndToEnd, WhoTookTheLockIsNamed) {
  const auto result = Run({"run", "./targets/kernels/bad/lockupgrade", "./targets/kernels/bad/unlockmissing",
                           "./targets/kernels/bad/oncewait", "-seed", "7", "-budget", "10s", "-format",
                           "text", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  std::set<std::string> takers;
  for (const report::Finding& finding : report.findings()) takers.insert(finding.retained_by());
  EXPECT_TRUE(
      takers.contains("the lock taken at bad/lockupgrade/lockupgrade.go:23 in "
                      "example.com/kernels/bad/lockupgrade.(*Router).Lookup by the same goroutine"))
      << result.out;
  EXPECT_TRUE(
      takers.contains("the lock taken at bad/unlockmissing/unlockmissing.go:35 in "
                      "example.com/kernels/bad/unlockmissing.(*Hall).Reserve by a goroutine that has ended"))
      << result.out;
  std::vector<std::string> waits;
  for (const report::Finding& finding : report.findings())
    if (finding.culprit().file() == "bad/oncewait/oncewait.go") waits.push_back(finding.blocked_on());
  EXPECT_EQ(waits, std::vector<std::string>{"chan receive"}) << result.out;
}

// A slice, which the heap profile shows, and a map, which tells of itself. One such goroutine was started
// before the calls, and what it started lives on.
TEST_F(EndToEnd, WhatALibrarysGoroutineKeepsAndHasEndedIsOfTheCallThatStartedIt) {
  Write("lib/go.mod", "module example.com/lib\n\ngo 1.23\n");
  Write("lib/lib.go", R"(package lib

type Broker struct {
	names []string
	seen  map[int]bool
	quit  chan bool
}

func (b *Broker) Open() {
	b.quit = make(chan bool)
	done := make(chan bool)
	go safely(func() {
		b.names = append(b.names, string(make([]byte, 64)))
		go safely(func() { <-b.quit })
		close(done)
	})
	<-done
}

func (b *Broker) See() {
	done := make(chan bool)
	go safely(func() {
		if b.seen == nil {
			b.seen = map[int]bool{}
		}
		b.seen[len(b.seen)] = true
		close(done)
	})
	<-done
}

func (b *Broker) Close() { close(b.quit) }

func safely(f func()) { defer func() { recover() }(); f() }
)");
  Write("app/go.mod",
        "module example.com/app\n\ngo 1.23\n\nrequire example.com/lib v0.0.0\n\n"
        "replace example.com/lib => ../lib\n");
  Write("app/app_test.go", R"(package app

import (
	"testing"

	"example.com/lib"
)

var first = func() *lib.Broker {
	b := &lib.Broker{}
	b.Open()
	b.See()
	return b
}()

var work, maps = &lib.Broker{}, &lib.Broker{}

func TestOpen(*testing.T) {
	work.Open() // line 19
	work.Close()
}

func TestSee(*testing.T) { maps.See() } // line 23
)");
  const auto result =
      Run({"run", Path("app"), "-seed", "7", "-budget", "30s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  std::set<std::pair<std::string, int>> lines;
  for (const report::Finding& finding : report.findings())
    lines.emplace(finding.entry(), finding.culprit().line());
  EXPECT_EQ(lines, (std::set<std::pair<std::string, int>>{{"TestOpen", 19}, {"TestSee", 23}}))
      << result.out << result.err;
}

// Their text is some 60 MB long.
TEST_F(EndToEnd, AHundredThousandGoroutinesAreCountedExactly) {
  Write("many/go.mod", "module example.com/many\n\ngo 1.23\n");
  Write("many/many_test.go", R"(package many

import "testing"

var never = make(chan int)

func fan(n int) {
	for i := 0; i < n; i++ {
		go func() { <-never }()
	}
}

func init() { fan(100000) }

func TestFan(t *testing.T) { fan(64) }
)");
  const auto result =
      Run({"run", Path("many"), "-seed", "7", "-budget", "30s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out << result.err;
  EXPECT_EQ(report.findings(0).rate_per_call(), 64);
  EXPECT_EQ(report.findings(0).blocked_on(), "chan receive");
  EXPECT_EQ(report.findings(0).culprit().function(), "example.com/many.fan");
}

}  // namespace
}  // namespace goleakstress
