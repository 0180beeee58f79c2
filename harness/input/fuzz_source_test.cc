// The engine against a target of a few lines of C++ in the test itself, and against a Go program with the
// real agent.

#include "harness/input/fuzz_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>

#include "harness/target/agent_client.h"
#include "harness/target/command.h"
#include "harness/target/environment.h"

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
  std::string directory_ = fmt::format("{}fuzz.{}", testing::TempDir(), getpid());
};

// Plays the agent: eight counters, a magic word of which each character is compared on its own, and one
// string comparison.
class FakeTarget {
 public:
  explicit FakeTarget(const std::string& path) : arena_(std::move(FuzzArena::Open(path).value())) {
    arena_.Set(&ArenaHeader::counters, 8);
  }

  // Returns whether the input was the one to be found.
  bool Call(size_t index, const std::string& text) {
    uint8_t* memory = arena_.counters() - kCountersAt;
    uint8_t counters[8] = {1};
    const std::string magic = "LEAK";
    size_t right = 0;
    while (right < 4 && right < text.size() && text[right] == magic[right]) counters[++right] = 1;
    const bool found = right == 4 && text.substr(4) == "subscribe";
    CallRecord record{.state = static_cast<uint32_t>(CallState::kEnded),
                      .new_edges = 0,
                      .goroutines = found ? 3 : 0,
                      .resources = 0,
                      .site = 9,
                      .outgrew = found,
                      .unused = 0};
    for (size_t i = 0; i < 8; ++i) {
      record.new_edges += counters[i] != 0 && memory[kSeenAt + i] == 0;
      memory[kSeenAt + i] |= counters[i];
    }
    const uint64_t slot = arena_.Get(&ArenaHeader::first) + index;
    std::memcpy(memory + kRecordsAt + slot * sizeof record, &record, sizeof record);
    if (arena_.Get(&ArenaHeader::mode) == static_cast<uint64_t>(FuzzMode::kRecord)) {
      std::memcpy(arena_.counters(), counters, 8);
      if (right == 4) {
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
};

TEST_F(FuzzSourceTest, FindsAMagicWordByCountersAndComparisons) {
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = FuzzSource::Create(Options({Kind::kString}));
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

TEST_F(FuzzSourceTest, GoesOnAfterTheTargetEnded) {
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = FuzzSource::Create(Options({Kind::kString}));
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
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = FuzzSource::Create(Options({Kind::kString}));
  ASSERT_TRUE(source.ok());
  EXPECT_THAT((*source)->Take(1).status().ToString(), HasSubstr("no edge counters"));
  EXPECT_FALSE(FuzzSource::Create(Options({})).ok());
}

TEST_F(FuzzSourceTest, SaysHowTheEngineEnded) {
  FuzzSource::Options options = Options({Kind::kString});
  options.program = "/bin/false";
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = FuzzSource::Create(std::move(options));
  ASSERT_TRUE(source.ok());
  FakeTarget target((*source)->arena_path());
  EXPECT_THAT((*source)->Take(1).status().ToString(), HasSubstr("exited with code 1"));
}

// testdata/fuzzy, built as the harness builds targets: the package under test instrumented, nothing else.
class GoTarget {
 public:
  static std::string Build(const std::string& directory) {
    target::Spec spec;
    spec.program = "go";
    spec.args = {"build", "-tags=goleakstress_coverage", "-gcflags=fuzzy/deep=-d=libfuzzer",
                 "-o",    directory + "/fuzzy",          "."};
    spec.env = target::CurrentEnvironment();
    spec.working_dir = "harness/input/testdata/fuzzy";
    const absl::StatusOr<target::CommandResult> built = target::RunCommand(spec, std::chrono::minutes(5));
    if (!built.ok()) return std::string(built.status().message());
    return built->outcome.succeeded() ? "" : built->err;
  }

  GoTarget(const std::string& directory, std::string arena, std::string which)
      : directory_(directory), arena_(std::move(arena)), which_(std::move(which)) {}

  absl::Status Start() {
    target::Spec spec;
    spec.program = directory_ + "/fuzzy";
    spec.args = {which_};
    spec.env = target::CurrentEnvironment();
    spec.env.insert(spec.env.end(), {"GOLEAKSTRESS_FD=3", "GOLEAKSTRESS_KIND=1", "GOLEAKSTRESS_ENTRY=Fuzz",
                                     "GOLEAKSTRESS_ARENA=" + arena_});
    absl::StatusOr<target::AgentClient> client = target::AgentClient::Start(spec);
    if (!client.ok()) return client.status();
    client_.emplace(*std::move(client));
    absl::StatusOr<agent::Hello> hello = client_->WaitHello(kLimit);
    if (!hello.ok()) return hello.status();
    return client_->WaitReady(kLimit).status();
  }

  absl::StatusOr<std::vector<CallResult>> Call(const std::vector<Input>& inputs) {
    agent::Run run;
    for (const Input& input : inputs) *run.add_inputs() = ToProto(input);
    run.set_count(inputs.size());
    const absl::StatusOr<agent::RunDone> done = client_->Run(run, kLimit);
    if (!done.ok()) return done.status();
    std::vector<CallResult> results;
    for (char outcome : done->outcomes())
      results.push_back({.outcome = static_cast<agent::Outcome>(outcome)});
    return results;
  }

 private:
  static constexpr std::chrono::seconds kLimit{60};
  std::string directory_, arena_, which_;
  std::optional<target::AgentClient> client_;
};

TEST_F(FuzzSourceTest, ReachesALeakBehindConditionsInGo) {
  FuzzSource::Options options = Options({Kind::kString, Kind::kUint32, Kind::kBytes});
  options.seeds = {{TextValue(Kind::kString, "get"), BitsValue(Kind::kUint32, 7),
                    TextValue(Kind::kBytes, R"({"op":"list","tags":["a"]})")}};
  options.package = "harness/input/testdata/fuzzy/deep";
  absl::StatusOr<std::unique_ptr<FuzzSource>> source = FuzzSource::Create(std::move(options));
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_EQ(GoTarget::Build(directory_), "");
  GoTarget target(directory_, (*source)->arena_path(), "deep");
  ASSERT_TRUE(target.Start().ok());
  const auto begin = std::chrono::steady_clock::now();
  while ((*source)->leaky().empty() && (*source)->progress().calls < 3000000) {
    const absl::StatusOr<std::vector<Input>> inputs = (*source)->Take(256);
    ASSERT_TRUE(inputs.ok()) << inputs.status();
    const absl::StatusOr<std::vector<CallResult>> results = target.Call(*inputs);
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE((*source)->Report(*results).ok());
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  const FuzzSource::Progress progress = (*source)->progress();
  fmt::print("{} calls in {:.2f} s, {} round trips, {} of {} edges\n", progress.calls, taken.count(),
             progress.round_trips, progress.edges_reached, progress.edges_present);
  ASSERT_FALSE((*source)->leaky().empty()) << (*source)->Log();
  const FuzzSource::Leaky& leaky = (*source)->leaky().front();
  EXPECT_EQ(leaky.goroutines, 1);
  EXPECT_EQ(leaky.input[0].text, "subscribe");
  EXPECT_EQ(leaky.input[1].bits >> 8, 0xC0FFEEu);
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
