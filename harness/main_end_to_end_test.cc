// Mains: programs that return, programs that can be called once, programs that serve.
#include <gtest/gtest.h>

#include <string>

#include "harness/end_to_end_fixture.h"

namespace goleakstress {
namespace {

// A main whose second call in one process would panic, since a variable is published twice.
constexpr char kMainOfOneCall[] = R"(package main

import "expvar"

func main() {
	expvar.NewInt("calls").Add(1)
	wait()
}
)";

TEST_F(EndToEnd, AMainThatWorksOnceGetsAProcessForEachCall) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("leaks/main.go", kMainOfOneCall);
  Write("leaks/wait.go", "package main\n\nfunc wait() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n}\n");
  Write("clean/main.go", kMainOfOneCall);
  Write("clean/wait.go", "package main\n\nfunc wait() {}\n");
  const auto result = Run({"run", dir_ + "/...", "-budget", "20s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 2) << result.out << result.err;
  for (const report::Entry& entry : report.entries()) {
    EXPECT_EQ(entry.mode(), "process-per-call") << result.out;
    EXPECT_GT(entry.processes(), 2);
  }
  EXPECT_EQ(report.entries(0).verdict(), "clean") << result.out;
  ASSERT_EQ(report.findings_size(), 1) << result.out;
  EXPECT_EQ(report.findings(0).package(), "x/leaks");
  EXPECT_EQ(report.findings(0).culprit().line(), 5);
}

TEST_F(EndToEnd, AMainThatServesUntilItIsToldToEndIsNoLeak) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("port/main.go",
        "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\"127.0.0.1:0\", nil) }\n");
  Write("signal/main.go", R"(package main

import (
	"os"
	"os/signal"
)

func main() {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt)
	<-interrupt
}
)");
  Write("tick/main.go", R"(package main

import "time"

func main() {
	for range time.Tick(time.Hour) {
	}
}
)");
  const auto result = Run({"run", dir_ + "/...", "-budget", "20s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.entries_size(), 3) << result.out << result.err;
  EXPECT_EQ(report.findings_size(), 0) << result.out;
  for (const report::Entry& entry : report.entries()) {
    EXPECT_EQ(entry.verdict(), "") << result.out;
    ASSERT_GE(entry.notes_size(), 1);
    EXPECT_NE(entry.notes(0).find("serves until it is told to end"), std::string::npos) << entry.notes(0);
    EXPECT_EQ(entry.outcomes().hung(), 0) << "nothing is wrong with a server";
  }
  EXPECT_EQ(report.exit_code(), 4) << "nothing was looked at";

  Write("tick/main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestNothing(*testing.T) {}\n");
  const auto beside = Run({"run", dir_ + "/tick", "-budget", "20s"});
  EXPECT_EQ(beside.outcome.exit_code, 0) << beside.out << beside.err;
}

TEST_F(EndToEnd, AMainWhoseGoroutinesAllSleepIsAFinding) {
  Write("go.mod", "module x\n\ngo 1.23\n");
  Write("main.go", R"(package main

import "sync"

func main() {
	var wait sync.WaitGroup
	wait.Add(1)
	wait.Wait()
}
)");
  const auto result = Run({"run", dir_, "-budget", "20s", "-format", "json=" + Path("r.json")});
  const report::Report report = Read("r.json");
  ASSERT_EQ(report.findings_size(), 1) << result.out << result.err;
  EXPECT_EQ(report.findings(0).culprit().line(), 8) << result.out;
}

}  // namespace
}  // namespace goleakstress
