// What the harness asks of the agent inside a target, as typed calls.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/proto/agent.pb.h"
#include "harness/target/agent_channel.h"
#include "harness/target/process_spec.h"
#include "harness/target/target_process.h"

namespace goleakstress::target {

// Why a call of AgentClient failed, read from its status.
enum class CallFailure {
  kDied,           // Unavailable: the process has ended; the message says how
  kChannelClosed,  // Aborted: it closed the channel and lives on
  kHung,           // DeadlineExceeded: no answer in time
  kGarbage,        // DataLoss: an answer that the protocol does not allow
  kRefused,        // FailedPrecondition: the agent could not do it; the target is fine
  kCancelled,      // Cancelled: the harness is to stop
  kOther,          // we could not ask: no memory, a request too long...
};
CallFailure FailureOf(const absl::Status& status);

// How the target's clock is moved (agent.proto, Jump).
struct JumpSteps {
  std::chrono::nanoseconds total{};
  std::chrono::nanoseconds least{};  // each step; nothing: as long as the jump...
  uint64_t fine = 0;                 // ...but so many, of which half go to the next timer exactly
};

// A target process with the agent in it. Every call waits at most its `limit` of real time, the caller's
// clock; after kHung the client can still be used and an answer that comes late is dropped. After kDied,
// kChannelClosed and kGarbage it is good only for process(). Messages read "the target exited with code 7
// during a garbage collection".
//
// While a run goes on (StartRun to WaitRun) other calls may be made. Thread-compatible; see TargetProcess for
// the thread that may call Start.
class AgentClient {
 public:
  using Limit = std::chrono::nanoseconds;

  // Spawns the process with our end of a new channel. *cancel ends every wait; it outlives the client; null:
  // never.
  static absl::StatusOr<AgentClient> Start(Spec spec, const std::atomic<bool>* cancel = nullptr);

  TargetProcess& process() { return process_; }

  // From now on no answer to a request is waited for past that time, whatever the limit; those to Run are.
  void AnswerBy(Deadline last) { last_ = last; }

  // Events, each sent once per process.
  absl::StatusOr<agent::Hello> WaitHello(Limit limit);
  absl::StatusOr<agent::Entries> WaitEntries(Limit limit);
  absl::StatusOr<agent::Ready> WaitReady(Limit limit);

  // Runs and waits for the end. After kHung the run goes on: read its stacks, Abandon it, then WaitRun.
  absl::StatusOr<agent::RunDone> Run(const agent::Run& run, Limit limit);
  // Only one run at a time.
  absl::Status StartRun(const agent::Run& run, Limit limit);
  absl::StatusOr<agent::RunDone> WaitRun(Limit limit);
  absl::Status Abandon(Limit limit);

  absl::StatusOr<agent::Settled> Settle(std::chrono::nanoseconds longest, bool close_idle, Limit limit);
  absl::Status Jump(const JumpSteps& steps, Limit limit);
  absl::Status Collect(uint32_t cycles, Limit limit);
  // Nothing if the target has no profile of this name.
  absl::StatusOr<std::optional<std::string>> ReadProfile(std::string_view name, Limit limit);
  // Those of the metrics that the target knows.
  absl::StatusOr<agent::Metrics> ReadMetrics(const std::vector<std::string>& names, Limit limit);
  absl::StatusOr<std::optional<double>> ReadMetric(std::string_view name, Limit limit);
  absl::StatusOr<std::string> ReadStacks(uint64_t most_bytes, Limit limit);
  absl::StatusOr<std::vector<std::string>> ListProfiles(Limit limit);
  absl::Status Tune(const agent::Tune& tune, Limit limit);
  absl::Status WriteHeapDump(std::string_view path, Limit limit);
  // Asks the target to end; process().Wait tells whether it did.
  absl::Status Finish(Limit limit);

 private:
  AgentClient(TargetProcess process, AgentChannel channel, const std::atomic<bool>* cancel)
      : process_(std::move(process)), channel_(std::move(channel)), cancel_(cancel) {}

  // Sends the request with a new id and waits for its answer, which must hold `expected`. `what` names it in
  // messages.
  absl::StatusOr<agent::Response> Ask(agent::Request& request, agent::Response::BodyCase expected,
                                      std::string_view what, Limit limit);
  absl::Status AskDone(agent::Request& request, std::string_view what, Limit limit);
  // Receives until `slot` is filled.
  absl::Status WaitUntilFilled(const std::optional<agent::Response>& slot, std::string_view what,
                               Limit limit);
  absl::Status ReceiveOne(Deadline deadline);
  absl::Status File(agent::Response response);
  // The answer in `slot`, which is emptied, if it is one.
  absl::StatusOr<agent::Response> Take(std::optional<agent::Response>& slot,
                                       agent::Response::BodyCase expected, std::string_view what);
  absl::StatusOr<agent::Response> WaitEvent(std::optional<agent::Response>& slot,
                                            agent::Response::BodyCase expected, std::string_view what,
                                            Limit limit);
  // Says who failed, at what and, if it ended, how.
  absl::Status Explain(const absl::Status& failure, std::string_view what, Limit limit);

  TargetProcess process_;
  AgentChannel channel_;
  const std::atomic<bool>* cancel_;
  Deadline last_ = Deadline::max();
  uint64_t last_id_ = 0;
  uint64_t awaited_id_ = 0;
  uint64_t run_id_ = 0;  // 0: no run
  std::set<uint64_t> late_ids_;
  std::set<int> events_seen_;
  std::optional<agent::Response> answer_, run_answer_, hello_, entries_, ready_;
};

}  // namespace goleakstress::target
