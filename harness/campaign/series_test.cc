#include "harness/campaign/series.h"

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace goleakstress::campaign {
namespace {

using collectors::Frame;
using collectors::Profile;

// A goroutine profile of one sample for each stack, leaf first, labelled goleakstress=`label` where not
// empty.
Profile Goroutines(const std::vector<std::vector<Frame>>& stacks,
                   const std::vector<std::string_view>& labels) {
  Profile profile;
  profile.sample_types = {{"goroutine", "count"}};
  profile.strings = {"", "goleakstress"};
  for (size_t i = 0; i < stacks.size(); ++i) {
    collectors::Sample sample;
    sample.first_location = static_cast<uint32_t>(profile.sample_locations.size());
    sample.location_count = static_cast<uint32_t>(stacks[i].size());
    for (const Frame& frame : stacks[i]) {
      profile.sample_locations.push_back(static_cast<uint32_t>(profile.locations.size()));
      profile.locations.push_back({0, static_cast<uint32_t>(profile.frames.size()), 1});
      profile.frames.push_back(frame);
    }
    sample.first_value = static_cast<uint32_t>(profile.sample_values.size());
    profile.sample_values.push_back(3);
    sample.first_label = static_cast<uint32_t>(profile.sample_labels.size());
    if (!labels[i].empty()) {
      sample.label_count = 1;
      profile.sample_labels.push_back({0, 1, static_cast<uint32_t>(profile.strings.size()), 0});
      profile.strings.push_back(labels[i]);
    }
    profile.samples.push_back(sample);
  }
  return profile;
}

explain::CodeMap Code() {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  code.goroots = {"/go"};
  code.agent_package = "testing/iotest";
  return code;
}

TEST(SeriesTest, GoroutinesAreCountedByStackAndByFunction) {
  SeriesTable table(Code());
  table.Begin();
  table.AddGoroutines(
      Goroutines({{{"app.wait", "/src/app/a.go", 7}, {"app.Start.func1", "/src/app/a.go", 4}}}, {""}));
  ASSERT_EQ(table.size(), 2u);
  EXPECT_TRUE(table.site(0).by_function);
  EXPECT_EQ(table.site(0).stack[0].function, "app.Start.func1");
  EXPECT_EQ(table.site(1).stack.size(), 2u);
  EXPECT_EQ(table.levels(), (std::vector<double>{3, 3}));
}

// The agent's goroutine may show frames of the standard library alone.
TEST(SeriesTest, GoroutinesOfTheAgentAreLeftOut) {
  const std::vector<Frame> reader = {
      {"runtime/pprof.(*Profile).WriteTo", "/go/src/runtime/pprof/pprof.go", 9}};
  SeriesTable table(Code());
  table.Begin();
  table.AddGoroutines(Goroutines({reader}, {"agent"}));
  EXPECT_EQ(table.size(), 0u);
  table.AddGoroutines(Goroutines({reader}, {"user"}));
  EXPECT_EQ(table.size(), 2u);
}

TEST(SeriesTest, TheLevelOfASiteThatWasNeverSeenIsZero) {
  SeriesTable table(Code());
  table.Begin();
  table.Add({.family = explain::Family::kFd, .kind = "socket"}, 7);
  EXPECT_EQ(table.LevelOf({.family = explain::Family::kFd, .kind = "socket"}), 7);
  EXPECT_EQ(table.LevelOf({.family = explain::Family::kFd, .kind = "file"}), 0);
}

}  // namespace
}  // namespace goleakstress::campaign
