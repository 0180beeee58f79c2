#include "harness/campaign/site_keepers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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

TEST(SiteKeepers, OtherKindsAndOtherLinesAreLeftAlone) {
  std::vector<GrowingSite> sites = {Grown("objects", 99), Grown("", 20), Grown("objects", 30)};
  sites[1].site.family = Family::kGoroutine;
  SetKeepers(Heap(), &sites);
  for (const GrowingSite& site : sites) EXPECT_EQ(site.kept_by, kNone);
}

}  // namespace
}  // namespace goleakstress::campaign
