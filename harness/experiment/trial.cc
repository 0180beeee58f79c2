#include "harness/experiment/trial.h"

#include <algorithm>

namespace goleakstress::experiment {

Plan RealTime(Plan plan) {
  plan.pad_seconds = 1;
  plan.holds = {100};
  return plan;
}

Trial RunTrial(World& world, const Plan& plan, uint64_t seed) {
  Experiment experiment(plan, seed);
  auto run = [&](const Dose& dose) {
    const double start = world.now();
    world.Call(dose.repeated, false, plan.burst);
    world.Call(dose.fresh, true, plan.burst);
    world.PassTime(start + dose.seconds - world.now());
    return world.now() - start;
  };
  run(experiment.WarmUp());
  experiment.AddSite({.resolution = world.resolution()});
  experiment.FirstReading({world.Read()});
  while (!experiment.Done()) {
    const double seconds = run(experiment.Next());
    experiment.Observe({world.Read()}, seconds);
  }
  double idled = 0;
  while (experiment.NeedsHold()) {
    const double until = experiment.HoldSeconds();
    world.PassTime(until - idled);
    idled = until;
    experiment.ObserveHold(until, {world.Read()});
  }
  Trial trial;
  trial.verdict = experiment.Judge().front();
  trial.calls = experiment.calls();
  trial.snapshots = experiment.snapshots();
  trial.first_alarm_calls = experiment.first_alarm_calls();
  trial.first_alarm_snapshots = experiment.first_alarm_snapshots();
  trial.seconds = world.now();
  return trial;
}

uint64_t TrialSeed(uint64_t stream, uint64_t run) {
  uint64_t z = stream * 0x9E3779B97F4A7C15ULL + run * 0xD1B54A32D192ED03ULL + 0x632BE59BD9B4E019ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace goleakstress::experiment
