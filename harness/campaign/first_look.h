// A few calls of a fuzz entry with inputs that a generator makes: do they all leave something behind?
#ifndef HARNESS_CAMPAIGN_FIRST_LOOK_H_
#define HARNESS_CAMPAIGN_FIRST_LOOK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "harness/campaign/entry_run.h"
#include "harness/campaign/spellings.h"
#include "harness/input/value.h"

namespace goleakstress::campaign {

struct FirstLook {
  input::Kinds kinds = {};
  std::vector<input::Input> seeds = {};  // the entry's own
  Members members = {};                  // of a combined entry
  bool any_input_leaves_something = false;
};

// In a process of its own; takes some 0.3 s. The answer is a hint: what every call leaves for a while looks
// the same, and where a call ends the target it is no. Error: the target could not be started, which the
// experiment will find out again and tell.
absl::StatusOr<FirstLook> LookAt(const EntryJob& job, Clock::time_point deadline);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_FIRST_LOOK_H_
