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

// As the agent has them: the stack, then those of who started its goroutine, and who started theirs.
TEST(SeriesTest, AResourceOfALibrarysGoroutineIsToldApartByTheUserWhoStartedIt) {
  const std::vector<Frame> dial = {{"testing/iotest.fdCreated", "/go/src/testing/iotest/fds.go", 2},
                                   {"syscall.goleakstressAfter", "/go/src/syscall/zz_goleakstress.go", 71},
                                   {"net.Dial", "/go/src/net/dial.go", 3},
                                   {"lib.Dial.func1", "/mod/lib/lib.go", 4},
                                   {"runtime.goexit", "/go/src/runtime/asm.s", 5}};
  const auto with = [&dial](int line, const std::vector<Frame>& more) {
    std::vector<Frame> stacks = dial;
    stacks.insert(stacks.end(), {{"runtime.systemstack_switch", "/go/src/runtime/asm.s", 1},
                                 {"runtime.newproc", "/go/src/runtime/proc.go", 1},
                                 {"lib.Dial", "/mod/lib/lib.go", 3}});
    if (line > 0) stacks.push_back({"app.F", "/src/app/app.go", line});
    stacks.push_back({"runtime.goexit", "/go/src/runtime/asm.s", 5});
    stacks.insert(stacks.end(), more.begin(), more.end());
    return stacks;
  };
  SeriesTable table(Code());
  table.Begin();
  const std::vector<Frame> main = {{"app.main", "/src/app/app.go", 1}};
  table.AddResources("pipe",
                     Goroutines({with(7, {}), with(8, main), with(8, {}), with(0, main), with(0, {}), dial},
                                {"", "", "", "", "", ""}),
                     false);
  ASSERT_EQ(table.size(), 4u);
  const explain::Stack stack = {{"net.Dial", "/go/src/net/dial.go", 3},
                                {"lib.Dial.func1", "/mod/lib/lib.go", 4}};
  const explain::Frame library = {"lib.Dial", "/mod/lib/lib.go", 3};
  const std::vector<explain::Stack> creators = {{library, {"app.F", "/src/app/app.go", 7}},
                                                {library, {"app.F", "/src/app/app.go", 8}},
                                                {library, {"app.main", "/src/app/app.go", 1}},
                                                {}};
  for (size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table.site(i).stack, stack);
    EXPECT_EQ(table.site(i).creators, creators[i]) << i;
  }
  EXPECT_EQ(table.site(0).direct, 2u);
  EXPECT_EQ(table.site(2).direct, 1u);
  EXPECT_EQ(table.levels(), (std::vector<double>{3, 6, 3, 6}));
}

TEST(SeriesTest, AMapOfALibrarysGoroutineHasTheUserWhoStartedIt) {
  SeriesTable table(Code());
  table.Begin();
  table.AddMaps(Goroutines({{{"lib.put", "/mod/lib/lib.go", 3},
                             {"runtime.goexit", "/go/src/runtime/asm.s", 5},
                             {"lib.Open", "/mod/lib/lib.go", 9},
                             {"app.F", "/src/app/app.go", 7},
                             {"runtime.goexit", "/go/src/runtime/asm.s", 5}}},
                           {""}));
  ASSERT_EQ(table.size(), 1u);
  EXPECT_EQ(table.site(0).stack.size(), 1u);
  ASSERT_EQ(table.site(0).creators.size(), 2u);
  EXPECT_EQ(table.site(0).creators[1].line, 7);
}

// A connection that is lost may be opened again by any goroutine that the library started for the call.
TEST(SeriesTest, WhatALibraryOpensForOneCallIsAlsoCountedTogether) {
  const auto opened = [](const char* by, int line) {
    return std::vector<Frame>{{"syscall.socket", "/go/src/syscall/syscall.go", 3},
                              {"lib.dial", "/mod/lib/dial.go", 4},
                              {by, "/mod/lib/lib.go", 5},
                              {"runtime.goexit", "/go/src/runtime/asm.s", 5},
                              {"lib.Open", "/mod/lib/lib.go", 3},
                              {"app.F", "/src/app/app.go", line},
                              {"runtime.goexit", "/go/src/runtime/asm.s", 5}};
  };
  SeriesTable table(Code());
  table.Begin();
  table.AddResources(
      "fd.socket",
      Goroutines({opened("lib.ping", 7), opened("lib.receive", 7), opened("lib.ping", 8)}, {"", "", ""}),
      false);
  std::vector<std::pair<int, double>> together;  // lines of the call
  for (size_t i = 0; i < table.size(); ++i) {
    if (!table.site(i).by_function) continue;
    EXPECT_EQ(table.site(i).stack.back().function, "lib.dial");
    ASSERT_EQ(table.site(i).creators.size(), 1u);
    together.emplace_back(table.site(i).creators[0].line, table.levels()[i]);
  }
  EXPECT_EQ(together, (std::vector<std::pair<int, double>>{{7, 6}, {8, 3}}));
}

// A package of the standard library that dials for a dependency, and nobody else is to be seen.
TEST(SeriesTest, WhereTheUserIsNowhereALibraryIsToBlame) {
  SeriesTable table(Code());
  table.Begin();
  table.AddResources("pipe",
                     Goroutines({{{"net.dial", "/go/src/net/dial.go", 3},
                                  {"runtime.goexit", "/go/src/runtime/asm.s", 5},
                                  {"net.Dial", "/go/src/net/dial.go", 4},
                                  {"lib.loop", "/mod/lib/lib.go", 3},
                                  {"runtime.goexit", "/go/src/runtime/asm.s", 5}}},
                                {""}),
                     false);
  ASSERT_EQ(table.size(), 1u);
  EXPECT_EQ(table.site(0).creators,
            (explain::Stack{{"net.Dial", "/go/src/net/dial.go", 4}, {"lib.loop", "/mod/lib/lib.go", 3}}));
}

TEST(SeriesTest, WhatTheProbesAllocateIsNobodys) {
  Profile heap = Goroutines({{{"runtime.newobject", "/go/src/runtime/malloc.go", 1},
                              {"sync.goleakstressNote", "/go/src/sync/zz_goleakstress.go", 2},
                              {"app.F", "/src/app/app.go", 3}}},
                            {""});
  heap.sample_types = {{"inuse_objects", "count"}, {"inuse_space", "bytes"}};
  heap.sample_values = {3, 48};
  SeriesTable table(Code());
  table.Begin();
  table.AddHeap(heap);
  EXPECT_EQ(table.size(), 0u);
}

// Of every stack it is found out once whose it is.
TEST(SeriesTest, TheHeapOfALaterSnapshotCountsAtTheSameSites) {
  const std::vector<Frame> user = {{"app.New", "/src/app/a.go", 7}, {"app.F", "/src/app/a.go", 4}};
  const std::vector<Frame> runtime = {{"runtime.malg", "/go/src/runtime/proc.go", 7}};
  const auto heap = [](std::vector<std::vector<Frame>> stacks, std::vector<int64_t> values) {
    Profile profile = Goroutines(stacks, std::vector<std::string_view>(stacks.size(), ""));
    profile.sample_types = {{"inuse_objects", "count"}, {"inuse_space", "bytes"}};
    profile.sample_values = std::move(values);
    for (uint32_t i = 0; i < profile.samples.size(); ++i) profile.samples[i].first_value = 2 * i;
    return profile;
  };
  SeriesTable table(Code());
  table.NoSharedBlocks();
  table.Begin();
  table.AddHeap(heap({user, runtime}, {2, 64, 1, 500}));
  EXPECT_EQ(table.levels(), (std::vector<double>{2, 64}));
  table.Begin();
  table.AddHeap(heap({runtime, user, user}, {1, 500, 3, 96, 4, 128}));
  EXPECT_EQ(table.levels(), (std::vector<double>{7, 224}));
  table.Begin();
  EXPECT_EQ(table.levels(), (std::vector<double>{0, 0}));
}

TEST(SeriesTest, ChangesOfTheHeapAddUpWithinAProcess) {
  const auto heap = [](std::vector<int64_t> values) {
    Profile profile = Goroutines({{{"app.New", "/src/app/a.go", 7}}}, {""});
    profile.sample_types = {{"inuse_objects", "count"}, {"inuse_space", "bytes"}};
    profile.sample_values = std::move(values);
    return profile;
  };
  SeriesTable table(Code());
  table.NoSharedBlocks();
  table.BeginProcess();
  for (const auto& [objects, level] : {std::pair(5, 5), std::pair(-2, 3), std::pair(0, 3)}) {
    table.Begin();
    table.AddHeapChanges(heap({objects, 32 * objects}));
    EXPECT_EQ(table.levels(), (std::vector<double>{1.0 * level, 32.0 * level}));
  }
  table.BeginProcess();
  table.Begin();
  table.AddHeapChanges(heap({1, 32}));
  EXPECT_EQ(table.levels(), (std::vector<double>{1, 32}));
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
