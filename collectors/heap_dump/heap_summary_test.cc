#include "collectors/heap_dump/heap_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "collectors/gunzip.h"
#include "collectors/heap_dump/dump_builder.h"
#include "collectors/heap_dump/heap_growth.h"
#include "collectors/test_files.h"

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

HeapSummary Summary(const std::string& bytes, const ElfSymbols& symbols = {}, bool paths = true) {
  auto summary = SummarizeDump(*ByteSourceOf(bytes), symbols, {.last_packages = {"tool"}, .paths = paths});
  EXPECT_TRUE(summary.ok()) << summary.status();
  return summary.ok() ? *summary : HeapSummary{};
}

const HeapRoot* Find(const HeapSummary& summary, RootKind kind, const std::string& name) {
  for (const HeapRoot& root : summary.roots) {
    if (root.kind == kind && root.name == name) return &root;
  }
  return nullptr;
}

// Objects of 64 bytes at 0x1000, 0x2000...; data from 0x100 on.
constexpr uint64_t A = 0x1000, B = 0x2000, C = 0x3000, D = 0x4000;

ElfSymbols Symbols() {
  return ElfSymbols::Of({{0x100, 16, "x/app%2ev2.cache"},
                         {0x110, 8, "runtime.all"},
                         {0x118, 8, "tool.kept"},
                         {0x120, 8, "x/app%2ev2.service"}},
                        {{0x900, 16, "x/app.start"}, {0x910, 16, "x/app.clean"}});
}

TEST(HeapSummary, NamesRootsAndRanksThem) {
  DumpBuilder dump;
  for (const uint64_t object : {A, B, C, D}) dump.Object(object, 64, object == A ? Words{{8, B}} : Words{});
  dump.Goroutine(1, 0x905, "select");
  dump.Frame("x/app.leaf", 16, {{0, B}});
  dump.Frame("x/app%2ev2.run", 16, {{8, C + 63}});
  dump.Frame("runtime.goexit", 0, {});
  dump.Data(0x100, 64, {{8, A}, {0x10, C}, {0x18, D}});
  const HeapSummary summary = Summary(dump.Take(), Symbols());
  ASSERT_THAT(summary.roots, SizeIs(4));
  const HeapRoot* const cache = Find(summary, RootKind::kGlobal, "x/app.v2.cache");
  ASSERT_NE(cache, nullptr);
  EXPECT_EQ(cache->objects, 2U);
  EXPECT_EQ(cache->bytes, 128U);
  const HeapRoot* const run = Find(summary, RootKind::kGoroutine, "x/app.v2.run");
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->creator, "x/app.start");
  EXPECT_EQ(run->wait_reason, "select");
  EXPECT_EQ(run->objects, 1U) << "B is the global's";
  EXPECT_EQ(Find(summary, RootKind::kRuntime, "runtime.all")->objects, 0U) << "C is the goroutine's";
  EXPECT_EQ(Find(summary, RootKind::kRuntime, "tool.kept")->objects, 1U);
  EXPECT_EQ(summary.reachable_bytes, 256U);
}

TEST(HeapSummary, WhatLiesInAFrameUnlistedIsHeldByItsGoroutineWhereNothingElseHoldsIt) {
  DumpBuilder dump;
  for (const uint64_t object : {A, B, C, D}) dump.Object(object, 64, object == A ? Words{{8, B}} : Words{});
  dump.Goroutine(1, 0x905, "select");
  dump.Frame("x/app%2ev2.run", 24, {{0, C}}, {{8, A}, {16, D}});
  dump.Data(0x100, 64, {{8, D}});
  const HeapSummary summary = Summary(dump.Take(), Symbols());
  const HeapRoot* const frames = Find(summary, RootKind::kFrames, "x/app.v2.run");
  ASSERT_NE(frames, nullptr);
  EXPECT_EQ(frames->wait_reason, "select");
  EXPECT_EQ(frames->objects, 2U) << "A and what it points to";
  EXPECT_EQ(Find(summary, RootKind::kGoroutine, "x/app.v2.run")->objects, 1U);
  EXPECT_EQ(Find(summary, RootKind::kGlobal, "x/app.v2.cache")->objects, 1U);
}

TEST(HeapSummary, GoroutinesThatDoTheSameAreOneRootOfWhichTheBusiestIsKnown) {
  DumpBuilder dump;
  dump.Object(A, 64);
  dump.Object(B, 64, {{0, C}});
  dump.Object(C, 64);
  dump.Object(D, 64);
  for (const uint64_t goroutine : std::vector<uint64_t>{7, 9, 8}) {
    dump.Goroutine(goroutine, 0x905, "select");
    dump.Frame("x/app%2ev2.run", 16, {{0, goroutine == 7 ? A : goroutine == 9 ? B : D}});
  }
  dump.Stack(5, {{"a.go", 1}});
  for (const uint64_t object : {A, B, C}) dump.Sample(object, 5);
  const HeapSummary summary = Summary(dump.Take(), Symbols());
  ASSERT_THAT(summary.roots, SizeIs(1));
  EXPECT_EQ(summary.roots[0].objects, 4U);
  ASSERT_THAT(summary.holdings, SizeIs(1));
  EXPECT_EQ(summary.holdings[0].bytes, 192U);
  EXPECT_EQ(summary.holdings[0].goroutine, 9U);
}

TEST(HeapSummary, AFinalizerKeepsWhatItsObjectPointsTo) {
  DumpBuilder dump;
  dump.Object(A, 64, {{0, B}, {8, A}});
  dump.Object(B, 64, {{0, C}});
  dump.Object(C, 64);
  dump.Object(D, 64);
  dump.Data(0x100, 64, {});
  dump.Finalizer(A, 0x910);
  dump.Finalizer(D, 0x910, true);
  const HeapSummary summary = Summary(dump.Take(), Symbols());
  ASSERT_THAT(summary.roots, SizeIs(1));
  EXPECT_EQ(summary.roots[0].name, "x/app.clean");
  EXPECT_EQ(summary.roots[0].objects, 3U) << "B, C and the queued D; A is garbage";
}

TEST(HeapSummary, HoldingsWithTheWayThere) {
  DumpBuilder dump;
  dump.Object(A, 64, {{24, B}});
  dump.Object(B, 64, {{40, C}, {48, C}});
  dump.Object(C, 64);
  dump.Object(D, 64);
  // The variable's initial value lies behind it, without a name, and holds the first pointer.
  dump.Data(0x100, 64, {{0x20, 0x130}, {0x38, A}, {0, D}});
  dump.Stack(77, {{"a.go", 3}, {"b.go", 4}});
  dump.Sample(C, 77);
  dump.Sample(D, 99);
  const HeapSummary summary = Summary(dump.Take(), Symbols());
  ASSERT_THAT(summary.holdings, SizeIs(1));
  const Holding& holding = summary.holdings[0];
  EXPECT_EQ(summary.roots[holding.root].name, "x/app.v2.service");
  EXPECT_EQ(holding.bytes, 64U);
  EXPECT_THAT(holding.offsets, ElementsAre(0, 8, 24, 40));
  EXPECT_EQ(summary.stacks[holding.stack][1].file, "b.go");
}

TEST(HeapSummary, WithoutSymbols) {
  DumpBuilder dump;
  dump.Object(A, 64);
  dump.Data(0x100, 16, {{8, A}});
  const HeapSummary summary = Summary(dump.Take());
  EXPECT_FALSE(summary.named);
  ASSERT_THAT(summary.roots, SizeIs(1));
  EXPECT_EQ(summary.roots[0].kind, RootKind::kGlobal);
  EXPECT_EQ(summary.roots[0].name, "data at 0x108");
}

TEST(HeapSummary, Growth) {
  const auto dump = [](uint64_t objects) {
    DumpBuilder builder;
    for (uint64_t i = 0; i < objects; ++i)
      builder.Object(A + 64 * i, 64, i + 1 < objects ? Words{{0, A + 64 * (i + 1)}} : Words{});
    builder.Object(D, 64);
    builder.Data(0x100, 64, {{0, A}, {8, A}, {0x18, D}});
    builder.Stack(5, {{"a.go", 1}});
    for (uint64_t i = 0; i < objects; ++i) builder.Sample(A + 64 * i, 5);
    builder.Sample(D, 5);
    return Summary(builder.Take(), Symbols());
  };
  const HeapSummary before = dump(3), after = dump(10);
  const std::vector<RootGrowth> growth = GrowthByRoot(before, after);
  ASSERT_FALSE(growth.empty());
  EXPECT_EQ(after.roots[growth[0].root].name, "x/app.v2.cache");
  EXPECT_EQ(growth[0].objects, 7);
  EXPECT_EQ(growth[0].bytes, 7 * 64);
  const std::vector<Holding> gained = GrowthByHolding(before, after);
  ASSERT_THAT(gained, SizeIs(1)) << "D was there before";
  EXPECT_EQ(gained[0].objects, 7U);
  EXPECT_EQ(gained[0].bytes, 7U * 64);
  EXPECT_EQ(GrowthByHolding({}, after).size(), 2U);
}

TEST(HeapSummary, ManyPointersOfADuplicateObject) {
  DumpBuilder dump;
  dump.Object(A, 64, {{0, B}});
  dump.Object(A, 64, {{0, B}, {8, B}, {16, B}, {24, B}});
  dump.Object(B, 64);
  dump.Data(0x100, 16, {{8, A}});
  EXPECT_EQ(Summary(dump.Take(), Symbols()).roots[0].objects, 2U);
}

ElfSymbols ReadSymbols(const std::string& path) {
  std::istringstream lines(ReadTestFile(path));
  std::vector<Symbol> variables, functions;
  std::string kind;
  for (Symbol symbol; lines >> kind >> std::hex >> symbol.address >> symbol.size >> symbol.name;)
    (kind == "function" ? functions : variables).push_back(symbol);
  return ElfSymbols::Of(variables, functions);
}

class Golden : public ::testing::TestWithParam<const char*> {};

TEST_P(Golden, WhatWasPlantedIsFound) {
  const std::string name = std::string("corpora/heap_dumps/") + GetParam();
  const std::string bytes = Gunzip(ReadTestFile(name + ".dump.gz"), 1 << 24).value();
  const HeapSummary summary = Summary(bytes, ReadSymbols(name + ".symbols.txt"));
  EXPECT_NEAR(static_cast<double>(summary.reachable_bytes), static_cast<double>(summary.heap_bytes), 2000);
  const HeapRoot* const cache = Find(summary, RootKind::kGlobal, "main.cache");
  ASSERT_NE(cache, nullptr);
  EXPECT_GE(cache->objects, 100U);
  EXPECT_GT(cache->bytes, 12000U);
  const HeapRoot* const service = Find(summary, RootKind::kGlobal, "main.service");
  ASSERT_NE(service, nullptr);
  EXPECT_GE(service->objects, 101U);
  const HeapRoot* const hold = Find(summary, RootKind::kGoroutine, "main.hold");
  ASSERT_NE(hold, nullptr);
  EXPECT_GE(hold->bytes, 300000U);
  EXPECT_EQ(hold->creator, "main.main");
  EXPECT_EQ(hold->wait_reason, "chan receive");
  const HeapRoot* const finalizer = Find(summary, RootKind::kFinalizer, "main.finalize");
  ASSERT_NE(finalizer, nullptr);
  EXPECT_EQ(finalizer->objects, 2U);
  bool list = false;
  for (const Holding& holding : summary.holdings) {
    // The list in the store without a name, behind the store's other fields.
    if (&summary.roots[holding.root] == service && holding.objects == 100) {
      list = true;
      ASSERT_GE(holding.offsets.size(), 3U);
      EXPECT_EQ(holding.offsets[0], 0U);
      EXPECT_EQ(holding.offsets[1], 24U);
      EXPECT_EQ(holding.offsets[2], 8U);
    }
  }
  EXPECT_TRUE(list);
}

INSTANTIATE_TEST_SUITE_P(Versions, Golden, ::testing::Values("go1.23", "go1.25", "go1.26", "go1.27"));

}  // namespace
}  // namespace goleakstress::collectors
