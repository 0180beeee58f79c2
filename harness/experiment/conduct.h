// An experiment on sites that are functions of what was done to them, for tests.
#ifndef HARNESS_EXPERIMENT_CONDUCT_H_
#define HARNESS_EXPERIMENT_CONDUCT_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/experiment/experiment.h"

namespace goleakstress::experiment {

// Levels of all sites after so many repeated and fresh calls at such a time.
using LevelsOf = std::function<std::vector<double>(double repeated, double fresh, double now)>;

struct Outcome {
  std::vector<SiteVerdict> sites;
  EntryVerdict entry;
};

// Runs an experiment on sites that are functions of what was done; `twist` may interfere after each batch.
inline Outcome Conduct(const Plan& plan, uint64_t seed, const std::vector<SiteTraits>& traits,
                       const LevelsOf& target, const std::function<void(Experiment&)>& twist = {}) {
  Experiment x(plan, seed);
  for (const SiteTraits& t : traits) x.AddSite(t);
  const Dose warm = x.WarmUp();
  double repeated = static_cast<double>(warm.repeated), fresh = static_cast<double>(warm.fresh),
         now = warm.seconds;
  x.FirstReading(target(repeated, fresh, now));
  while (!x.Done()) {
    const Dose dose = x.Next();
    repeated += static_cast<double>(dose.repeated);
    fresh += static_cast<double>(dose.fresh);
    now += dose.seconds;
    x.Observe(target(repeated, fresh, now), dose.seconds);
    if (twist) twist(x);
  }
  while (x.NeedsHold()) x.ObserveHold(x.HoldSeconds(), target(repeated, fresh, now + x.HoldSeconds()));
  Outcome result;
  result.sites = x.Judge();
  result.entry = x.Summary(result.sites);
  return result;
}

inline Plan WithoutInputs() {
  Plan plan;
  plan.inputs = false;
  return plan;
}

// Out of time after so many calls.
inline std::function<void(Experiment&)> CutAfter(int64_t calls) {
  return [calls](Experiment& x) {
    if (x.calls() >= calls) x.NoteCut();
  };
}

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_CONDUCT_H_
