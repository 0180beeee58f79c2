#include "harness/campaign/site_keepers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "collectors/heap_dump/heap_growth.h"

namespace goleakstress::campaign {
namespace {

using collectors::HeapSummary;
using collectors::Keeping;
using explain::Family;
using explain::GrowingSite;

constexpr size_t kNone = GrowingSite::kNone;

GrowingSite Grown(const std::string& kind, int line) {
  GrowingSite grown;
  grown.site = {.family = Family::kHeap,
                .kind = kind,
                .stack = {{.function = "x/app.Put", .file = "/home/u/app/put.go", .line = line}}};
  return grown;
}

std::vector<collectors::AllocationFrame> At(uint64_t line) {
  return {{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1000},
          {"x/app.Put", "/home/u/app/put.go", line},
          {"testing.tRunner", "/go/src/testing/testing.go", 1}};
}

// Stack 0 is a store's, made once; 1 that of its nodes, 2 of what they carry, 3 of something else.
HeapSummary Heap() {
  HeapSummary heap;
  heap.stacks = {At(10), At(20), At(30), At(40)};
  heap.keepings = {{.stack = 0, .objects = 1},
                   {.stack = 1, .keeper = 0, .objects = 90},
                   {.stack = 1, .objects = 5},
                   {.stack = 2, .keeper = 1, .objects = 80},
                   {.stack = 2, .keeper = 3, .objects = 10},
                   {.stack = 3, .objects = 7}};
  return heap;
}

void SetKeepers(const HeapSummary& heap, std::vector<GrowingSite>* sites) {
  campaign::SetKeepers(heap, SitesOfStacks(heap, *sites), sites);
}

TEST(SiteKeepers, WhatCarriesIsNotKeptByWhatIsCarried) {
  std::vector<GrowingSite> sites = {Grown("objects", 30), Grown("bytes", 30), Grown("objects", 20)};
  SetKeepers(Heap(), &sites);
  EXPECT_EQ(sites[0].kept_by, 2u);
  EXPECT_EQ(sites[1].kept_by, 2u) << "objects and bytes of one line are kept alike";
  EXPECT_EQ(sites[2].kept_by, kNone) << "the store does not grow";
}

TEST(SiteKeepers, AMapKeepsItsValuesInWhicheverLineItGrows) {
  HeapSummary heap = Heap();
  heap.stacks[1].insert(
      heap.stacks[1].begin() + 1,
      {"runtime.mapassign_faststr", "/go/src/internal/runtime/maps/runtime_faststr.go", 300});
  std::vector<GrowingSite> sites = {Grown("objects", 30), Grown("entries", 25), Grown("entries", 70)};
  sites[2].site.stack[0].file = "/home/u/app/other.go";
  SetKeepers(heap, &sites);
  EXPECT_EQ(sites[0].kept_by, 1u);
}

TEST(SiteKeepers, WhatDoesNotGrowInBetweenIsPassedOver) {
  std::vector<GrowingSite> sites = {Grown("objects", 10), Grown("objects", 30)};
  SetKeepers(Heap(), &sites);
  EXPECT_EQ(sites[0].kept_by, kNone);
  EXPECT_EQ(sites[1].kept_by, 0u);
}

TEST(SiteKeepers, WhatKeepsMostCounts) {
  HeapSummary heap = Heap();
  heap.keepings[4].objects = 1000;
  std::vector<GrowingSite> sites = {Grown("objects", 20), Grown("objects", 30), Grown("objects", 40)};
  SetKeepers(heap, &sites);
  EXPECT_EQ(sites[1].kept_by, 2u);
}

TEST(SiteKeepers, ThoseThatKeepEachOtherEndTheClimb) {
  HeapSummary heap = Heap();
  heap.keepings = {{.stack = 0, .keeper = 3, .objects = 1},
                   {.stack = 3, .keeper = 0, .objects = 1},
                   {.stack = 2, .keeper = 3, .objects = 1}};
  std::vector<GrowingSite> sites = {Grown("objects", 30)};
  SetKeepers(heap, &sites);
  EXPECT_EQ(sites[0].kept_by, kNone);
}

TEST(SiteKeepers, GoroutinesThatStayHoldWhatMostlyHangsOnThem) {
  HeapSummary before, after = Heap();
  using collectors::RootKind;
  after.roots = {{.kind = RootKind::kGlobal, .name = "x/app.run"},
                 {.kind = RootKind::kGoroutine, .name = "x/app.run"},
                 {.kind = RootKind::kGoroutine, .name = "x/app.other"}};
  const auto holding = [](uint32_t stack, uint32_t root, uint64_t bytes) {
    return collectors::Holding{.stack_id = stack, .stack = stack, .root = root, .bytes = bytes, .objects = 1};
  };
  after.holdings = {holding(1, 1, 700), holding(1, 0, 300), holding(2, 1, 500), holding(2, 0, 500),
                    holding(3, 2, 100)};
  std::vector<GrowingSite> sites = {Grown("objects", 20), Grown("bytes", 20), Grown("bytes", 30),
                                    Grown("bytes", 40), Grown("", 50)};
  sites[4].site.family = Family::kGoroutine;
  sites[4].site.stack = {{.function = "internal/poll.runtime_pollWait"}, {.function = "x/app.run"}};
  SetHolders(GrowthByHolding(before, after), after, SitesOfStacks(after, sites), &sites);
  EXPECT_EQ(sites[0].held_by, 4u);
  EXPECT_EQ(sites[1].held_by, 4u) << "objects and bytes of one line";
  EXPECT_EQ(sites[2].held_by, kNone) << "a global keeps half of it";
  EXPECT_EQ(sites[3].held_by, kNone) << "those do not grow";

  before = after;
  before.holdings[1].bytes = 0;
  sites[0].held_by = kNone;
  SetHolders(GrowthByHolding(before, after), after, SitesOfStacks(after, sites), &sites);
  EXPECT_EQ(sites[0].held_by, kNone) << "what was gained is the global's";
}

TEST(SiteKeepers, TheGoroutineThatKeepsMostIsKnownWhereItAllocatedThat) {
  HeapSummary heap = Heap();
  heap.roots = {{.kind = collectors::RootKind::kGoroutine, .name = "testing.tRunner"},
                {.kind = collectors::RootKind::kGoroutine, .name = "x/app.other"},
                {.kind = collectors::RootKind::kGlobal, .name = "x/app.all"}};
  heap.holdings = {{.stack = 1, .root = 0, .bytes = 70, .goroutine = 7},
                   {.stack = 1, .root = 2, .bytes = 30},
                   {.stack = 2, .root = 1, .bytes = 70, .goroutine = 9},
                   {.stack = 3, .root = 0, .bytes = 30, .goroutine = 7},
                   {.stack = 3, .root = 2, .bytes = 70}};
  const std::vector<GrowingSite> sites = {Grown("objects", 20), Grown("bytes", 20), Grown("bytes", 30),
                                          Grown("bytes", 40)};
  EXPECT_THAT(KeepingGoroutines(GrowthByHolding({}, heap), heap, SitesOfStacks(heap, sites), sites),
              testing::ElementsAre(7, 7, 0, 0));
}

TEST(SiteKeepers, OtherKindsAndOtherLinesAreLeftAlone) {
  std::vector<GrowingSite> sites = {Grown("objects", 99), Grown("", 20), Grown("objects", 30)};
  sites[1].site.family = Family::kGoroutine;
  SetKeepers(Heap(), &sites);
  for (const GrowingSite& site : sites) EXPECT_EQ(site.kept_by, kNone);
}

}  // namespace
}  // namespace goleakstress::campaign
