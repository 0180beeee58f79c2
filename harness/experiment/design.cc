#include "harness/experiment/design.h"

#include <algorithm>

namespace goleakstress::experiment {
namespace {

constexpr int64_t kUnfavoured = 8;  // the unit of the kind that is not favoured is so much smaller

Choices Choose(const std::vector<Cell>& cells, const std::vector<size_t>& among, size_t chosen,
               const int64_t (&units)[2], const int64_t (&remainders)[2]) {
  Choices c;
  const Cell& drawn = cells[chosen];
  const bool any = drawn.repeated > 0 || drawn.fresh > 0;
  for (size_t cell : among) {
    const Cell& option = cells[cell];
    const size_t i = c.size();
    auto calls = [&](int level, int k) {
      return level > 0 ? static_cast<double>(level * units[k] + remainders[k]) : 0.0;
    };
    c.repeated.push_back(calls(option.repeated, 0));
    c.fresh.push_back(calls(option.fresh, 1));
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

Batch Draw(const Plan& plan, const Totals& before, const Scale& scale, Random& random) {
  // The kind of call that lags behind gets the larger unit, so that both climb together.
  const double half = static_cast<double>(before.calls()) / 2;
  auto unit = [&](int64_t made) {
    const double boost = plan.inputs ? std::min(2.0, half / std::max(1.0, static_cast<double>(made))) : 1.0;
    return std::max<int64_t>(1, static_cast<int64_t>(half * boost) / scale.spread);
  };
  int64_t units[2] = {unit(before.repeated), unit(before.fresh)};
  if (scale.favour_fresh) {
    units[0] = std::max<int64_t>(1, units[0] / kUnfavoured);
    units[1] = std::max<int64_t>(1, before.fresh / scale.spread);
  }
  // A remainder below one unit avoids resonance with whatever is flushed periodically.
  int64_t remainders[2];
  for (int k = 0; k < 2; ++k)
    remainders[k] = static_cast<int64_t>(random.Below(static_cast<uint64_t>(units[k])));

  const std::vector<Cell> cells = plan.Cells();
  std::vector<double> weights;
  for (const Cell& cell : cells) weights.push_back(cell.weight);
  const size_t drawn = random.Weighted(weights);

  Batch batch;
  batch.before = before;
  std::vector<size_t> all, same_repeated;
  for (size_t i = 0; i < cells.size(); ++i) {
    all.push_back(i);
    if (cells[i].repeated == cells[drawn].repeated) same_repeated.push_back(i);
  }
  batch.cells = Choose(cells, all, drawn, units, remainders);
  batch.cells_given_repeated = Choose(cells, same_repeated, drawn, units, remainders);
  batch.repeated = batch.cells.repeated[drawn];
  batch.fresh = batch.cells.fresh[drawn];
  for (int w = 0; w < plan.idle_choices; ++w) {
    batch.idle_seconds.push_back(plan.pad_seconds * (1 + w));
    batch.idle_weights.push_back(1);
    batch.idle_all.push_back(static_cast<size_t>(w));
  }
  batch.idle = random.Below(static_cast<uint64_t>(plan.idle_choices));
  batch.seconds = batch.idle_seconds[batch.idle];
  return batch;
}

}  // namespace goleakstress::experiment
