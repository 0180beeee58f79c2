#ifndef GOLEAKSTRESS_HARNESS_INPUT_INPUT_SOURCE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_INPUT_SOURCE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// What one call did, as far as a source of inputs can learn from it. Growths are counts after the call less
// counts before it, of a target that was given no time to settle: hints, not verdicts.
struct CallResult {
  agent::Outcome outcome = agent::OUTCOME_OK;
  int64_t goroutines = 0;
  int64_t fds = 0;        // open file descriptors
  int64_t resources = 0;  // entries of the agent's own profiles: bodies, rows, files...
  uint64_t nanoseconds = 0;
};

// Where the inputs of an entry come from. Not thread-safe. Use: Take, make the calls, Report, Take...
class InputSource {
 public:
  virtual ~InputSource() = default;

  // The inputs of the next calls, in order: at least one, at most `count`. Each has the kinds of the entry
  // and weighs at most kMaxInputBytes. Pre: count > 0, and every earlier Take was reported. An error is
  // final: the source has failed.
  virtual absl::StatusOr<std::vector<Input>> Take(size_t count) = 0;

  // What the calls of the last Take did, one result per input in the order of Take. Fewer where the target
  // ended in between: the input after the last result is then taken to have ended it, and those behind it to
  // be unused.
  virtual absl::Status Report(const std::vector<CallResult>& results) = 0;

  // A few inputs (at least one) to be given again and again: the same at every call, and the same whatever
  // was taken.
  virtual std::vector<Input> RepeatPool() = 0;
};

// For entries without arguments: tests, benchmarks, examples, mains.
class NoInputs final : public InputSource {
 public:
  absl::StatusOr<std::vector<Input>> Take(size_t count) override { return std::vector<Input>(count); }
  absl::Status Report(const std::vector<CallResult>&) override { return absl::OkStatus(); }
  std::vector<Input> RepeatPool() override { return {Input{}}; }
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_INPUT_SOURCE_H_
