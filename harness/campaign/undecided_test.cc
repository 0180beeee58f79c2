#include "harness/campaign/undecided.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using explain::Family;
using testing::ElementsAre;
using testing::HasSubstr;

const explain::CodeMap kCode = {.user_dirs = {"/src"}, .goroots = {"/go"}};

Undecided Heap(const char* function, const char* file, double log_e) {
  return {.site = {.family = Family::kHeap, .kind = "objects", .stack = {{function, file, 7}}},
          .log_e = log_e};
}

TEST(WithBudget, IsInProportionToTheCalls) {
  EXPECT_EQ(WithBudget("256 would do", 256, 100, 10), "256 would do, -budget 40s");
  EXPECT_EQ(WithBudget("1024 would do", 1024, 318, 30), "1024 would do, -budget 120s");
  EXPECT_EQ(WithBudget("1024 would do", 1024, 100, 30), "1024 would do, -budget 7m");
  EXPECT_EQ(WithBudget("more calls", 0, 100, 10), "more calls");
  EXPECT_EQ(WithBudget("", 256, 100, 10), "");
}

TEST(NotesOnTest, ThingsComeBeforeMemoryAndThenTheMostEvidence) {
  std::vector<Undecided> sites = {Heap("p.A", "/src/a.go", 1), Heap("p.B", "/src/b.go", 5),
                                  Heap("p.B", "/src/b.go", 4), Heap("p.C", "/src/c.go", 3)};
  sites.push_back(
      {.site = {.family = Family::kGoroutine, .stack = {{"p.D", "/src/d.go", 7}}}, .settle = "more"});
  EXPECT_THAT(NotesOn(sites, {}, kCode),
              ElementsAre(HasSubstr("d.go:7): more"), HasSubstr("b.go"), HasSubstr("c.go")));
}

TEST(NotesOnTest, PlacesInGosOwnCodeAreToldOnlyWhereThereAreNoOthers) {
  const std::vector<Undecided> go = {Heap("testing.runTests", "/go/src/testing/testing.go", 9),
                                     Heap("time.loadLocation", "/go/src/time/zone.go", 8)};
  EXPECT_THAT(NotesOn(go, {}, kCode), ElementsAre(HasSubstr("testing.runTests")));
  std::vector<Undecided> sites = go;
  sites.push_back(Heap("p.A", "/src/a.go", 1));
  EXPECT_THAT(NotesOn(sites, {}, kCode), ElementsAre(HasSubstr("a.go")));
}

}  // namespace
}  // namespace goleakstress::campaign
