// One experiment on one simulated world, start to verdict.
#ifndef HARNESS_EXPERIMENT_TRIAL_H_
#define HARNESS_EXPERIMENT_TRIAL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/experiment/experiment.h"
#include "harness/experiment/worlds.h"

namespace goleakstress::experiment {

struct Trial {
  SiteVerdict verdict;
  int64_t calls = 0;
  int snapshots = 0;
  int64_t first_alarm_calls = 0;  // 0: none
  int first_alarm_snapshots = 0;
  double seconds = 0;  // of the target's clock
};

// Without a clock probe: pads of one second and one hold of 100 s, all waited for.
Plan RealTime(Plan plan);

Trial RunTrial(World& world, const Plan& plan, uint64_t seed);

// One experiment on several sites at once, each a world that meets the same doses at the same times.
struct ManyTrial {
  std::vector<SiteVerdict> verdicts;
  EntryVerdict entry;
};
ManyTrial RunTrial(const std::vector<std::unique_ptr<World>>& worlds, const Plan& plan, uint64_t seed);

// A seed for run `run` of stream `stream`, well mixed.
uint64_t TrialSeed(uint64_t stream, uint64_t run);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_TRIAL_H_
