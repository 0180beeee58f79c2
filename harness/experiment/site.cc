#include "harness/experiment/site.h"

#include <algorithm>
#include <cmath>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr int kFewFalls = 3, kFewRises = 3;

constexpr double kUsualRises = 2;  // times the largest so far is no other size
constexpr double kClearly = 4;     // times as fast as the lowest readings rise, a rate is refuted
// Standing still is looked at after every batch: with k rises it is a mistake with probability
// min(error / kLooks, 0.4^k) at most, which sums up to less than `error` for all k together.
constexpr double kLooks = 8.4;

double LargestRise(std::span<const double> levels) {
  double largest = 0;
  for (size_t i = 1; i < levels.size(); ++i) largest = std::max(largest, levels[i] - levels[i - 1]);
  return largest;
}

// The mean of which a Poisson count is `count` or less with probability `error`. Of many, a little more: by
// Chernoff's bound, P(count or less) is at most exp(-(mean - count)^2 / 2 mean).
double PoissonUpperLimit(double count, double error) {
  if (count == 0) return -Log(error);  // of most sites, with each batch
  if (count > kFewRises) {
    const double nats = -Log(error);
    return count + nats + std::sqrt(nats * (nats + 2 * count));
  }
  double low = 0, high = 100;
  for (int step = 0; step < 50; ++step) {
    const double mean = (low + high) / 2;
    double term = Exp(-mean), sum = term;
    for (int k = 1; k <= count; ++k) sum += term *= mean / k;
    (sum > error ? low : high) = mean;
  }
  return high;
}

constexpr size_t kMostOptions = 64;  // a plan has fewer cells and idle choices

}  // namespace

std::optional<double> RefutedByStillness(const Site& site, double calls, double error) {
  if (site.rises_in_confirm > kFewRises || site.falls_in_confirm > kFewFalls || calls <= 0)
    return std::nullopt;
  const double most = PoissonUpperLimit(site.rises_in_confirm, error);
  return most / calls * std::max(site.traits.resolution, site.largest_rise);
}

std::optional<double> RefutedByZero(const Site& site, std::span<const Totals> rows, double error) {
  size_t row = std::min(rows.size(), site.levels.size());
  while (row > 0 && site.levels[row - 1] != 0) --row;
  if (row == 0) return std::nullopt;
  const double calls = static_cast<double>(rows[row - 1].calls());
  if (4 * calls < 3 * static_cast<double>(rows.back().calls())) return std::nullopt;
  const std::span<const double> levels = site.levels;
  if (LargestRise(levels.subspan(row - 1)) > kUsualRises * LargestRise(levels.first(row)))
    return std::nullopt;
  return -Log(error) / calls * site.traits.resolution;
}

double ShareBeforeLastRise(const Site& site, std::span<const Totals> rows) {
  size_t row = std::min(rows.size(), site.levels.size()) - 1;
  while (row > 0 && site.levels[row] <= site.levels[row - 1]) --row;
  if (row == 0) return 0;
  const Totals &rose = rows[row], &last = rows.back();
  const auto share = [](int64_t part, int64_t all) {
    return static_cast<double>(part) / static_cast<double>(std::max<int64_t>(1, all));
  };
  return std::max({share(rose.calls(), last.calls()), share(rose.fresh, last.fresh),
                   share(rose.repeated, last.repeated)});
}

std::optional<double> RefutedByStandstill(const Site& site, std::span<const Totals> rows, double error,
                                          bool looks) {
  const double share = ShareBeforeLastRise(site, rows);
  if (share == 0 || share > kStillFrom) return std::nullopt;
  double chance = 1;
  for (size_t r = 1; r < site.levels.size(); ++r) chance *= site.levels[r] > site.levels[r - 1] ? share : 1;
  if (chance > (looks ? error / kLooks : error)) return std::nullopt;
  return -Log(error) / ((1 - share) * static_cast<double>(rows.back().calls())) * site.traits.resolution;
}

std::optional<double> RefutedByReturn(const Site& site, std::span<const Totals> rows, double error) {
  const auto calls = [&](size_t row) { return static_cast<double>(rows[row].calls()); };
  const std::vector<double>& levels = site.levels;
  const size_t n = std::min(rows.size(), levels.size());
  if (n < 2) return std::nullopt;
  const auto first_from = [&](double share) {
    size_t row = 0;
    while (calls(row) < share * calls(n - 1)) ++row;
    return row;
  };
  const size_t half = first_from(0.5), quarter = first_from(0.25);
  size_t low = half, early = first_from(0.125);
  for (size_t r = half; r < n; ++r) low = levels[r] <= levels[low] ? r : low;
  for (size_t r = early; r <= quarter; ++r) early = levels[r] < levels[early] ? r : early;
  double highest = levels[0], taken_back = 0, unit = 0;
  for (size_t r = 1; r <= low; ++r) {
    highest = std::max(highest, levels[r]);
    taken_back = std::max(taken_back, highest - levels[r]);
    const double rise = levels[r] - levels[r - 1];
    if (rise > 0) unit = unit == 0 ? rise : std::min(unit, rise);
  }
  const double since =
      *std::max_element(levels.begin() + static_cast<ptrdiff_t>(low), levels.end()) - levels[low];
  if (taken_back == 0 || since > kUsualRises * taken_back || levels[low] < 0) return std::nullopt;
  unit = std::max(unit, site.traits.resolution);
  const double rate = unit * PoissonUpperLimit(levels[low] / unit, error) / calls(half);
  const double rose = (levels[low] - levels[early]) / std::max(1.0, calls(low) - calls(early));
  return rate >= kClearly * rose ? std::optional(rate) : std::nullopt;
}

GrowthBank::GrowthBank() {
  for (const RegressionShape& shape : kRegressions) regressions.emplace_back(shape);
  for (const CountingShape& shape : kCountings) countings.emplace_back(shape);
  for (bool fresh_only : kStaircases) staircases.emplace_back(fresh_only);
}

void GrowthBank::Prepare(const Batch& batch, std::span<Site> sites) {
  for (size_t k = 0; k < regressions.size(); ++k) {
    const bool anew = regressions[k].BeginsAnew(batch);
    regressions[k].Prepare(batch);
    if (!anew) continue;
    for (Site& site : sites) site.growth[k] = regressions[k].Prior(site.traits.resolution);
  }
  for (Counting& c : countings) c.Prepare(batch);
  for (Staircase& s : staircases) s.Prepare(batch);
}

void GrowthBank::Learn() {
  for (Regression& r : regressions) r.Learn();
  for (Counting& c : countings) c.Learn();
}

void GrowthBank::Skip() {
  for (Regression& r : regressions) r.Skip();
}

CleanBank::CleanBank(const Totals& start, size_t row)
    : start_row(row), start_calls_(static_cast<double>(start.calls())) {
  for (size_t k = 0; k < kCleanRegressions; ++k) regressions.emplace_back(kRegressions[k]);
}

void CleanBank::Prepare(const Batch& batch) {
  for (Regression& r : regressions) r.Prepare(batch);
}

double CleanBank::Calls(const Batch& batch) const {
  return static_cast<double>(batch.before.calls()) - start_calls_ + batch.calls();
}

void CleanBank::Learn(const Batch& batch) {
  for (size_t k = 0; k < regressions.size(); ++k) {
    Regression& r = regressions[k];
    r.Update(ramp[k], r.Error(ramp[k], r.Scaled(Calls(batch), batch.calls())));
    r.Learn();
  }
}

void CleanBank::Skip() {
  for (Regression& r : regressions) r.Skip();
}

void BeginGrowth(const GrowthBank& bank, Site& site) {
  for (size_t k = 0; k < bank.regressions.size(); ++k)
    site.growth[k] = bank.regressions[k].Prior(site.traits.resolution);
  for (size_t k = 0; k < bank.countings.size(); ++k) site.rises.shape[k] = bank.countings[k].PriorShape();
}

void BeginClean(const CleanBank& bank, Site& site) {
  for (size_t k = 0; k < bank.regressions.size(); ++k)
    site.clean[k] = bank.regressions[k].Prior(site.traits.resolution);
  site.clean_products = {};
}

namespace {

void BetOnRegressions(const GrowthBank& bank, const Batch& batch, double floor, double level, Site& site) {
  double buffer[kMostOptions];
  const double change = level - site.levels.back(), since = level - site.levels.front();
  for (size_t k = 0; k < bank.regressions.size(); ++k) {
    const Regression& r = bank.regressions[k];
    Predictor& p = site.growth[k];
    const double target = r.Scaled(since, change);
    const Regression::Growth up = r.Expects(p);
    const Choices& cells = r.drive() == Drive::kFresh ? batch.cells_given_repeated : batch.cells;
    if ((up.repeated || up.fresh) && cells.size() > 1) {
      const std::span<double> likelihoods(buffer, cells.size());
      r.CellLikelihoods(p, target, likelihoods);
      BetOnCells(cells, likelihoods, up.repeated, up.fresh, floor, k, site.wealth);
    }
    if (up.time) {
      const std::span<double> likelihoods(buffer, batch.idle_seconds.size());
      r.IdleLikelihoods(p, target, likelihoods);
      const double gain = Gain(likelihoods, batch.idle_weights, batch.idle_all, batch.idle, floor);
      site.wealth.of(Factor::kTime).Multiply(k, gain);
    }
    r.Update(p, r.Error(p, target));
  }
}

void BetOnCountings(const GrowthBank& bank, const Batch& batch, double floor, double level, Site& site) {
  double buffer[kMostOptions];
  const double change = level - site.levels.back();
  Rises& rises = site.rises;
  if (change > 0 && (rises.unit == 0 || change < rises.unit)) {
    const double finer = rises.unit == 0 ? 1 : rises.unit / change;
    for (size_t k = 0; k < kCountings.size(); ++k) {
      if (!kCountings[k].any_rise) rises.shape[k] *= finer;
    }
    rises.unit = change;
  }
  const double units = change > 0 ? change / rises.unit : 0;
  for (size_t k = 0; k < bank.countings.size(); ++k) {
    const Counting& c = bank.countings[k];
    const double counted = c.Counted(units);
    const Choices& cells = c.fresh_only() ? batch.cells_given_repeated : batch.cells;
    if (change >= 0 && rises.up >= rises.down && cells.size() > 1) {
      const std::span<double> likelihoods(buffer, cells.size());
      c.Likelihoods(rises.shape[k], counted, likelihoods);
      BetOnCells(cells, likelihoods, !c.fresh_only(), true, floor, kRegressions.size() + k, site.wealth);
    }
    rises.shape[k] = c.UpdatedShape(rises.shape[k], counted);
  }
  (change > 0 ? rises.up : rises.down) += std::abs(change);
}

void BetOnStaircases(const GrowthBank& bank, const Batch& batch, double floor, double level, Site& site) {
  double buffer[kMostOptions];
  for (size_t k = 0; k < bank.staircases.size(); ++k) {
    const Staircase& s = bank.staircases[k];
    const Choices& cells = s.fresh_only() ? batch.cells_given_repeated : batch.cells;
    if (site.stairs[k].Known() && level > 0 && cells.size() > 1) {
      const std::span<double> likelihoods(buffer, cells.size());
      s.Likelihoods(site.stairs[k], level, likelihoods);
      BetOnCells(cells, likelihoods, !s.fresh_only(), true, floor,
                 kRegressions.size() + kCountings.size() + k, site.wealth);
    }
    s.Update(site.levels.back(), level, site.stairs[k]);
  }
}

}  // namespace

void BetOnGrowth(const GrowthBank& bank, const Batch& batch, double floor, double level, Site& site) {
  BetOnRegressions(bank, batch, floor, level, site);
  BetOnCountings(bank, batch, floor, level, site);
  BetOnStaircases(bank, batch, floor, level, site);
}

namespace {

// What regression k sees of the level and of the ramp in this batch.
struct Seen {
  double target, ramp;
};
Seen Look(const CleanBank& bank, const Batch& batch, size_t k, double level, const Site& site) {
  const Regression& r = bank.regressions[k];
  return {r.Scaled(level - site.levels[bank.start_row], level - site.levels.back()),
          r.Scaled(bank.Calls(batch), batch.calls())};
}

double MeanE(std::span<const Purse<kCleanRegressions>> beginnings) {
  double sum = 0;
  for (const auto& purse : beginnings) sum += purse.E();
  return sum / static_cast<double>(beginnings.size());
}

}  // namespace

void BetOnClean(const CleanBank& bank, const Batch& batch, size_t starts, double floor, double error,
                double level, Site& site) {
  double buffer[kMostOptions];
  for (size_t k = 0; k < bank.regressions.size(); ++k) {
    const Regression& r = bank.regressions[k];
    const Seen seen = Look(bank, batch, k, level, site);
    const Choices& cells = r.drive() == Drive::kFresh ? batch.cells_given_repeated : batch.cells;
    if (cells.size() < 2) continue;
    for (size_t i = 0; i < kCleanRates; ++i) {
      if (site.refuted[i]) continue;
      const double rate = kCleanRateUnits[i] * site.traits.resolution;
      // Regression is linear: the predictor of rate x ramp - level follows from those of ramp and level.
      Predictor p;
      for (size_t j = 0; j < p.slope.size(); ++j)
        p.slope[j] = rate * bank.ramp[k].slope[j] - site.clean[k].slope[j];
      const Regression::Growth up = r.Expects(p);
      if (!up.repeated && !up.fresh) continue;
      const double squares =
          rate * rate * bank.ramp[k].squares + site.clean[k].squares - 2 * rate * site.clean_products[k];
      p.squares = std::max(squares, 1e-6 * site.clean[k].squares);
      const std::span<double> likelihoods(buffer, cells.size());
      r.CellLikelihoods(p, rate * seen.ramp - seen.target, likelihoods);
      const auto& among = up.repeated && up.fresh ? cells.all
                          : up.repeated           ? cells.given_fresh
                                                  : cells.given_repeated;
      const double gain = Gain(likelihoods, cells.weights, among, cells.chosen, floor);
      for (size_t s = 0; s < starts; ++s) site.clean_wealth[i][s].Multiply(k, gain);
    }
  }
  for (size_t i = 0; i < kCleanRates; ++i) {
    const std::span<const Purse<kCleanRegressions>> wealth = site.clean_wealth[i];
    site.refuted[i] = site.refuted[i] || MeanE(wealth.subspan(kEarlyCleanStarts)) >= 1 / error;
    site.refuted_early[i] = site.refuted_early[i] || MeanE(wealth.first(kEarlyCleanStarts)) >= 1 / error;
  }
  for (size_t k = 0; k < bank.regressions.size(); ++k) {
    const Regression& r = bank.regressions[k];
    const Seen seen = Look(bank, batch, k, level, site);
    const double miss = r.Error(site.clean[k], seen.target), ramp_miss = r.Error(bank.ramp[k], seen.ramp);
    site.clean_products[k] = r.UpdatedProduct(site.clean_products[k], miss, ramp_miss);
    r.Update(site.clean[k], miss);
  }
}

std::vector<double> RefutedRates(const Site& site, bool early, std::optional<double> by_stillness) {
  std::vector<double> rates;
  for (size_t i = kCleanRates; i-- > 0;) {
    if (site.refuted[i] || (early && site.refuted_early[i]))
      rates.push_back(kCleanRateUnits[i] * site.traits.resolution);
  }
  if (by_stillness) rates.insert(std::upper_bound(rates.begin(), rates.end(), *by_stillness), *by_stillness);
  return rates;
}

}  // namespace goleakstress::experiment
