#include "harness/experiment/trial.h"

#include <span>

namespace goleakstress::experiment {

Plan RealTime(Plan plan) {
  plan.pad_seconds = 1;
  plan.holds = {100};
  return plan;
}

namespace {

// From warm-up to the last hold.
void Conduct(std::span<World* const> worlds, Experiment& experiment, int64_t burst) {
  auto run = [&](const Dose& dose) {
    double seconds = 0;
    for (World* world : worlds) {
      const double start = world->now();
      world->Call(dose.repeated, false, burst);
      world->Call(dose.fresh, true, burst);
      world->PassTime(start + dose.seconds - world->now());
      seconds = world->now() - start;
    }
    return seconds;
  };
  auto read = [&] {
    std::vector<double> levels;
    for (World* world : worlds) levels.push_back(world->Read());
    return levels;
  };
  run(experiment.WarmUp());
  for (World* world : worlds) {
    const double resolution = world->resolution();
    experiment.AddSite({.resolution = resolution, .thing = resolution > 1 ? Plan::kBytesOfElement : 1});
  }
  experiment.FirstReading(read());
  while (!experiment.Done()) {
    const double seconds = run(experiment.Next());
    experiment.Observe(read(), seconds);
  }
  double idled = 0;
  while (experiment.NeedsHold()) {
    const double until = experiment.HoldSeconds();
    for (World* world : worlds) world->PassTime(until - idled);
    idled = until;
    experiment.ObserveHold(until, read());
  }
}

}  // namespace

Trial RunTrial(World& world, const Plan& plan, uint64_t seed) {
  Experiment experiment(plan, seed);
  World* const worlds[] = {&world};
  Conduct(worlds, experiment, plan.burst);
  Trial trial;
  trial.verdict = experiment.Judge().front();
  trial.calls = experiment.calls();
  trial.snapshots = experiment.snapshots();
  trial.first_alarm_calls = experiment.first_alarm_calls();
  trial.first_alarm_snapshots = experiment.first_alarm_snapshots();
  trial.seconds = world.now();
  return trial;
}

ManyTrial RunTrial(const std::vector<std::unique_ptr<World>>& worlds, const Plan& plan, uint64_t seed) {
  Experiment experiment(plan, seed);
  std::vector<World*> pointers;
  for (const auto& world : worlds) pointers.push_back(world.get());
  Conduct(pointers, experiment, plan.burst);
  ManyTrial trial;
  trial.verdicts = experiment.Judge();
  trial.entry = experiment.Summary(trial.verdicts);
  return trial;
}

uint64_t TrialSeed(uint64_t stream, uint64_t run) {
  uint64_t z = stream * 0x9E3779B97F4A7C15ULL + run * 0xD1B54A32D192ED03ULL + 0x632BE59BD9B4E019ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace goleakstress::experiment
