#include "harness/experiment/design.h"

#include <algorithm>

namespace goleakstress::experiment {
namespace {

constexpr int64_t kUnfavoured = 8;  // the unit of the kind that is not favoured is so much smaller

Choices Choose(const std::vector<Cell>& cells, const std::vector<size_t>& among, size_t chosen,
               const Units& units, const Units& remainders) {
  Choices c;
  const Cell& drawn = cells[chosen];
  const bool any = drawn.repeated > 0 || drawn.fresh > 0;
  for (size_t cell : among) {
    const Cell& option = cells[cell];
    const size_t i = c.size();
    auto calls = [](int level, int64_t unit, int64_t rest) {
      return level > 0 ? static_cast<double>(level * unit + rest) : 0.0;
    };
    c.repeated.push_back(calls(option.repeated, units.repeated, remainders.repeated));
    c.fresh.push_back(calls(option.fresh, units.fresh, remainders.fresh));
    c.weights.push_back(option.weight);
    if (cell == chosen) c.chosen = i;
    const bool dosed = any && (option.repeated > 0 || option.fresh > 0);
    c.all.push_back(i);
    if (dosed) c.dosed.push_back(i);
    if (option.fresh == drawn.fresh) {
      c.given_fresh.push_back(i);
      if (dosed) c.dosed_given_fresh.push_back(i);
    }
    if (option.repeated == drawn.repeated) {
      c.given_repeated.push_back(i);
      if (dosed) c.dosed_given_repeated.push_back(i);
    }
  }
  return c;
}

}  // namespace

Units UnitsOf(const Plan& plan, const Totals& before, const Scale& scale) {
  // The kind of call that lags behind gets the larger unit, so that both climb together.
  const double half = static_cast<double>(before.calls()) / 2;
  auto unit = [&](int64_t made) {
    const double boost = plan.inputs ? std::min(2.0, half / std::max(1.0, static_cast<double>(made))) : 1.0;
    return std::max<int64_t>(1, static_cast<int64_t>(half * boost) / scale.spread);
  };
  Units units = {unit(before.repeated), unit(before.fresh)};
  if (scale.favour_fresh) {
    units.repeated = std::max<int64_t>(1, units.repeated / kUnfavoured);
    units.fresh = std::max<int64_t>(1, before.fresh / scale.spread);
  }
  return units;
}

Secret Draw(const Plan& plan, const Units& units, Random& random) {
  auto below = [&](int64_t n) { return random.Below(static_cast<uint64_t>(n)); };
  Secret secret;
  secret.remainders.repeated = static_cast<int64_t>(below(units.repeated));
  secret.remainders.fresh = static_cast<int64_t>(below(units.fresh));
  std::vector<double> weights;
  for (const Cell& cell : plan.Cells()) weights.push_back(cell.weight);
  secret.cell = random.Weighted(weights);
  secret.idle = below(plan.idle_choices);
  return secret;
}

Batch BatchOf(const Plan& plan, const Totals& before, const Units& units, const Secret& secret) {
  const std::vector<Cell> cells = plan.Cells();
  std::vector<size_t> all, same_repeated;
  for (size_t i = 0; i < cells.size(); ++i) {
    all.push_back(i);
    if (cells[i].repeated == cells[secret.cell].repeated) same_repeated.push_back(i);
  }
  Batch batch;
  batch.before = before;
  batch.cells = Choose(cells, all, secret.cell, units, secret.remainders);
  batch.cells_given_repeated = Choose(cells, same_repeated, secret.cell, units, secret.remainders);
  batch.repeated = batch.cells.repeated[secret.cell];
  batch.fresh = batch.cells.fresh[secret.cell];
  for (int w = 0; w < plan.idle_choices; ++w) {
    batch.idle_seconds.push_back(plan.pad_seconds * (1 + w));
    batch.idle_weights.push_back(1);
    batch.idle_all.push_back(static_cast<size_t>(w));
  }
  batch.idle = secret.idle;
  batch.seconds = batch.idle_seconds[batch.idle];
  return batch;
}

}  // namespace goleakstress::experiment
