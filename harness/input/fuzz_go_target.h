#ifndef GOLEAKSTRESS_HARNESS_INPUT_FUZZ_GO_TARGET_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FUZZ_GO_TARGET_H_

// For the room's tests and measurements: the Go program of testdata/fuzzy as a target of the fuzz engine.

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/input/input_source.h"
#include "harness/target/agent_client.h"
#include "harness/target/command.h"
#include "harness/target/environment.h"

namespace goleakstress::input {

class GoTarget {
 public:
  // Builds the program as the harness builds targets: its own module instrumented and nothing else.
  // Returns what went wrong, else "".
  static std::string Build(const std::string& directory) {
    target::Spec spec;
    spec.program = "go";
    spec.args = {"build", "-tags=goleakstress_coverage", "-gcflags=fuzzy/...=-d=libfuzzer",
                 "-o",    directory + "/fuzzy",          "."};
    spec.env = target::CurrentEnvironment();
    spec.working_dir = "harness/input/testdata/fuzzy";
    const absl::StatusOr<target::CommandResult> built = target::RunCommand(spec, std::chrono::minutes(5));
    if (!built.ok()) return std::string(built.status().message());
    return built->outcome.succeeded() ? "" : built->err;
  }

  // `entry` as main.go knows it.
  static absl::StatusOr<GoTarget> Start(const std::string& directory, const std::string& arena_path,
                                        const std::string& entry) {
    return StartProgram(directory + "/fuzzy", {entry}, arena_path, entry);
  }

  // A FuzzXxx of a test binary that was built with agent and coverage.
  static absl::StatusOr<GoTarget> StartTest(const std::string& binary, const std::string& arena_path,
                                            const std::string& entry) {
    return StartProgram(binary, {"-test.run=^" + entry + "$", "-test.timeout=0"}, arena_path, entry);
  }

  const Kinds& kinds() const { return kinds_; }
  const std::vector<Input>& seeds() const { return seeds_; }

  absl::StatusOr<std::vector<CallResult>> Call(const std::vector<Input>& inputs) {
    agent::Run run;
    for (const Input& input : inputs) *run.add_inputs() = ToProto(input);
    run.set_count(inputs.size());
    const absl::StatusOr<agent::RunDone> done = client_.Run(run, kLimit);
    if (!done.ok()) return done.status();
    std::vector<CallResult> results;
    for (int i = 0; i < done->goroutine_delta_size(); ++i) {
      results.push_back({.outcome = static_cast<agent::Outcome>(done->outcomes()[static_cast<size_t>(i)]),
                         .goroutines = done->goroutine_delta(i)});
    }
    return results;
  }

 private:
  static constexpr std::chrono::seconds kLimit{60};
  static absl::StatusOr<GoTarget> StartProgram(const std::string& program, std::vector<std::string> arguments,
                                               const std::string& arena_path, const std::string& entry) {
    target::Spec spec;
    spec.program = program;
    spec.args = std::move(arguments);
    spec.env = target::CurrentEnvironment();
    spec.env.insert(spec.env.end(), {"GOLEAKSTRESS_FD=3", "GOLEAKSTRESS_KIND=1",
                                     "GOLEAKSTRESS_ENTRY=" + entry, "GOLEAKSTRESS_ARENA=" + arena_path});
    absl::StatusOr<target::AgentClient> client = target::AgentClient::Start(spec);
    if (!client.ok()) return client.status();
    if (const auto hello = client->WaitHello(kLimit); !hello.ok()) return hello.status();
    absl::StatusOr<agent::Ready> ready = client->WaitReady(kLimit);
    if (!ready.ok()) return ready.status();
    absl::StatusOr<Kinds> kinds = KindsFromProto(*ready);
    if (!kinds.ok()) return kinds.status();
    GoTarget target(*std::move(client), *std::move(kinds));
    for (const agent::Input& message : ready->seeds()) {
      if (absl::StatusOr<Input> seed = FromProto(message); seed.ok())
        target.seeds_.push_back(*std::move(seed));
    }
    return target;
  }

  GoTarget(target::AgentClient client, Kinds kinds) : client_(std::move(client)), kinds_(std::move(kinds)) {}

  target::AgentClient client_;
  Kinds kinds_;
  std::vector<Input> seeds_;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FUZZ_GO_TARGET_H_
