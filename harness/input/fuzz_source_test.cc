// The engine against a target of a few lines of C++ in the test itself, and against a Go program with the
// real agent.

#include "harness/input/fuzz_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>
#include <utility>

#include "harness/input/fuzz_go_target.h"
#include "harness/input/minimise.h"

namespace goleakstress::input {
namespace {

using testing::HasSubstr;

class FuzzSourceTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(directory_); }
  FuzzSource::Options Options(Kinds kinds) {
    FuzzSource::Options options;
    options.directory = directory_;
    options.kinds = std::move(kinds);
    return options;
  }
  static absl::StatusOr<std::unique_ptr<FuzzSource>> Create(FuzzSource::Options options) {
    return FuzzSource::Create(std::move(options), FuzzArena::Create().value());
  }
  std::string directory_ = fmt::format("{}fuzz.{}", testing::TempDir(), getpid());
};

// Plays the agent: eight counters, a magic word of which each character is compared on its own, and one
// string comparison. One that does not guide shows nothing of all this.
class FakeTarget {
 public:
  explicit FakeTarget(const std::string& path, bool guides = true)
      : arena_(std::move(FuzzArena::Open(path).value())), guides_(guides) {
    arena_.Set(&ArenaHeader::counters, 8);
  }

  // Returns whether the input was the one to be found.
  bool Call(size_t index, const std::string& text) {
    uint8_t* memory = arena_.counters() - kCountersAt;
    uint8_t counters[8] = {1};
    const std::string magic = "LEAK";
    size_t right = 0;
    while (right < 4 && right < text.size() && text[right] == magic[right]) counters[++right] = guides_;
    const bool found = right == 4 && text.substr(4) == "subscribe";
    CallRecord record{.state = static_cast<uint32_t>(CallState::kEnded),
                      .new_edges = 0,
                      .goroutines = found && guides_ ? 3 : 0,
                      .resources = 0,
                      .site = 9,
                      .outgrew = found && guides_,
                      .unused = 0};
    for (size_t i = 0; i < 8; ++i) {
      record.new_edges += counters[i] != 0 && memory[kSeenAt + i] == 0;
      memory[kSeenAt + i] |= counters[i];
    }
    const uint64_t slot = arena_.Get(&ArenaHeader::first) + index;
    std::memcpy(memory + kRecordsAt + slot * sizeof record, &record, sizeof record);
    if (arena_.Get(&ArenaHeader::mode) == static_cast<uint64_t>(FuzzMode::kRecord)) {
      std::memcpy(arena_.counters(), counters, 8);
      if (right == 4 && guides_) {
        ComparisonRecord compared{
            .kind = 16, .a_size = 0, .b_size = 9, .unused = {}, .place = 1, .a = {}, .b = {}};
        compared.a_size = static_cast<uint8_t>(std::min<size_t>(text.size() - 4, 64));
        std::memcpy(compared.a, text.data() + 4, compared.a_size);
        std::memcpy(compared.b, "subscribe", 9);
        std::memcpy(memory + kComparisonsAt, &compared, sizeof compared);
        arena_.Set(&ArenaHeader::comparisons, 1);
      }
    }
    return found;
  }

 private:
  FuzzArena arena_;
  const bool guides_;
};

TEST_F(FuzzSourceTest, FindsAMagicWordByCountersAndComparisons) {
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = Create(Options({Kind::kString}));
  ASSERT_TRUE(source.ok()) << source.status();
  FakeTarget target((*source)->arena_path());
  bool found = false;
  while (!found && (*source)->progress().calls < 2000000) {
    const absl::StatusOr<std::vector<Input>> inputs = (*source)->Take(100);  // less than a batch
    ASSERT_TRUE(inputs.ok()) << inputs.status();
    std::vector<CallResult> results(inputs->size());
    for (size_t i = 0; i < inputs->size(); ++i) found |= target.Call(i, (*inputs)[i][0].text);
    ASSERT_TRUE((*source)->Report(results).ok());
  }
  EXPECT_TRUE(found) << (*source)->Log();
  const FuzzSource::Progress progress = (*source)->progress();
  EXPECT_EQ(progress.edges_present, 8u);
  EXPECT_GT(progress.calls, 4 * progress.round_trips);
}

// The second of them comes upon the word by no other way.
TEST_F(FuzzSourceTest, TakesOverWhatOthersKept) {
  FuzzSource::Options options = Options({Kind::kString});
  options.shared = true;
  std::atomic<int> found = 0;  // by how many
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  std::vector<std::jthread> threads;
  for (const bool guides : {true, false}) {
    options.seed = guides ? 1 : 2;
    auto source = Create(options);
    ASSERT_TRUE(source.ok()) << source.status();
    threads.emplace_back([&found, end, guides, source = *std::move(source)] {
      FakeTarget target(source->arena_path(), guides);
      for (bool mine = false; found < 2 && std::chrono::steady_clock::now() < end;) {
        const absl::StatusOr<std::vector<Input>> inputs = source->Take(256);
        if (!inputs.ok()) break;
        std::vector<CallResult> results(inputs->size());
        bool there = false;
        for (size_t i = 0; i < inputs->size(); ++i) there |= target.Call(i, (*inputs)[i][0].text);
        if (there && !std::exchange(mine, true)) ++found;
        if (!source->Report(results).ok()) break;
      }
      source->End();
    });
  }
  threads.clear();
  EXPECT_EQ(found, 2);
}

TEST_F(FuzzSourceTest, TheMostThatIsLeftAtAPlaceStandsForIt) {
  std::vector<FuzzSource::Leaky> all;
  const auto note = [&all](const std::string& text, int32_t goroutines, uint32_t site) {
    const FuzzSource::Leaky leaky{
        .input = {TextValue(Kind::kString, text)}, .goroutines = goroutines, .site = site, .again = true};
    FuzzSource::Leaky* const place = FuzzSource::PlaceFor(leaky, &all);
    if (place != nullptr) *place = leaky;
    return place != nullptr;
  };
  EXPECT_TRUE(note("first", 1, 7));
  EXPECT_FALSE(note("longer", 1, 7));
  EXPECT_TRUE(note("short", 2, 7));
  EXPECT_TRUE(note("s", 2, 7));
  EXPECT_TRUE(note("elsewhere", 1, 8));
  EXPECT_FALSE(note("nothing", 0, 9));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].input[0].text, "s");
}

TEST_F(FuzzSourceTest, GoesOnAfterTheTargetEnded) {
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = Create(Options({Kind::kString}));
  ASSERT_TRUE(source.ok());
  FakeTarget target((*source)->arena_path());
  for (int round = 0; round < 300; ++round) {
    const absl::StatusOr<std::vector<Input>> inputs = (*source)->Take(256);
    ASSERT_TRUE(inputs.ok()) << inputs.status();
    std::vector<CallResult> results(inputs->size() / 2);  // the call in the middle ended it
    for (size_t i = 0; i < results.size(); ++i) target.Call(i, (*inputs)[i][0].text);
    ASSERT_TRUE((*source)->Report(results).ok());
  }
  EXPECT_EQ((*source)->progress().lost_targets, 300u);
}

TEST_F(FuzzSourceTest, SaysWhenTheTargetHasNoCounters) {
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = Create(Options({Kind::kString}));
  ASSERT_TRUE(source.ok());
  EXPECT_THAT((*source)->Take(1).status().ToString(), HasSubstr("no edge counters"));
  EXPECT_FALSE(Create(Options({})).ok());
}

TEST_F(FuzzSourceTest, SaysHowTheEngineEnded) {
  FuzzSource::Options options = Options({Kind::kString});
  options.program = "/bin/false";
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = Create(std::move(options));
  ASSERT_TRUE(source.ok());
  FakeTarget target((*source)->arena_path());
  EXPECT_THAT((*source)->Take(1).status().ToString(), HasSubstr("exited with code 1"));
}

class GoFuzzTest : public FuzzSourceTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(arena_.ok()) << arena_.status();
    std::filesystem::create_directories(directory_);
    ASSERT_EQ(GoTarget::Build(directory_), "");
  }

  // Calls the entry until there is a hint like this; fails where none comes.
  void Hunt(const std::string& entry, const std::function<bool(const FuzzSource::Leaky&)>& wanted) {
    absl::StatusOr<GoTarget> target = GoTarget::Start(directory_, arena_->path(), entry);
    ASSERT_TRUE(target.ok()) << target.status();
    FuzzSource::Options options = Options(target->kinds());
    options.seeds = target->seeds();
    options.package = fmt::format("harness/input/testdata/fuzzy/{}", entry == "deep" ? "deep" : "conditions");
    absl::StatusOr<std::unique_ptr<FuzzSource>> source =
        FuzzSource::Create(std::move(options), *std::move(arena_));
    ASSERT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
    while (source_->progress().calls < 3000000) {
      const absl::StatusOr<std::vector<Input>> inputs = source_->Take(256);
      ASSERT_TRUE(inputs.ok()) << inputs.status();
      const absl::StatusOr<std::vector<CallResult>> results = target->Call(*inputs);
      ASSERT_TRUE(results.ok()) << results.status();
      ASSERT_TRUE(source_->Report(*results).ok());
      for (const FuzzSource::Leaky& leaky : source_->leaky()) {
        if (!wanted(leaky)) continue;
        found_ = leaky;
        return;
      }
    }
    FAIL() << source_->Log();
  }

  absl::StatusOr<FuzzArena> arena_ = FuzzArena::Create();
  std::unique_ptr<FuzzSource> source_;
  FuzzSource::Leaky found_;
};

TEST_F(GoFuzzTest, ReachesALeakBehindConditions) {
  ASSERT_NO_FATAL_FAILURE(Hunt("deep", [](const FuzzSource::Leaky& leaky) { return leaky.again; }));
  EXPECT_EQ(found_.goroutines, 1);
  EXPECT_EQ(found_.input[0].text, "subscribe");
  EXPECT_EQ(found_.input[1].bits >> 8, 0xC0FFEEu);
}

TEST_F(GoFuzzTest, NoticesACacheThatGrows) {
  ASSERT_NO_FATAL_FAILURE(Hunt("cache", [](const FuzzSource::Leaky& leaky) { return leaky.objects > 0; }));
  EXPECT_THAT(found_.input[0].text, HasSubstr("v2/tenant/"));
  EXPECT_GE(found_.objects, 16);
}

// No edge tells the input that leaks from the others.
TEST_F(GoFuzzTest, SievesForMemoryThatIsKeptOnOldPaths) {
  ASSERT_NO_FATAL_FAILURE(
      Hunt("together", [](const FuzzSource::Leaky& leaky) { return leaky.objects >= 64; }));
  EXPECT_THAT(found_.input[0].text, HasSubstr("open"));
  EXPECT_THAT(found_.input[0].text, HasSubstr("note"));
}

// The machine leaks at the last of five calls. Its shortest sequence is found among all that were called,
// each try in a process of its own.
TEST_F(GoFuzzTest, FindsTheSequenceThatLeaks) {
  ASSERT_NO_FATAL_FAILURE(Hunt("machine", [](const FuzzSource::Leaky& leaky) {
    return leaky.input[0].text == "reset" && !leaky.again && leaky.goroutines == 1;
  }));
  const auto leaks = [&](const Sequence& calls) {
    absl::StatusOr<GoTarget> target = GoTarget::Start(directory_, "", "machine");
    if (!target.ok()) return false;
    int64_t growth = 0;
    // Twice, so that a goroutine about to end is not taken for a leak.
    for (int round = 0; round < 2; ++round) {
      const absl::StatusOr<std::vector<CallResult>> results = target->Call(calls);
      if (!results.ok()) return false;
      for (const CallResult& result : *results) growth += result.goroutines;
    }
    return growth >= 2;
  };
  Sequence calls = found_.before;
  calls.push_back(found_.input);
  ASSERT_FALSE(leaks({found_.input}));
  ASSERT_TRUE(leaks(calls)) << calls.size();
  const MinimisedSequence small = Minimise(calls, leaks, 400);
  ASSERT_EQ(small.calls.size(), 5u);
  EXPECT_EQ(small.calls[0][0].text, "connect");
  EXPECT_EQ(small.calls[3][0].text, "idle");
}

}  // namespace
}  // namespace goleakstress::input

// The engine is this program itself.
int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == goleakstress::input::kFuzzEngineVerb) {
    return goleakstress::input::FuzzEngineMain({argv + 2, argv + argc});
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
