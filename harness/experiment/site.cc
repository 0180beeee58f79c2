#include "harness/experiment/site.h"

#include <algorithm>
#include <cmath>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr int kFewFalls = 3, kFewRises = 3;

constexpr double kUsualRises = 2;  // times the largest so far is no other size

double LargestRise(std::span<const double> levels) {
  double largest = 0;
  for (size_t i = 1; i < levels.size(); ++i) largest = std::max(largest, levels[i] - levels[i - 1]);
  return largest;
}

// The mean of which a Poisson count is `count` or less with probability `error`.
double PoissonUpperLimit(int count, double error) {
  if (count == 0) return -Log(error);  // of most sites, with each batch
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
    double e = static_cast<double>(kCleanStarts - starts);
    for (size_t s = 0; s < starts; ++s) e += site.clean_wealth[i][s].E();
    site.refuted[i] = site.refuted[i] || e / kCleanStarts >= 1 / error;
  }
  for (size_t k = 0; k < bank.regressions.size(); ++k) {
    const Regression& r = bank.regressions[k];
    const Seen seen = Look(bank, batch, k, level, site);
    const double miss = r.Error(site.clean[k], seen.target), ramp_miss = r.Error(bank.ramp[k], seen.ramp);
    site.clean_products[k] = r.UpdatedProduct(site.clean_products[k], miss, ramp_miss);
    r.Update(site.clean[k], miss);
  }
}

std::vector<double> RefutedRates(const Site& site, std::optional<double> by_stillness) {
  std::vector<double> rates;
  for (size_t i = kCleanRates; i-- > 0;) {
    if (site.refuted[i]) rates.push_back(kCleanRateUnits[i] * site.traits.resolution);
  }
  if (by_stillness) rates.insert(std::upper_bound(rates.begin(), rates.end(), *by_stillness), *by_stillness);
  return rates;
}

}  // namespace goleakstress::experiment
