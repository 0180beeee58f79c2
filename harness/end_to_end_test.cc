// The program as its user runs it, on real Go code with the real toolchain.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/end_to_end_fixture.h"

namespace goleakstress {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(EndToEnd, InlinedCallersStayInTheStackOfAnAllocation) {
  Write("go.mod", "module example.org/user\n\ngo 1.23\n");
  Write("user_test.go", R"go(package user

import "testing"

type base struct{}

var kept [][]byte

//go:noinline
func (base) keep() { kept = append(kept, make([]byte, 64)) }

type client struct{ base }

func Lookup(c client) { c.keep() } // inlined, with the wrapper of the promoted method

func TestLookup(t *testing.T) { Lookup(client{}) }
)go");
  const auto result = Run({"run", dir_, "-seed", "7", "-budget", "1m", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out << result.err;
  std::vector<std::string> functions;
  for (const report::Frame& frame : report.findings(0).stack()) functions.push_back(frame.function());
  EXPECT_EQ(functions, (std::vector<std::string>{"example.org/user.base.keep", "example.org/user.Lookup",
                                                 "example.org/user.TestLookup"}));
}

TEST_F(EndToEnd, NamesWhatKeepsTheMapAlive) {
  const auto result = Run({"run", "./targets/textbook", "-run", "^TestProfileOfNewUser$", "-seed", "7",
                           "-budget", "2m", "-format", "text", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out << result.err;
  const report::Finding& finding = report.findings(0);
  EXPECT_EQ(finding.class_(), "cache");
  EXPECT_EQ(finding.retained_by(), "global example.com/textbook.profiles (map[string]*textbook.Profile)");
  // A profile, its name, its greeting and its share of the map.
  EXPECT_NEAR(finding.retained_objects_per_call(), 4, 2);
  EXPECT_GT(finding.retained_bytes_per_call(), 80);
  EXPECT_NE(result.out.find("kept by   global example.com/textbook.profiles"), std::string::npos)
      << result.out;
}

TEST_F(EndToEnd, NamesFieldsGoroutinesAndFinalizersThatKeepMemory) {
  Write("go.mod", "module example.com/keep\n\ngo 1.23\n");
  Write("keep.go", R"(package keep

import "runtime"

type item struct {
	next *item
	body [64]byte
}

type Store struct {
	name  string
	inner struct{ head *item }
}

var Default = &Store{}

func InField() { Default.inner.head = &item{next: Default.inner.head} }

var values = make(chan int)

func init() { go collect() }

func collect() {
	var all []*item
	for range values {
		all = append(all, &item{})
	}
	runtime.KeepAlive(all)
}

func InGoroutine() { values <- 1 }

type left struct {
	right *right
	body  [64]byte
}

type right struct{ left *left }

func InFinalizer() {
	l := &left{}
	l.right = &right{l}
	runtime.SetFinalizer(l, func(*left) {})
}
)");
  Write("keep_test.go", R"(package keep

import "testing"

func TestField(t *testing.T)     { InField() }
func TestGoroutine(t *testing.T) { InGoroutine() }
func TestFinalizer(t *testing.T) { InFinalizer() }
)");
  const auto result = Run({"run", dir_, "-seed", "7", "-budget", "1m", "-format", "json=" + Path("r.json")});
  std::set<std::string> kept;
  const report::Report report = Read("r.json");
  for (const report::Finding& finding : report.findings())
    kept.insert(finding.entry() + ": " + finding.retained_by());
  EXPECT_EQ(kept, (std::set<std::string>{
                      "TestField: global example.com/keep.Default.inner.head (*keep.item)",
                      "TestGoroutine: goroutine example.com/keep.collect (chan receive), started by "
                      "example.com/keep.init.0",
                      "TestFinalizer: finalizer example.com/keep.InFinalizer.func1"}))
      << result.out << result.err;
}

TEST_F(EndToEnd, TheRepairedTwinIsClean) {
  const auto result =
      Run({"run", "./targets/textbook_fixed", "-run", "^TestFetch$", "-seed", "7", "-budget", "2m"});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.out << result.err;
}

// Only the garbage collector closes the file: a bug, but bounded. The flag says whether it fails the run.
TEST_F(EndToEnd, WhatOnlyTheCollectorClosesIsItsOwnVerdict) {
  for (const auto& [how, code] : {std::pair{"fail", 1}, {"warn", 0}}) {
    const auto result = Run({"run", "./targets/resources/bad/filesdropped", "-seed", "7", "-budget", "2m",
                             "-gc-only", how, "-format", "json=" + Path("r.json")});
    EXPECT_EQ(result.outcome.exit_code, code) << result.out << result.err;
    const report::Report report = Read("r.json");
    ASSERT_EQ(report.findings_size(), 1) << result.out;
    EXPECT_EQ(report.findings(0).verdict(), "gc-only");
    EXPECT_EQ(report.findings(0).culprit().line(), 15);
    EXPECT_EQ(report.entries(0).verdict(), "gc-only");
  }
}

// Between fork and exec the child runs the probes' code as well.
TEST_F(EndToEnd, AChildThatNobodyWaitsForIsFound) {
  const auto leaks = Run({"run", "./targets/resources/bad/children", "-seed", "7", "-budget", "10s",
                          "-format", "json=" + Path("r.json")});
  EXPECT_EQ(leaks.outcome.exit_code, 1) << leaks.out << leaks.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << leaks.out;
  EXPECT_EQ(report.findings(0).rule(), "GLS012");
  EXPECT_EQ(report.findings(0).culprit().line(), 12);
  const auto clean = Run({"run", "./targets/resources/good/children", "-seed", "7", "-budget", "20s"});
  EXPECT_EQ(clean.outcome.exit_code, 0) << clean.out << clean.err;
}

// The target swallows the error and looks bounded from then on.
TEST_F(EndToEnd, ExhaustionThatTheTargetSwallowsIsFound) {
  const auto result = Run({"run", "./targets/resources/bad/inotify", "-seed", "7", "-budget", "2m", "-format",
                           "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  EXPECT_EQ(report.findings(0).verdict(), "exhausted");
  EXPECT_EQ(report.findings(0).kind(), "inotify");
  EXPECT_EQ(report.findings(0).culprit().line(), 15);
}

// Calls fail soon after the clock was moved first, which is not why.
TEST_F(EndToEnd, ExhaustionIsNotTheClocksFault) {
  const auto result = Run({"run", "./targets/resources/bad/watchlimit", "-seed", "7", "-budget", "2m",
                           "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  EXPECT_EQ(report.findings(0).verdict(), "exhausted");
  EXPECT_EQ(report.findings(0).culprit().line(), 11);
  EXPECT_LE(report.findings(0).evidence().exhausted_after(), 128) << "calls that failed do not count";
  ASSERT_EQ(report.entries_size(), 1);
  EXPECT_EQ(report.entries(0).clock(), "virtual");
}

TEST_F(EndToEnd, WhatEmptiesAPoolIsFoundAndNotWhoWaitsForIt) {
  const auto result = Run({"run", "./targets/resources/bad/poolexhausted", "-run", "Login", "-seed", "7",
                           "-budget", "10s", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 1) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  const report::Finding& finding = report.findings(0);
  EXPECT_EQ(finding.verdict(), "exhausted");
  EXPECT_EQ(finding.rule(), "GLS011");
  EXPECT_EQ(finding.culprit().line(), 16);
  EXPECT_EQ(finding.evidence().exhausted_after(), 70);
  EXPECT_NE(finding.summary().find("call 71 waits for one at"), std::string::npos) << finding.summary();
}

TEST_F(EndToEnd, ExplainPrintsTheRule) {
  const auto page = Run({"explain", "GLS013-0a1b2c3d"});
  EXPECT_EQ(page.outcome.exit_code, 0) << page.err;
  EXPECT_TRUE(page.out.starts_with("GLS013  timer or ticker not stopped\n")) << page.out;
  EXPECT_NE(Run({"explain"}).out.find("GLS016"), std::string::npos);
  EXPECT_EQ(Run({"explain", "GLS999"}).outcome.exit_code, 2);
}

TEST_F(EndToEnd, ListPrintsEntriesAndRunsNothing) {
  const auto result = Run({"run", "-list", "./targets/textbook/..."});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("example.com/textbook\tfuzz\tFuzzFetch\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("example.com/textbook/cmd/fetch\tmain\tmain\n"), std::string::npos) << result.out;
}

TEST_F(EndToEnd, ABuildErrorShowsGosOwnText) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("a.go", "package x\n\nfunc F() int { return \"x\" }\n");
  Write("a_test.go", "package x\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) { F() }\n");
  const auto result = Run({"run", dir_});
  EXPECT_EQ(result.outcome.exit_code, 3) << result.out;
  EXPECT_NE(result.out.find("a.go:3:23: cannot use \"x\""), std::string::npos) << result.out;
}

TEST_F(EndToEnd, EndsOfCallsAreData) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("a_test.go", R"(package x

import (
	"os"
	"runtime"
	"testing"
)

func TestPanics(t *testing.T) { panic("on purpose") }
func TestExits(t *testing.T)  { os.Exit(3) }
func TestGoexits(t *testing.T) { runtime.Goexit() }
)");
  const auto result = Run({"run", dir_, "-budget", "3s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 3) << result.out << result.err;
  EXPECT_GT(report.entries(0).outcomes().panicked(), 0) << result.out;
  EXPECT_GT(report.entries(1).outcomes().exited(), 1) << result.out;
  EXPECT_EQ(report.entries(1).outcomes().crashed(), 0) << result.out;
  EXPECT_GT(report.entries(2).outcomes().failed() + report.entries(2).outcomes().panicked(), 0) << result.out;
  EXPECT_EQ(report.findings_size(), 0) << result.out;
}

// C takes memory at two places, one of which gives it back, and takes its time once.
TEST_F(EndToEnd, MemoryOfCIsFoundAtTheCallThatTookIt) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("x.go", R"(package x

/*
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char *copy(const char *s) { return strdup(s); }
static void wait(void) { usleep(300000); }
*/
import "C"

import "unsafe"

var waited bool

func Greet() {
	if !waited {
		waited = true
		C.wait()
	}
	name := C.CString("a name that is freed")
	defer C.free(unsafe.Pointer(name))
	C.copy(name)
}
)");
  Write("x_test.go", "package x\n\nimport \"testing\"\n\nfunc TestGreet(t *testing.T) { Greet() }\n");
  const auto result = Run({"run", dir_, "-seed", "1", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out << result.err;
  EXPECT_EQ(report.findings(0).kind(), "C memory");
  EXPECT_EQ(report.findings(0).culprit().line(), 23);
  EXPECT_EQ(report.findings(0).rate_per_call(), 1);
  EXPECT_EQ(report.findings(0).bytes_per_call(), 21);
  ASSERT_EQ(report.entries_size(), 1);
  EXPECT_EQ(report.entries(0).outcomes().hung(), 0);
  EXPECT_EQ(report.entries(0).notes_size(), 0) << report.entries(0).notes(0);
}

// A program that the hooks of malloc do not reach runs as it would, and the report says what is missing.
TEST_F(EndToEnd, WhereMallocIsTheProgramsOwnTheReportSaysSo) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("x.go",
        "package x\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc Greet() { C.free(C.malloc(64)) }\n");
  Write("x_test.go", "package x\n\nimport \"testing\"\n\nfunc TestGreet(t *testing.T) { Greet() }\n");
  const auto result = Run({"run", dir_, "-seed", "1", "-ldflags", "-linkmode external -extldflags -static",
                           "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 1) << result.out << result.err;
  EXPECT_EQ(report.entries(0).verdict(), "clean");
  ASSERT_EQ(report.entries(0).notes_size(), 1) << result.out;
  EXPECT_NE(report.entries(0).notes(0).find("not the call that took it"), std::string::npos);
  EXPECT_NE(result.out.find("not the call that took it"), std::string::npos) << result.out;
}

TEST_F(EndToEnd, WithoutTheClockProbeEveryWaitIsRealAndTheReportSaysSo) {
  const auto result = Run({"run", "./targets/clock/good/retrycontext", "-probes", "-clock", "-seed", "7",
                           "-budget", "4s", "-v", "-format", "text", "-format", "json=" + Path("r.json")});
  EXPECT_NE(
      result.out.find("PROBE LOST  clock  the target's clock cannot be moved: every wait is real, holds "
                      "are short (switched off by -probes)"),
      std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("real clock"), std::string::npos) << result.out;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 1) << result.out;
  EXPECT_EQ(report.entries(0).clock(), "real");
  EXPECT_LE(report.entries(0).hold_seconds(), 4);
  EXPECT_GE(report.entries(0).calls(), 64);
}

// A token of half an hour, which dies at a jump after many calls that went well.
TEST_F(EndToEnd, WhatTheClockBreaksIsAskedAgainInRealTimeAndTheReportSaysSo) {
  const auto result = Run({"run", "./targets/clock/bad/token", "-seed", "7", "-budget", "2m", "-format",
                           "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 1) << result.out;
  EXPECT_EQ(report.entries(0).clock(), "real");
  EXPECT_EQ(report.entries(0).processes(), 2);
  ASSERT_GE(report.entries(0).notes_size(), 1);
  EXPECT_EQ(report.entries(0).notes(0),
            "calls fail since the target's clock was moved and did not before: on in real time, in a fresh "
            "process; only the hold moves the clock");
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  EXPECT_EQ(report.findings(0).culprit().function(), "example.com/clock/bad/token.(*Service).Watch");
}

// The wheel has a slot for each of 600 ticks, one a second: in a hold whose steps are longer than a second
// what it keeps for ten minutes would seem to stay for ever.
TEST_F(EndToEnd, WhatIsReleasedTickByTickIsNoLeak) {
  const auto result = Run({"run", "./targets/clock/good/timingwheel", "-seed", "7", "-budget", "1m",
                           "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 1);
  EXPECT_EQ(report.entries(0).clock(), "virtual");
  EXPECT_NE(report.exit_code(), 1) << result.out;
}

// The newest patch of each release that is supported, besides the one on PATH.
TEST_F(EndToEnd, EveryReleaseOfGoHasItsProbesAndFindsTheLeaks) {
  for (const char* release : {"go1.23.12", "go1.25.14", "go1.27.4"}) {
    target::Spec spec = SpecOf({"run", ".", "-run", "^(TestFetch|FuzzProfile)$", "-seed", "7", "-budget",
                                "1m", "-format", "json=" + Path("r.json")});
    spec.working_dir += "/targets/textbook";
    target::SetVariable(spec.env, "GOTOOLCHAIN", release);
    const auto result = target::RunCommand(std::move(spec), minutes(10));
    ASSERT_TRUE(result.ok()) << result.status();
    const report::Report report = Read("r.json");
    EXPECT_EQ(report.go_version(), release);
    for (const report::Probe& probe : report.probes()) {
      const bool known = probe.name() != "containers" || std::string_view(release) != "go1.23.12";
      EXPECT_EQ(probe.live(), known) << release << probe.name();
      EXPECT_EQ(probe.lost().empty(), known) << release << probe.name();
    }
    EXPECT_EQ(report.crashes_size(), 0) << release << result->out;
    EXPECT_EQ(report.findings_size(), 2) << release << result->out;
    EXPECT_EQ(report.exit_code(), 1) << release;
  }
}

// What comes after the failure was not tried, which fails nothing as long as other entries were run.
TEST_F(EndToEnd, EntriesWhoseCallsAllFailWereNotRun) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("x_test.go", R"(package x

import "testing"

func TestFails(t *testing.T)  { t.Fatal("\n\tError Trace:\tx_test.go:5\n\tError:\tno connection") }
func TestGood(t *testing.T)   {}
func TestPanics(t *testing.T) { var m map[int]int; m[0] = 1 }
)");
  const auto result = Run({"run", dir_, "-budget", "5s", "-format", "json=" + Path("r.json")});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.out << result.err;
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 3) << result.out;
  EXPECT_EQ(report.entries(0).verdict(), "");
  EXPECT_NE(report.entries(0).notes(0).find("x_test.go:5: Error: no connection"), std::string::npos)
      << result.out;
  EXPECT_EQ(report.entries(1).verdict(), "clean");
  EXPECT_EQ(report.entries(2).verdict(), "");
  EXPECT_NE(report.entries(2).notes(0).find("x_test.go:7: panic: assignment to entry in nil map"),
            std::string::npos)
      << result.out;
  EXPECT_EQ(Run({"run", dir_, "-budget", "5s", "-run", "Fails|Panics"}).outcome.exit_code, 4);
}

TEST_F(EndToEnd, InterruptLeavesAValidPartialReport) {
  auto process = target::TargetProcess::Spawn(
      SpecOf({"run", "./targets/textbook", "-budget", "5m", "-format", "json=" + Path("r.json")}));
  ASSERT_TRUE(process.ok()) << process.status();
  for (int i = 0; i < 600 && process->Err().Text().find("calls") == std::string::npos; ++i) usleep(100000);
  kill(process->pid(), SIGINT);
  const auto outcome = process->Wait(minutes(1));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit_code, 130) << process->Err().Text();
  EXPECT_TRUE(Read("r.json").interrupted());
}

TEST_F(EndToEnd, WhoeverIsKilledLeavesWhatWasKnown) {
  auto process = target::TargetProcess::Spawn(SpecOf(
      {"run", "./targets/textbook", "-run", "^Test", "-budget", "5m", "-format", "json=" + Path("r.json")}));
  ASSERT_TRUE(process.ok()) << process.status();
  for (int i = 0; i < 1200 && !std::filesystem::exists(Path("r.json")); ++i) usleep(50000);
  kill(process->pid(), SIGKILL);
  ASSERT_TRUE(process->Wait(minutes(1)).has_value());
  const report::Report report = Read("r.json");
  EXPECT_TRUE(report.interrupted());
  EXPECT_EQ(report.exit_code(), 130);
  ASSERT_EQ(report.findings_size(), 1);
  EXPECT_EQ(report.findings(0).culprit().file(), "cache.go");
}

TEST_F(EndToEnd, BadInputIsOneClearLine) {
  EXPECT_EQ(Run({"run", "./nosuch"}).outcome.exit_code, 2);
  EXPECT_EQ(Run({"run", "-budgt", "3s"}).outcome.exit_code, 2);
  EXPECT_EQ(Run({"run", "-format", "nope", "./targets/textbook"}).outcome.exit_code, 2);
  EXPECT_EQ(Run({"run", "-run", "((", "./targets/textbook"}).outcome.exit_code, 2);
}

}  // namespace
}  // namespace goleakstress
