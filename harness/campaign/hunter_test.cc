#include "harness/campaign/hunter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace goleakstress::campaign {
namespace {

using input::FuzzSource;

TEST(HuntTeam, CountsWhatAllOfItDid) {
  HuntTeam team;
  {
    std::vector<std::jthread> hunters;
    for (int hunter = 0; hunter < 4; ++hunter) {
      hunters.emplace_back([&team, hunter] {
        for (int i = 0; i < 1000; ++i) team.Tell(3, Found::kNothing, false);
        team.End(hunter == 0 ? "" : "over");
      });
    }
  }
  EXPECT_EQ(team.state().calls, 12000);
  EXPECT_EQ(team.state().found_after, 0);
  EXPECT_EQ(team.state().ended, "over");
}

TEST(HuntTeam, AHintCountsUntilThereIsABetterOne) {
  HuntTeam team;
  team.Tell(5, Found::kHint, true);
  team.Tell(5, Found::kHint, false);
  EXPECT_EQ(team.state().found_after, 5);
  team.Tell(5, Found::kForSure, false);
  team.Tell(5, Found::kNothing, false);  // another hunter, who found nothing
  EXPECT_EQ(team.state().found, Found::kForSure);
  EXPECT_EQ(team.state().found_after, 15);
}

TEST(HuntTeam, TheFirstReasonStands) {
  HuntTeam team;
  team.End("first");
  team.End("second");
  EXPECT_EQ(team.state().ended, "first");
}

TEST(BestOf, TellsHintsFromWhatIsSure) {
  const FuzzSource::Leaky heap{.input = {}, .objects = 64, .again = true};
  const FuzzSource::Leaky sure{.input = {}, .goroutines = 1, .site = 9, .again = true};
  const FuzzSource::Leaky once{.input = {}, .resources = 1};
  EXPECT_EQ(BestOf({}, {}, {}), Found::kNothing);
  EXPECT_EQ(BestOf({once}, {}, {}), Found::kNothing);
  EXPECT_EQ(BestOf({once, heap}, {}, {}), Found::kHint);
  EXPECT_EQ(BestOf({sure, heap}, {}, {}), Found::kForSure);
  EXPECT_EQ(BestOf({sure, heap}, {PlaceOf(sure)}, {}), Found::kHint);
  EXPECT_EQ(BestOf({sure, heap}, {PlaceOf(sure), kHeapPlace}, {}), Found::kNothing);
  EXPECT_EQ(BestOf({sure}, {}, {input::Hash(sure.input)}), Found::kNothing);
}

}  // namespace
}  // namespace goleakstress::campaign
