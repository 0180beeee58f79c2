// `run -total`: a run that has a time of its own, however many entries there are.
//
// Every entry is run once, as ever. Then the fuzz entries take turns at being explored, until the time is
// over: half of the turns go to those that gained something of late (rotation.h). What is found is kept at
// once, in the corpora that the next run begins with. An input that leaves something where none did before is
// judged by an experiment, there and then.
#ifndef HARNESS_CAMPAIGN_NIGHT_H_
#define HARNESS_CAMPAIGN_NIGHT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/campaign/entry_run.h"

namespace goleakstress::campaign {

struct Night {
  std::vector<EntryJob> jobs = {};
  Clock::time_point end;
  // An empty directory for one turn's targets. It is removed after the turn.
  std::function<absl::StatusOr<std::string>()> new_temp_dir = {};
  std::function<void(const EntryJob&, const EntryProgress&)> on_progress = {};  // none of these is empty
  std::function<void(const report::Entry&)> on_first_run = {};
  std::function<void(const std::vector<EntryResult>&)> on_results =
      {};  // all of them, after each run and turn
};

// The results of the jobs, in their order; fewer where it was interrupted. An experiment that is begun gets
// at least five seconds, so it may end that much late. Same rules for threads as RunEntry.
std::vector<EntryResult> RunNight(const Night& night);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_NIGHT_H_
