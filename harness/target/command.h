// Runs a program to its end: the go tool.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "harness/target/outcome.h"
#include "harness/target/process_spec.h"

namespace goleakstress::target {

struct CommandResult {
  Outcome outcome;
  std::string out;  // standard output, whole
  std::string err;  // standard error, perhaps with a line for what was left out in its middle
};

// Runs spec.program and waits. A program that fails is a result, with its exit code. Errors: what
// TargetProcess::Spawn says; Cancelled once *cancel is true, DeadlineExceeded after `limit`,
// ResourceExhausted for more than 64 MiB of standard output: then the program and all that it started have
// been killed. spec.keep_* is not looked at. Thread-safe.
absl::StatusOr<CommandResult> RunCommand(Spec spec, std::chrono::nanoseconds limit,
                                         const std::atomic<bool>* cancel = nullptr);

}  // namespace goleakstress::target
