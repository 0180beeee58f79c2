#include "harness/target/agent_client.h"

#include <fmt/format.h>

#include <algorithm>

namespace goleakstress::target {
namespace {

using agent::Request;
using agent::Response;

// A child of the target may hold the channel open after the target is gone: so often we look whether it
// lives.
constexpr std::chrono::milliseconds kLifeCheck(100);
// The channel ends when the kernel tears the process down, shortly before it can be waited for.
constexpr std::chrono::seconds kTimeToDie(2);
// A shorter limit says that no time was left, not that the target is slow.
constexpr std::chrono::milliseconds kWorthWaiting(20);

uint64_t Nanoseconds(std::chrono::nanoseconds duration) {
  return static_cast<uint64_t>(std::max(duration, duration.zero()).count());
}

}  // namespace

CallFailure FailureOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return CallFailure::kDied;
    case absl::StatusCode::kAborted:
      return CallFailure::kChannelClosed;
    case absl::StatusCode::kDeadlineExceeded:
      return CallFailure::kHung;
    case absl::StatusCode::kDataLoss:
      return CallFailure::kGarbage;
    case absl::StatusCode::kFailedPrecondition:
      return CallFailure::kRefused;
    case absl::StatusCode::kCancelled:
      return CallFailure::kCancelled;
    default:
      return CallFailure::kOther;
  }
}

absl::StatusOr<AgentClient> AgentClient::Start(Spec spec, const std::atomic<bool>* cancel) {
  absl::StatusOr<std::pair<AgentChannel, ScopedFd>> channel = AgentChannel::Open();
  if (!channel.ok()) return channel.status();
  absl::StatusOr<TargetProcess> process = TargetProcess::Spawn(std::move(spec), std::move(channel->second));
  if (!process.ok()) return process.status();
  return AgentClient(*std::move(process), std::move(channel->first), cancel);
}

// ---- plumbing

absl::Status AgentClient::File(Response response) {
  auto fill = [](std::optional<Response>& slot, Response&& with) {
    slot = std::move(with);
    return absl::OkStatus();
  };
  const uint64_t id = response.id();
  if (id == 0) {
    const int kind = response.body_case();
    if (!events_seen_.insert(kind).second)
      return absl::DataLossError(fmt::format("event {} came twice", kind));
    if (response.has_hello()) return fill(hello_, std::move(response));
    if (response.has_entries()) return fill(entries_, std::move(response));
    if (response.has_ready()) return fill(ready_, std::move(response));
    return absl::DataLossError(fmt::format("unknown event {}", kind));
  }
  if (id == run_id_ && !run_answer_) return fill(run_answer_, std::move(response));
  if (id == awaited_id_ && !answer_) return fill(answer_, std::move(response));
  if (late_ids_.erase(id) > 0) return absl::OkStatus();
  return absl::DataLossError(fmt::format("an answer to request {}, which nobody waits for", id));
}

absl::Status AgentClient::ReceiveOne(Deadline deadline) {
  for (;;) {
    const Deadline next_check = After(kLifeCheck);
    absl::StatusOr<Response> response = channel_.Receive(std::min(deadline, next_check), cancel_);
    if (response.ok()) return File(*std::move(response));
    if (!absl::IsDeadlineExceeded(response.status()) || deadline <= next_check) return response.status();
    process_.Wait({});  // if it is gone, this ends all who hold the channel, and the next Receive says so
  }
}

absl::Status AgentClient::WaitUntilFilled(const std::optional<Response>& slot, std::string_view what,
                                          Limit limit) {
  const Deadline deadline = After(limit);
  while (!slot) {
    if (absl::Status received = ReceiveOne(deadline); !received.ok()) return Explain(received, what, limit);
  }
  return absl::OkStatus();
}

absl::StatusOr<Response> AgentClient::Take(std::optional<Response>& slot, Response::BodyCase expected,
                                           std::string_view what) {
  Response response = *std::exchange(slot, std::nullopt);
  if (!response.error().empty()) {
    return absl::FailedPreconditionError(
        fmt::format("the target's agent refused {}: {}", what, response.error()));
  }
  if (response.body_case() == expected) return response;
  return absl::DataLossError(fmt::format("the target broke the protocol during {}: answer of kind {}", what,
                                         static_cast<int>(response.body_case())));
}

absl::Status AgentClient::Explain(const absl::Status& failure, std::string_view what, Limit limit) {
  if (absl::IsUnavailable(failure)) {
    if (const std::optional<Outcome> outcome = process_.Wait(kTimeToDie, cancel_)) {
      return absl::UnavailableError(fmt::format("the target {} during {}", outcome->Words(), what));
    }
    return absl::AbortedError(
        fmt::format("the target closed the harness's channel during {} and lives on", what));
  }
  if (absl::IsDeadlineExceeded(failure)) {
    if (std::chrono::steady_clock::now() >= last_) {
      return absl::DeadlineExceededError(
          fmt::format("the target was too slow for the time that was left, during {}", what));
    }
    if (limit < kWorthWaiting) {
      return absl::DeadlineExceededError(fmt::format("no time was left for {} of the target", what));
    }
    return absl::DeadlineExceededError(fmt::format("the target did not answer during {} within {:.3g} s",
                                                   what, std::chrono::duration<double>(limit).count()));
  }
  if (absl::IsDataLoss(failure)) {
    return absl::DataLossError(
        fmt::format("the target broke the protocol during {}: {}", what, std::string(failure.message())));
  }
  return failure;
}

absl::StatusOr<Response> AgentClient::Ask(Request& request, Response::BodyCase expected,
                                          std::string_view what, Limit limit) {
  limit = std::max(std::min<Limit>(limit, last_ - std::chrono::steady_clock::now()), limit.zero());
  const Deadline deadline = After(limit);
  request.set_id(++last_id_);
  if (absl::Status sent = channel_.Send(request, deadline, cancel_); !sent.ok())
    return Explain(sent, what, limit);
  awaited_id_ = last_id_;
  answer_.reset();
  const absl::Status waited = WaitUntilFilled(answer_, what, deadline - std::chrono::steady_clock::now());
  awaited_id_ = 0;
  if (!waited.ok()) {
    late_ids_.insert(last_id_);
    return waited;
  }
  return Take(answer_, expected, what);
}

absl::Status AgentClient::AskDone(Request& request, std::string_view what, Limit limit) {
  return Ask(request, Response::kDone, what, limit).status();
}

absl::StatusOr<Response> AgentClient::WaitEvent(std::optional<Response>& slot, Response::BodyCase expected,
                                                std::string_view what, Limit limit) {
  if (absl::Status waited = WaitUntilFilled(slot, what, limit); !waited.ok()) return waited;
  return Take(slot, expected, what);
}

// ---- events

absl::StatusOr<agent::Hello> AgentClient::WaitHello(Limit limit) {
  absl::StatusOr<Response> event = WaitEvent(hello_, Response::kHello, "start-up", limit);
  if (!event.ok()) return event.status();
  return event->hello();
}

absl::StatusOr<agent::Entries> AgentClient::WaitEntries(Limit limit) {
  absl::StatusOr<Response> event = WaitEvent(entries_, Response::kEntries, "listing of entries", limit);
  if (!event.ok()) return event.status();
  return std::move(*event->mutable_entries());
}

absl::StatusOr<agent::Ready> AgentClient::WaitReady(Limit limit) {
  absl::StatusOr<Response> event = WaitEvent(ready_, Response::kReady, "set-up of the entry", limit);
  if (!event.ok()) return event.status();
  return std::move(*event->mutable_ready());
}

// ---- runs

absl::StatusOr<agent::RunDone> AgentClient::Run(const agent::Run& run, Limit limit) {
  const Deadline deadline = After(limit);
  if (absl::Status started = StartRun(run, limit); !started.ok()) return started;
  return WaitRun(deadline - std::chrono::steady_clock::now());
}

absl::Status AgentClient::StartRun(const agent::Run& run, Limit limit) {
  if (run_id_ != 0) return absl::InternalError("a run is going on already");
  Request request;
  *request.mutable_run() = run;
  request.set_id(++last_id_);
  if (absl::Status sent = channel_.Send(request, After(limit), cancel_); !sent.ok()) {
    return Explain(sent, "a run", limit);
  }
  run_id_ = last_id_;
  return absl::OkStatus();
}

absl::StatusOr<agent::RunDone> AgentClient::WaitRun(Limit limit) {
  if (run_id_ == 0) return absl::InternalError("no run is going on");
  if (absl::Status waited = WaitUntilFilled(run_answer_, "a run", limit); !waited.ok()) return waited;
  run_id_ = 0;
  absl::StatusOr<Response> done = Take(run_answer_, Response::kRunDone, "a run");
  if (!done.ok()) return done.status();
  return std::move(*done->mutable_run_done());
}

absl::Status AgentClient::Abandon(Limit limit) {
  Request request;
  request.mutable_abandon();
  return AskDone(request, "the end of a call that hangs", limit);
}

// ---- everything else

absl::StatusOr<agent::Settled> AgentClient::Settle(std::chrono::nanoseconds longest, bool close_idle,
                                                   Limit limit) {
  Request request;
  request.mutable_settle()->set_limit_ns(Nanoseconds(longest));
  request.mutable_settle()->set_close_idle(close_idle);
  absl::StatusOr<Response> response =
      Ask(request, Response::kSettled, "the wait for quiet between calls", limit);
  if (!response.ok()) return response.status();
  return response->settled();
}

absl::Status AgentClient::Jump(const JumpSteps& steps, Limit limit) {
  Request request;
  request.mutable_jump()->set_total_ns(Nanoseconds(steps.total));
  request.mutable_jump()->set_step_ns(Nanoseconds(steps.least));
  request.mutable_jump()->set_fine_steps(steps.fine);
  return AskDone(request, "a move of its clock", limit);
}

absl::Status AgentClient::Collect(uint32_t cycles, Limit limit) {
  Request request;
  request.mutable_collect()->set_cycles(cycles);
  return AskDone(request, "a garbage collection", limit);
}

absl::StatusOr<std::optional<std::string>> AgentClient::ReadProfile(std::string_view name, Limit limit) {
  Request request;
  request.mutable_read_profile()->set_name(std::string(name));
  absl::StatusOr<Response> response =
      Ask(request, Response::kProfile, fmt::format("ReadProfile({})", name), limit);
  if (!response.ok()) return response.status();
  if (response->profile().missing()) return std::nullopt;
  return std::move(*response->mutable_profile()->mutable_data());
}

absl::StatusOr<agent::Metrics> AgentClient::ReadMetrics(const std::vector<std::string>& names, Limit limit) {
  Request request;
  request.mutable_read_metrics()->mutable_names()->Add(names.begin(), names.end());
  absl::StatusOr<Response> response = Ask(request, Response::kMetrics, "a reading of counters", limit);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_metrics());
}

absl::StatusOr<std::optional<double>> AgentClient::ReadMetric(std::string_view name, Limit limit) {
  auto metrics = ReadMetrics({std::string(name)}, limit);
  if (!metrics.ok()) return metrics.status();
  if (metrics->metrics().empty()) return std::nullopt;
  return metrics->metrics(0).value();
}

absl::StatusOr<std::string> AgentClient::ReadStacks(uint64_t most_bytes, Limit limit) {
  Request request;
  request.mutable_read_stacks()->set_limit(most_bytes);
  absl::StatusOr<Response> response = Ask(request, Response::kStacks, "a reading of stacks", limit);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_stacks()->mutable_text());
}

absl::StatusOr<std::vector<std::string>> AgentClient::ListProfiles(Limit limit) {
  Request request;
  request.mutable_list_profiles();
  absl::StatusOr<Response> response = Ask(request, Response::kProfileNames, "a list of profiles", limit);
  if (!response.ok()) return response.status();
  const auto& names = response->profile_names().names();
  return std::vector<std::string>(names.begin(), names.end());
}

absl::Status AgentClient::Tune(const agent::Tune& tune, Limit limit) {
  Request request;
  *request.mutable_tune() = tune;
  return AskDone(request, "a change of its schedule", limit);
}

absl::Status AgentClient::WriteHeapDump(std::string_view path, Limit limit) {
  Request request;
  request.mutable_write_heap_dump()->set_path(std::string(path));
  return AskDone(request, "a heap dump", limit);
}

absl::Status AgentClient::Finish(Limit limit) {
  Request request;
  request.mutable_finish();
  return AskDone(request, "its end", limit);
}

}  // namespace goleakstress::target
