#include "harness/experiment/design.h"

#include <algorithm>

namespace goleakstress::experiment {

Design::Design(const Plan& plan) : plan_(plan), cells_(plan.Cells()) {
  for (const Cell& a : cells_) {
    weights_.push_back(a.weight);
    std::vector<size_t> same_fresh, same_repeated;
    for (size_t i = 0; i < cells_.size(); ++i) {
      if (cells_[i].fresh == a.fresh) same_fresh.push_back(i);
      if (cells_[i].repeated == a.repeated) same_repeated.push_back(i);
    }
    same_fresh_.push_back(std::move(same_fresh));
    same_repeated_.push_back(std::move(same_repeated));
  }
}

Batch Design::Draw(const Totals& before, int64_t spread, Random& random) const {
  // The kind of call that lags behind gets the larger unit, so that both climb together. The remainder, below
  // one unit, avoids resonance with whatever is flushed periodically.
  const double half = static_cast<double>(before.calls()) / 2;
  auto unit = [&](int64_t made) {
    const double boost = plan_.inputs ? std::min(2.0, half / std::max(1.0, static_cast<double>(made))) : 1.0;
    return std::max<int64_t>(1, static_cast<int64_t>(half * boost) / spread);
  };
  const int64_t units[2] = {unit(before.repeated), unit(before.fresh)};
  int64_t remainders[2];
  for (int k = 0; k < 2; ++k)
    remainders[k] = static_cast<int64_t>(random.Below(static_cast<uint64_t>(units[k])));

  Batch batch;
  batch.before = before;
  for (const Cell& cell : cells_) {
    auto calls = [&](int level, int k) {
      return level > 0 ? static_cast<double>(level * units[k] + remainders[k]) : 0;
    };
    batch.options.push_back({calls(cell.repeated, 0), calls(cell.fresh, 1)});
  }
  for (int w = 0; w < plan_.idle_choices; ++w) batch.seconds.push_back(plan_.pad_seconds * (1 + w));
  batch.cell = random.Weighted(weights_);
  batch.idle = random.Below(static_cast<uint64_t>(plan_.idle_choices));
  return batch;
}

}  // namespace goleakstress::experiment
