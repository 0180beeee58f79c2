#include "harness/campaign/sites_apart.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/campaign/site_keepers.h"

namespace goleakstress::campaign {
namespace {

using collectors::HeapSummary;
using collectors::Reference;
using collectors::RootKind;
using explain::Family;
using explain::GrowingSite;

explain::CodeMap Code() {
  explain::CodeMap code;
  code.user_dirs = {"/home/u/app"};
  code.goroots = {"/go"};
  return code;
}

explain::Frame Line(int line) {
  return {.function = "x/app.Put", .file = "/home/u/app/put.go", .line = line};
}

GrowingSite Grown(Family family, int line, const std::string& container = "") {
  GrowingSite grown;
  grown.site = {.family = family,
                .kind = family == Family::kHeap ? "objects" : "",
                .stack = {Line(line)},
                .container = container};
  return grown;
}

std::vector<collectors::AllocationFrame> At(uint64_t line) {
  return {{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1000}, {"x/app.Put", "/home/u/app/put.go", line}};
}

// Stack 0 is a map's in line 10, which a global keeps; 1 that of its values, in line 20; 2 of what goroutines
// work on, in line 30.
HeapSummary Heap() {
  HeapSummary heap;
  heap.stacks = {At(10), At(20), At(30)};
  heap.roots = {{.kind = RootKind::kGlobal}, {.kind = RootKind::kGoroutine}};
  heap.holdings = {{.stack = 0, .root = 0, .objects = 8},
                   {.stack = 1, .root = 0, .objects = 100},
                   {.stack = 2, .root = 1, .objects = 100}};
  heap.references = {{.from = 0, .to = 1, .objects = 100},
                     {.from = Reference::kGoroutines, .to = 2, .objects = 100}};
  return heap;
}

std::vector<GrowingSite> Sites() {
  return {Grown(Family::kHeap, 10, "map"), Grown(Family::kHeap, 20), Grown(Family::kHeap, 30),
          Grown(Family::kGoroutine, 40)};
}

std::vector<bool> Apart(const HeapSummary& heap, std::vector<GrowingSite> sites) {
  SetApart(heap, SitesOfStacks(heap, sites), Code(), &sites);
  std::vector<bool> apart;
  for (const GrowingSite& grown : sites) apart.push_back(grown.apart);
  return apart;
}

TEST(SitesApart, AGlobalsMapAndItsValuesAre) {
  EXPECT_EQ(Apart(Heap(), Sites()), std::vector<bool>({true, true, false, false}));
}

TEST(SitesApart, ValuesThatGoroutinesWorkOnMakeItOneCause) {
  HeapSummary heap = Heap();
  heap.references.push_back({.from = 2, .to = 1, .objects = 100});
  EXPECT_EQ(Apart(heap, Sites()), std::vector<bool>({false, false, false, false}));
  heap.references.back() = {.from = 2, .to = 1, .objects = 3};  // by chance
  EXPECT_EQ(Apart(heap, Sites()), std::vector<bool>({true, true, false, false}));
}

TEST(SitesApart, WhatAGoroutineKeepsIsNot) {
  HeapSummary heap = Heap();
  heap.holdings[0].root = 1;
  EXPECT_EQ(Apart(heap, Sites()), std::vector<bool>({false, false, false, false}));
}

TEST(SitesApart, WhatWasMadeForAHandleIsNot) {
  std::vector<GrowingSite> sites = Sites();
  sites[3] = Grown(Family::kResource, 50);
  sites[1].site.stack = {{.function = "os.newFile", .file = "/go/src/os/file_unix.go", .line = 9}, Line(50)};
  HeapSummary heap = Heap();
  heap.stacks[1] = {{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1000},
                    {"os.newFile", "/go/src/os/file_unix.go", 9},
                    {"x/app.Put", "/home/u/app/put.go", 50}};
  EXPECT_EQ(Apart(heap, sites), std::vector<bool>({false, false, false, false}));
}

TEST(SitesApart, WhatAHandlesPackageMadeIsNot) {
  std::vector<GrowingSite> sites = Sites();
  sites[3] = Grown(Family::kResource, 50);
  sites[3].site.kind = "fd.socket";
  sites[1].site.stack = {{.function = "net.newTCPConn", .file = "/go/src/net/tcpsock.go", .line = 9}};
  HeapSummary heap = Heap();
  heap.stacks[1] = {{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1000},
                    {"net.newTCPConn", "/go/src/net/tcpsock.go", 9}};
  EXPECT_EQ(Apart(heap, sites), std::vector<bool>({false, false, false, false}));
  sites[3].site.kind = "context";
  EXPECT_EQ(Apart(heap, sites), std::vector<bool>({true, true, false, false}));
  sites[3].site.stack.insert(
      sites[3].site.stack.begin(),
      {.function = "net.(*sysDialer).dialTCP", .file = "/go/src/net/dial.go", .line = 7});
  EXPECT_EQ(Apart(heap, sites), std::vector<bool>({false, false, false, false}));
}

TEST(SitesApart, WhatTheContainerKeepsGoesWithIt) {
  std::vector<GrowingSite> sites = Sites();
  sites[1].kept_by = 0;
  HeapSummary heap = Heap();
  heap.references.erase(heap.references.begin());
  EXPECT_EQ(Apart(heap, sites), std::vector<bool>({true, true, false, false}));
}

TEST(SitesApart, MemoryAloneNeedsNoDump) {
  EXPECT_TRUE(MayBeApart(Sites(), Code()));
  std::vector<GrowingSite> memory = Sites();
  memory.pop_back();
  EXPECT_FALSE(MayBeApart(memory, Code()));
  std::vector<GrowingSite> library = Sites();
  library[0].site.stack[0].file = "/go/src/context/context.go";
  EXPECT_FALSE(MayBeApart(library, Code()));
}

}  // namespace
}  // namespace goleakstress::campaign
