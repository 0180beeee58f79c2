// experiment_benchmark: what the arithmetic of one experiment costs, when every site moves in every batch.
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "harness/experiment/experiment.h"
#include "harness/experiment/random.h"

namespace goleakstress::experiment {
namespace {

constexpr int kBatches = 53;

struct Cost {
  double seconds = 0;  // of the batches
  double worst_batch = 0;
  double judge = 0;
};

// A third of the sites leak, a third wander, a third fill up.
Cost Run(size_t sites) {
  // Processor time: what else runs on the machine does not count.
  auto now = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
  Plan plan;
  plan.horizon = plan.limit = 1'000'000'000;  // never settled: every batch is paid for
  Experiment experiment(plan, 1);
  Random random(2);
  std::vector<double> levels(sites);
  for (size_t i = 0; i < sites; ++i) experiment.AddSite({});
  experiment.FirstReading(levels);
  Cost cost;
  for (int batch = 0; batch < kBatches; ++batch) {
    const double start = now();
    const Dose dose = experiment.Next();
    const double drawing = now() - start;
    const double calls = static_cast<double>(dose.repeated + dose.fresh),
                 made = static_cast<double>(experiment.calls());
    for (size_t i = 0; i < sites; ++i) {
      const double noise = 20 * (random.Unit() - 0.5);
      if (i % 3 == 0) levels[i] += calls + noise;
      if (i % 3 == 1) levels[i] += noise;
      if (i % 3 == 2) levels[i] = std::min(3000.0, made) + noise;
    }
    const double reading = now();
    experiment.Observe(levels, dose.seconds);
    const double took = drawing + now() - reading;
    cost.seconds += took;
    cost.worst_batch = std::max(cost.worst_batch, took);
  }
  const double start = now();
  experiment.NoteCut();
  experiment.Judge();
  cost.judge = now() - start;
  return cost;
}

}  // namespace
}  // namespace goleakstress::experiment

int main() {
  using goleakstress::experiment::Site;
  fmt::print(
      "| moving sites | {} batches, s | per site and batch, us | worst batch, ms | judge, ms | memory, MB "
      "|\n|---|---|---|---|---|---|\n",
      goleakstress::experiment::kBatches);
  for (size_t sites : {1UL, 125UL, 250UL, 500UL, 1000UL, 2000UL, 4000UL}) {
    const auto cost = goleakstress::experiment::Run(sites);
    const double batches =
        static_cast<double>(sites) * static_cast<double>(goleakstress::experiment::kBatches);
    const double bytes = static_cast<double>(sites) * (sizeof(Site) + 64 * sizeof(double));
    fmt::print("| {} | {:.3f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} |\n", sites, cost.seconds,
               cost.seconds / batches * 1e6, cost.worst_batch * 1e3, cost.judge * 1e3, bytes / 1e6);
  }
}
