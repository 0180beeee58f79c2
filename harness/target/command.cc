#include "harness/target/command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/target/target_process.h"

namespace goleakstress::target {
namespace {

constexpr size_t kMostOutput = 64 << 20;

}  // namespace

absl::StatusOr<CommandResult> RunCommand(Spec spec, std::chrono::nanoseconds limit,
                                         const std::atomic<bool>* cancel) {
  spec.keep_head_bytes = kMostOutput;
  spec.keep_tail_bytes = 0;
  const std::string program = spec.program;
  absl::StatusOr<TargetProcess> process = TargetProcess::Spawn(std::move(spec));
  if (!process.ok()) return process.status();
  const std::optional<Outcome> outcome = process->Wait(limit, cancel);
  if (!outcome) {
    process->Kill();
    if (cancel != nullptr && *cancel) return absl::CancelledError(fmt::format("{} was interrupted", program));
    return absl::DeadlineExceededError(
        fmt::format("{} did not end within {:.0f} s", program, std::chrono::duration<double>(limit).count()));
  }
  const BoundedOutput out = process->Out();
  if (out.dropped_bytes() > 0) {
    return absl::ResourceExhaustedError(fmt::format("{} wrote {} bytes more than the {} that we take",
                                                    program, out.dropped_bytes(), kMostOutput));
  }
  return CommandResult{*outcome, out.Text(), process->Err().Text()};
}

}  // namespace goleakstress::target
