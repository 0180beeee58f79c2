// Probes in package testing: the entries of a test binary can be called again and again, within the user's
// own TestMain.
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

constexpr char kTestingGlue[] = R"go(package testing

import (
	"bytes"
	"io"
	"reflect"
	"sync/atomic"

	agent "@AGENT@"
)

// goleakstressList tells the harness what this binary holds, before TestMain.
func goleakstressList(tests []InternalTest, benchmarks []InternalBenchmark, fuzzTargets []InternalFuzzTarget, examples []InternalExample) {
	if !agent.Active() {
		return
	}
	var entries []agent.Entry
	for _, e := range fuzzTargets {
		entries = append(entries, agent.Entry{Kind: agent.KindFuzz, Name: e.Name})
	}
	for _, e := range tests {
		entries = append(entries, agent.Entry{Kind: agent.KindTest, Name: e.Name})
	}
	for _, e := range examples {
		entries = append(entries, agent.Entry{Kind: agent.KindExample, Name: e.Name})
	}
	for _, e := range benchmarks {
		entries = append(entries, agent.Entry{Kind: agent.KindBenchmark, Name: e.Name})
	}
	agent.List(entries)
}

// goleakstressTests makes the iterations of runTests: as many as the harness wants, or -test.count.
func goleakstressTests(tests []InternalTest, once func() (failed bool)) {
	served := false
	for _, test := range tests {
		if agent.Wants(agent.KindTest, test.Name) {
			served = true
			agent.Serve(nil, nil, func([]any) (bool, bool, string) {
				goleakstressSkipped.Store(false)
				failed := once()
				return failed, goleakstressSkipped.Load(), "the test failed: see its output"
			})
		}
	}
	for i := uint(0); i < *count && !served; i++ {
		if shouldFailFast() {
			break
		}
		once()
	}
}

var goleakstressSkipped atomic.Bool

// goleakstressWatch is f, and notes whether it skipped.
func goleakstressWatch(f func(*T)) func(*T) {
	if !agent.Active() {
		return f
	}
	return func(t *T) {
		defer func() {
			if t.Skipped() {
				goleakstressSkipped.Store(true)
			}
		}()
		f(t)
	}
}

// goleakstressFuzz serves F.Fuzz: the values come from the harness instead of the seed corpus.
func goleakstressFuzz(f *F, types []reflect.Type, run func(io.Writer, corpusEntry) bool) bool {
	combined := agent.Combines(f.name)
	if !combined && !agent.Wants(agent.KindFuzz, f.name) {
		return false
	}
	target := agent.FuzzTarget{Name: f.name}
	for _, t := range types {
		target.Kinds = append(target.Kinds, reflect.Zero(t).Interface())
	}
	for _, e := range f.corpus {
		target.Seeds = append(target.Seeds, e.Values)
	}
	target.Call = func(values []any) (bool, bool, string) {
		var out goleakstressOutput
		failed := !run(&out, corpusEntry{Values: values})
		return failed, false, out.String()
	}
	if combined {
		member := goleakstressMember{f, target, make(chan struct{})}
		goleakstressHandover <- member
		<-member.over
	} else {
		agent.Serve(target.Kinds, target.Seeds, target.Call)
	}
	return true
}

// goleakstressMember is a fuzz target of a combined entry. It stays in F.Fuzz, and what it has set up stays in force, until
// over is closed.
type goleakstressMember struct {
	f      *F
	target agent.FuzzTarget
	over   chan struct{}
}

var (
	goleakstressHandover = make(chan goleakstressMember)
	goleakstressMembers  []goleakstressMember
)

// goleakstressStays waits for the end of a fuzz target, or until it stays where it is as a member.
func goleakstressStays(f *F) bool {
	select {
	case <-f.signal:
		return false
	case member := <-goleakstressHandover:
		goleakstressMembers = append(goleakstressMembers, member)
		return true
	}
}

// goleakstressCombined serves the members, then lets them end one by one, the last one first.
func goleakstressCombined(ended func(*F)) {
	var targets []agent.FuzzTarget
	for _, m := range goleakstressMembers {
		targets = append(targets, m.target)
	}
	agent.ServeCombined(targets)
	for i := len(goleakstressMembers) - 1; i >= 0; i-- {
		m := goleakstressMembers[i]
		close(m.over)
		<-m.f.signal
		ended(m.f)
	}
	goleakstressMembers = nil
}

// goleakstressOutput keeps the beginning of what a failing call prints.
type goleakstressOutput struct{ bytes.Buffer }

func (o *goleakstressOutput) Write(p []byte) (int, error) {
	if room := 4096 - o.Len(); room > 0 {
		o.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func goleakstressExample(eg InternalExample) bool {
	if !agent.Wants(agent.KindExample, eg.Name) {
		return runExample(eg)
	}
	agent.Serve(nil, nil, func([]any) (bool, bool, string) {
		return !runExample(eg), false, "the example failed: see its output"
	})
	return true
}

// goleakstressBenchmarks calls the wanted benchmark with b.N == 1 (the harness passes -test.benchtime=1x).
func goleakstressBenchmarks(benchmarks []InternalBenchmark) bool {
	if !agent.WantsKind(agent.KindBenchmark) {
		return false
	}
	for _, b := range benchmarks {
		if agent.Wants(agent.KindBenchmark, b.Name) {
			agent.Serve(nil, nil, func([]any) (bool, bool, string) {
				return Benchmark(b.F).N == 0, false, "the benchmark failed"
			})
		}
	}
	return true
}
)go";

Probe TestingProbe() {
  Probe probe;
  probe.name = "testing";
  probe.lost = "tests, fuzz targets, examples and benchmarks cannot be called again and again";
  const Substitution list = {
      .anchor = "\tInit()\n\treturn &M{\n",
      .replacement =
          "\tInit()\n\tgoleakstressList(tests, benchmarks, fuzzTargets, examples)\n\treturn &M{\n"};
  const Substitution loop = {.anchor = R"go(		for i := uint(0); i < *count; i++ {
			if shouldFailFast() {
				break
			}
			if i > 0 && !ran {
				// There were no tests to run on the first
				// iteration. This won't change, so no reason
				// to keep trying.
				break
			}
)go",
                             .replacement = "\t\tgoleakstressTests(tests, func() bool {\n"};
  const Substitution loop_end = {
      .anchor = "\t\t\tok = ok && !t.Failed()\n\t\t\tran = ran || t.ran\n\t\t}\n\t}\n\treturn ran, ok\n}\n",
      .replacement =
          "\t\t\tok = ok && !t.Failed()\n\t\t\tran = ran || t.ran\n\t\t\treturn t.Failed()\n"
          "\t\t})\n\t}\n\treturn ran, ok\n}\n"};
  const Substitution watch = {.anchor = "\t\t\t\t\tt.Run(test.Name, test.F)\n",
                              .replacement = "\t\t\t\t\tt.Run(test.Name, goleakstressWatch(test.F))\n"};
  const Substitution panics = {
      .anchor = R"(\t\tif err != nil && t\.(context|tstate)\.isFuzzing \{\n)",
      .replacement =
          "\t\tif err != nil && agent.Active() {\n"
          "\t\t\tagent.Panicked(fmt.Sprint(err, \"\\n\", string(debug.Stack())))\n\t\t}\n"
          "\t\tif err != nil && (t.$1.isFuzzing || agent.Active()) {\n",
      .regex = true};
  const Substitution exits = {
      .anchor = "\tt.resetRaces()\n\tfn(t)\n\n",
      .replacement =
          "\tt.resetRaces()\n\tif agent.Active() {\n\t\tdefer agent.TestRuns(t.FailNow)()\n\t}\n\tfn(t)\n\n"};
  const Substitution import = {.anchor = "import (\n\t\"bytes\"\n",
                               .replacement = "import (\n\tagent \"@AGENT@\"\n\t\"bytes\"\n"};
  const Substitution fuzz = {.anchor = R"(\n\tswitch f\.(fstate|fuzzContext)\.mode \{\n)",
                             .replacement =
                                 "\n\tif goleakstressFuzz(f, types, run) {\n\t\treturn\n\t}\n"
                                 "\n\tswitch f.$1.mode {\n",
                             .regex = true};
  const Substitution fuzz_wait = {.anchor = "\t\t\t\tgo fRunner(f, ft.Fn)\n\t\t\t\t<-f.signal\n",
                                  .replacement =
                                      "\t\t\t\tgo fRunner(f, ft.Fn)\n"
                                      "\t\t\t\tif goleakstressStays(f) {\n\t\t\t\t\tcontinue\n\t\t\t\t}\n"};
  const Substitution fuzz_end = {
      .anchor = "\t\t\t\tok = ok && !f.Failed()\n\t\t\t\tran = ran || f.ran\n\t\t\t}\n",
      .replacement =
          "\t\t\t\tok = ok && !f.Failed()\n\t\t\t\tran = ran || f.ran\n\t\t\t}\n"
          "\t\t\tgoleakstressCombined(func(f *F) {\n\t\t\t\tok = ok && !f.Failed()\n"
          "\t\t\t\tran = ran || f.ran\n\t\t\t})\n"};
  Variant variant;
  variant.patches = {
      {.file = "testing/testing.go", .substitutions = {import, list, loop, loop_end, watch, panics, exits}},
      {.file = "testing/fuzz.go", .substitutions = {fuzz, fuzz_wait, fuzz_end}},
      {.file = "testing/example.go",
       .substitutions = {{.anchor = "\t\tif !runExample(eg) {\n",
                          .replacement = "\t\tif !goleakstressExample(eg) {\n"}}},
      {.file = "testing/benchmark.go",
       .substitutions =
           {{.anchor =
                 "func runBenchmarks(importPath string, matchString func(pat, str string) (bool, error), "
                 "benchmarks []InternalBenchmark) bool {\n",
             .replacement =
                 "func runBenchmarks(importPath string, matchString func(pat, str string) (bool, error), "
                 "benchmarks []InternalBenchmark) bool {\n"
                 "\tif goleakstressBenchmarks(benchmarks) {\n\t\treturn true\n\t}\n"}}},
  };
  variant.additions = {{"testing/zz_goleakstress.go", kTestingGlue}, LiveGlue("testing")};
  probe.variants = {variant};
  return probe;
}

// What logs to a test, or fails it, after the test is over ends the process. Where a test is the only call
// that is seldom seen: the process ends first. Here the next call comes, and late words of servers would end
// every run: they are dropped.
Probe LateLogProbe() {
  Probe probe;
  probe.name = "late-log";
  probe.lost = "a goroutine that logs to a test which is over ends the target";
  Substitution fail = {.anchor = "\t\tpanic(\"Fail in goroutine after \" + c.name + \" has completed\")\n",
                       .replacement = "\t\treturn\n"};
  Substitution log = {
      .anchor = "\t\tpanic(\"Log in goroutine after \" + c.name + \" has completed: \" + s)\n",
      .replacement = "\t\treturn\n"};
  Variant old;
  old.max_minor = 24;
  old.patches.push_back({.file = "testing/testing.go", .substitutions = {fail, log}});
  old.additions.push_back(LiveGlue("late-log"));
  Variant variant = old;
  variant.min_minor = 25;
  variant.max_minor = Variant().max_minor;
  std::vector<Substitution>& substitutions = variant.patches.front().substitutions;
  substitutions.push_back({.anchor = "\t\tpanic(\"Output called after \" + c.name + \" has completed\")\n",
                           .replacement = "\t\treturn io.Discard\n"});
  substitutions.push_back({.anchor = "\t\tpanic(\"Write called after \" + o.c.name + \" has completed\")\n",
                           .replacement = "\t\treturn len(p), nil\n"});
  probe.variants = {variant, old};
  return probe;
}

}  // namespace

std::vector<Probe> TestingProbes() { return {TestingProbe(), LateLogProbe()}; }

}  // namespace goleakstress::build
