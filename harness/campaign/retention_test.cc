#include "harness/campaign/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace goleakstress::campaign {
namespace {

using collectors::HeapRoot;
using collectors::HeapSummary;
using collectors::RootKind;
using ::testing::HasSubstr;

report::Finding CacheFinding() {
  report::Finding finding;
  finding.set_class_("cache");
  finding.set_rule("GLS004");
  finding.set_entry("FuzzGet");
  for (const auto& [file, line] : {std::pair("cache.go", 36), std::pair("sub/get.go", 12)}) {
    report::Frame* frame = finding.add_stack();
    frame->set_file(file);
    frame->set_line(line);
  }
  *finding.mutable_culprit() = finding.stack(0);
  return finding;
}

// Stack 0 is the finding's, as the runtime tells it; the others only look like it.
HeapSummary Heap(uint64_t factor) {
  HeapSummary heap;
  heap.stacks = {{{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1000},
                  {"x/app.Get", "/home/u/app/cache.go", 36},
                  {"x/app/sub.Get", "/home/u/app/sub/get.go", 12},
                  {"testing.tRunner", "/go/src/testing/testing.go", 1}},
                 {{"x/app.Get", "/home/u/app/cache.go", 37}, {"x/app/sub.Get", "/home/u/app/sub/get.go", 12}},
                 {{"x/app.Put", "/home/u/app/put.go", 5}, {"x/app.Get", "/home/u/app/cache.go", 36}},
                 {{"x/app.Get", "/home/u/app/cache.go", 36},
                  {"x/app.Other", "/home/u/app/other.go", 1},
                  {"x/app/sub.Get", "/home/u/app/sub/get.go", 12}}};
  heap.stacks[2].insert(heap.stacks[2].begin(), {"x/app/sub.Get", "/home/u/app/sub/get.go", 12});
  heap.roots = {
      {.kind = RootKind::kGlobal, .name = "x/app.cache", .bytes = 1000 * factor, .objects = 10 * factor},
      {.kind = RootKind::kGlobal, .name = "x/app.other", .bytes = 9000 * factor, .objects = 90 * factor},
      {.kind = RootKind::kGoroutine,
       .name = "x/app.run",
       .creator = "x/app.Start",
       .wait_reason = "select",
       .bytes = 500,
       .objects = 5}};
  heap.holdings = {{.stack_id = 1, .stack = 0, .root = 0, .bytes = 900 * factor, .objects = 9 * factor},
                   {.stack_id = 2, .stack = 1, .root = 1, .bytes = 5000 * factor, .objects = 50 * factor},
                   {.stack_id = 3, .stack = 2, .root = 1, .bytes = 4000 * factor, .objects = 40 * factor},
                   {.stack_id = 4, .stack = 3, .root = 1, .bytes = 4000 * factor, .objects = 40 * factor},
                   {.stack_id = 1, .stack = 0, .root = 2, .bytes = 5000, .objects = 5}};
  return heap;
}

TEST(Retention, TheRootThatGainsFromTheStackOfTheFinding) {
  report::Finding finding = CacheFinding();
  SetRetainedBy({.before = Heap(1), .after = Heap(3), .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "global x/app.cache");
  EXPECT_EQ(finding.retained_bytes_per_call(), 200);
  EXPECT_EQ(finding.retained_objects_per_call(), 2);
  EXPECT_THAT(finding.advice(), HasSubstr("kept by global x/app.cache"));
}

TEST(Retention, WhatALeakedGoroutineKeepsIsAMemberOfItsFinding) {
  report::Finding goroutine;
  goroutine.set_class_("goroutine");
  goroutine.set_verdict("proven");
  goroutine.add_stack()->set_function("runtime.chanrecv1");
  goroutine.add_stack()->set_function("x/app.run");
  report::Finding memory = CacheFinding();
  memory.add_members()->set_kind("heap objects");
  memory.set_bytes_per_call(16);
  std::vector<report::Finding> findings = {goroutine, memory};
  ExplainFindings({.after = Heap(1)}, &findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].members_size(), 1);
  EXPECT_EQ(findings[0].bytes_per_call(), 16);

  goroutine.set_verdict("growing");
  memory.set_verdict("leak");
  memory.mutable_evidence()->set_e_value(1e9);
  findings = {goroutine, memory};
  ExplainFindings({.after = Heap(1)}, &findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].verdict(), "leak");
  EXPECT_EQ(findings[0].evidence().e_value(), 1e9);
}

TEST(Retention, WithoutGainEverythingCounts) {
  report::Finding finding = CacheFinding();
  SetRetainedBy({.before = Heap(1), .after = Heap(1), .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "goroutine x/app.run (select), started by x/app.Start");
  EXPECT_EQ(finding.retained_bytes_per_call(), 0);
}

TEST(Retention, TwoRootsWhereNoneIsClear) {
  report::Finding finding = CacheFinding();
  HeapSummary heap = Heap(1);
  heap.holdings[4].bytes = 800;
  EXPECT_EQ(SetRetainedBy({.after = heap}, &finding), nullptr);
  EXPECT_EQ(finding.retained_by(),
            "global x/app.cache and goroutine x/app.run (select), started by x/app.Start");
}

TEST(Retention, WhatHoldsTheEntryHoldsItsVariables) {
  for (const char* name : {"agent/main.entry", "testing.runFuzzTests.gowrap1"}) {
    report::Finding finding = CacheFinding();
    HeapSummary heap = Heap(1);
    heap.roots[2].name = name;
    SetRetainedBy({.after = heap, .agent_package = "agent/main"}, &finding);
    EXPECT_EQ(finding.retained_by(), "a variable of FuzzGet");
  }
}

TEST(Retention, WhatOpensAHandleMayBeInlined) {
  report::Finding finding = CacheFinding();
  finding.set_class_("resource");
  finding.set_verdict("leak");
  finding.clear_stack();
  report::Frame* const acquirer = finding.add_stack();
  acquirer->set_function("x/app.Next");
  acquirer->set_file("pool.go");
  acquirer->set_line(21);
  acquirer->set_user(true);
  HeapSummary heap = Heap(3);
  SetRetainedBy({.after = heap}, &finding);
  EXPECT_EQ(finding.retained_by(), "");
  heap.stacks[1][0] = {"x/app.Next", "/go/src/os/file.go", 390};
  SetRetainedBy({.after = heap}, &finding);
  EXPECT_EQ(finding.retained_by(), "global x/app.other");
}

TEST(Retention, AWrapperOfTheCompilersHasNoName) {
  report::Finding finding = CacheFinding();
  HeapSummary heap = Heap(1);
  heap.roots[2].name = "x/app.Start.gowrap1";
  SetRetainedBy({.after = heap}, &finding);
  EXPECT_EQ(finding.retained_by(), "goroutine (select) started by x/app.Start");
}

TEST(Retention, WhatTheMainOfATestKeepsIsTestMains) {
  report::Finding finding = CacheFinding();
  HeapSummary heap = Heap(1);
  heap.roots[2].name = "main.main";
  SetRetainedBy({.after = heap}, &finding);
  EXPECT_EQ(finding.retained_by(), "a variable of TestMain");
}

TEST(Retention, AStrippedProgramHasNoNames) {
  report::Finding finding = CacheFinding();
  HeapSummary heap = Heap(10);
  heap.named = false;
  SetRetainedBy({.after = heap}, &finding);
  EXPECT_EQ(finding.retained_by(), "a global variable, whose name the binary has lost");
}

TEST(Retention, WhereAMapIsToldTheLinesOfItsValuesCount) {
  report::Finding finding = CacheFinding();
  finding.mutable_stack(0)->set_line(99);
  finding.add_members()->set_where("x/app.Get cache.go:37");
  SetRetainedBy({.before = Heap(1), .after = Heap(3), .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "global x/app.other");
}

TEST(Retention, AHandleIsKeptByWhatKeepsItsMemory) {
  report::Finding finding = CacheFinding();
  finding.set_class_("resource");
  finding.set_verdict("leak");
  finding.mutable_stack(0)->set_file("dial.go");  // another line than the allocation's
  finding.mutable_stack(1)->set_user(true);
  HeapSummary heap = Heap(3);
  EXPECT_EQ(SetRetainedBy({.before = Heap(1), .after = heap, .calls = 10}, &finding), nullptr);
  EXPECT_EQ(finding.retained_by(), "global x/app.other");
  EXPECT_EQ(finding.retained_bytes_per_call(), 0) << "what else it gained is not said";
  finding.clear_retained_by();
  heap.holdings[0].bytes *= 10;
  SetRetainedBy({.before = Heap(1), .after = heap, .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "") << "none clearly";
  heap = Heap(3);
  heap.roots[1] = {.kind = RootKind::kGoroutine, .creator = "runtime.gcBgMarkStartWorkers"};
  SetRetainedBy({.before = Heap(1), .after = heap, .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "") << "what was left on its stack";
  heap = Heap(3);
  finding.set_only_closed_by_gc(true);
  SetRetainedBy({.before = Heap(1), .after = heap, .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "") << "nothing keeps it";
}

TEST(Retention, NothingIsSaidOfOtherStacks) {
  report::Finding finding = CacheFinding();
  finding.mutable_stack(0)->set_line(99);
  SetRetainedBy({.before = Heap(1), .after = Heap(3), .calls = 10}, &finding);
  EXPECT_EQ(finding.retained_by(), "");
  EXPECT_EQ(finding.advice(), "");
}

}  // namespace
}  // namespace goleakstress::campaign
