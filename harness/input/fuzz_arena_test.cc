#include "harness/input/fuzz_arena.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "harness/input/fuzz_engine.h"

namespace goleakstress::input {
namespace {

using testing::HasSubstr;

TEST(FuzzArena, BatchesReachTheOtherMapping) {
  absl::StatusOr<FuzzArena> ours = FuzzArena::Create();
  ASSERT_TRUE(ours.ok()) << ours.status();
  absl::StatusOr<FuzzArena> theirs = FuzzArena::Open(ours->path());
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  const std::vector<Input> inputs = {{TextValue(Kind::kString, "a")}, {TextValue(Kind::kString, "")}};
  EXPECT_EQ(theirs->WriteBatch(inputs), 2u);
  const absl::StatusOr<std::vector<Input>> read = ours->ReadBatch();
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, inputs);
}

TEST(FuzzArena, TakesAsManyInputsAsFit) {
  absl::StatusOr<FuzzArena> arena = FuzzArena::Create();
  const Input large = {TextValue(Kind::kBytes, std::string(kMaxInputBytes, 'x'))};
  EXPECT_EQ(arena->WriteBatch(std::vector<Input>(20, large)), 7u);
  EXPECT_EQ(arena->WriteBatch(std::vector<Input>(1000, Input{BitsValue(Kind::kInt, 1)})), kMaxBatch);
}

TEST(FuzzArena, WhatTheTargetScribblesIsNotTrusted) {
  absl::StatusOr<FuzzArena> arena = FuzzArena::Create();
  ASSERT_EQ(arena->WriteBatch({{TextValue(Kind::kString, "abc")}}), 1u);
  uint8_t* memory = arena->counters() - kCountersAt;
  const uint32_t huge = 0xFFFFFFFF;
  std::memcpy(memory + kInputsAt, &huge, sizeof huge);
  EXPECT_THAT(arena->ReadBatch().status().ToString(), HasSubstr("malformed input"));
  arena->Set(&ArenaHeader::batch, 1u << 20);
  EXPECT_THAT(arena->ReadBatch().status().ToString(), HasSubstr("a batch of 1048576 inputs"));
  arena->Set(&ArenaHeader::counters, ~uint64_t{0});
  EXPECT_EQ(arena->counter_count(), kMaxCounters);

  std::memset(memory + kComparisonsAt, 0xFF, 4096);  // kinds that do not exist
  memory[kComparisonsAt] = 16;                       // and strings with impossible sizes
  arena->Set(&ArenaHeader::comparisons, ~uint64_t{0});
  std::vector<ComparedText> texts;
  std::vector<ComparedNumber> numbers;
  arena->ReadComparisons(&texts, &numbers);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].have.size(), 64u);
}

TEST(FuzzArena, ComparisonsAreReadOnceAndBothWays) {
  absl::StatusOr<FuzzArena> arena = FuzzArena::Create();
  auto* records = reinterpret_cast<ComparisonRecord*>(arena->counters() - kCountersAt + kComparisonsAt);
  records[0] = {.kind = 16, .a_size = 1, .b_size = 2, .unused = {}, .place = 0, .a = {'x'}, .b = {'y', 'z'}};
  records[1] = records[0];
  records[2] = {.kind = 2 | 128, .a_size = 8, .b_size = 8, .unused = {}, .place = 0, .a = {5}, .b = {0, 1}};
  records[3] = {.kind = 4, .a_size = 8, .b_size = 8, .unused = {}, .place = 0, .a = {5}, .b = {6}};
  arena->Set(&ArenaHeader::comparisons, 4);
  std::vector<ComparedText> texts;
  std::vector<ComparedNumber> numbers;
  arena->ReadComparisons(&texts, &numbers);
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[0].have + "," + texts[0].want, "x,yz");
  EXPECT_EQ(texts[1].have + "," + texts[1].want, "yz,x");
  ASSERT_EQ(numbers.size(), 3u);
  EXPECT_EQ(numbers[0].want, 256u);
  EXPECT_EQ(numbers[2].have, 6u);
}

TEST(FuzzArena, RefusesOtherFiles) {
  EXPECT_THAT(FuzzArena::Open("/proc/self/exe").status().ToString(), testing::Not(HasSubstr("OK")));
  EXPECT_THAT(FuzzArena::Open("/does/not/exist").status().ToString(), HasSubstr("/does/not/exist"));
}

TEST(FuzzEngineOptions, SurviveTheCommandLine) {
  const FuzzEngineOptions options{.arena = "/proc/1/fd/5",
                                  .corpus = "/c",
                                  .shared = true,
                                  .seeds = "/s",
                                  .package = "/p=q",
                                  .kinds = {Kind::kString, Kind::kInt},
                                  .seed = 7,
                                  .max_bytes = 100,
                                  .guidance = {.coverage = false, .leaks = true}};
  const absl::StatusOr<FuzzEngineOptions> back = FromArguments(ToArguments(options));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(ToArguments(*back), ToArguments(options));
  EXPECT_EQ(back->package, "/p=q");
  EXPECT_FALSE(back->guidance.coverage);
  EXPECT_TRUE(back->shared);
  for (const char* bad : {"seed=0", "seed=x", "kinds=", "kinds=99", "max_bytes=99999999", "coverage=2",
                          "shared=2", "other=1"}) {
    EXPECT_THAT(FromArguments({"kinds=1", "corpus=/c", bad}).status().ToString(), HasSubstr(bad));
  }
}

}  // namespace
}  // namespace goleakstress::input
