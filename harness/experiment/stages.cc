#include "harness/experiment/stages.h"

#include <algorithm>

#include "harness/experiment/pace.h"

namespace goleakstress::experiment {
namespace {

constexpr double kRepeatedCounts = 1000;  // e by which repeated calls are shown to matter
constexpr double kKeyShare = 0.25;  // a repeated call adds less than this share of what a fresh one does: key
constexpr double kPromising = 3;    // e of a site that may still get there
constexpr size_t kTelling = 2;      // index of the clean rate whose refutation settles a site without promise

bool Hot(const Plan& plan, const Site& site, size_t sites) {
  return site.wealth.E(Factor::kCall) >= LeakLine(plan, sites) &&
         site.wealth.E(Factor::kSize) >= 1 / plan.size_error;
}

// The e-value of a site that may still get there; where many sites move, one in so many looks promising by
// chance.
double PromisingLine(std::span<const Site> sites) {
  const auto moving = std::count_if(sites.begin(), sites.end(), [](const Site& s) { return s.moved; });
  return std::max(kPromising, static_cast<double>(moving));
}

// Hot, followed to the horizon, and still depending on calls in its last half.
bool Complete(const Plan& plan, const Totals& made, const Site& site, size_t sites) {
  return Hot(plan, site, sites) && AxisOf(plan, site, made) >= static_cast<double>(plan.horizon) &&
         site.late && site.wealth.E(Factor::kLate) >= 1 / plan.late_error;
}

// The checks that more calls can still turn.
bool Fades(const Plan& plan, const Site& site, std::span<const Reading> readings) {
  return Decelerates(readings, plan.tail) ||
         !KeepsPace(PaceOf(readings, site.traits.resolution, MovesInSteps(site)), plan) ||
         !Proportional(readings, plan.proportion) ||
         Stalls(readings, site.traits.resolution, static_cast<double>(plan.horizon));
}

// What faded is over: a rate of half the mean rate so far is refuted.
bool Over(const Site& site, std::span<const Reading> readings) {
  const Reading &first = readings.front(), &last = readings.back();
  const double refuted = SmallestRefuted(RefutedRates(site), readings);
  return refuted > 0 && refuted <= 0.5 * (last.level - first.level) / std::max(1.0, last.calls - first.calls);
}

bool Pending(const Plan& plan, const Site& site, std::span<const Totals> rows, size_t confirm_row,
             size_t sites, double promising) {
  const double calls = static_cast<double>(rows.back().calls() - rows[confirm_row].calls());
  const auto refuted = RefutedByStillness(site, calls, plan.clean_error);
  if (refuted && site.rises_in_confirm == 0) return false;
  if (site.wealth.E(Factor::kTime) >= LeakLine(plan, sites)) return false;
  if (Hot(plan, site, sites)) {
    const std::vector<Reading> readings = Readings(plan, site, rows, confirm_row);
    return Fades(plan, site, readings) ? !Over(site, readings) : !Complete(plan, rows.back(), site, sites);
  }
  const double telling = kCleanRateUnits[kTelling] * site.traits.resolution;
  const auto gone = RefutedByZero(site, rows, plan.clean_error);
  const bool still = (refuted && *refuted <= telling) || (gone && *gone <= telling);
  return site.wealth.E(Factor::kCall) >= promising || !(still || site.refuted[kTelling]);
}

}  // namespace

double LeakLine(const Plan& plan, size_t sites) {
  return std::max(plan.smallest_family, static_cast<double>(sites)) / plan.family_error;
}

bool CountsAllCalls(const Plan& plan, const Site& site) {
  return !plan.inputs || site.wealth.E(Factor::kRepeated) >= kRepeatedCounts;
}

bool MovesInSteps(const Site& site) {
  const auto& wealth = site.wealth.factors[static_cast<size_t>(Factor::kCall)].wealth;
  return std::max_element(wealth.begin(), wealth.end()) >= wealth.end() - kStaircases.size();
}

double AxisOf(const Plan& plan, const Site& site, const Totals& totals) {
  return static_cast<double>(CountsAllCalls(plan, site) ? totals.calls() : totals.fresh);
}

Driver DriverOf(const Plan& plan, const Site& site, std::span<const Totals> rows, size_t confirm_row) {
  if (!plan.inputs) return Driver::kCall;
  // Least squares of the changes on repeated and fresh calls; empty batches pin the constant.
  double n = 0, r = 0, f = 0, y = 0, rr = 0, ff = 0, rf = 0, ry = 0, fy = 0;
  for (size_t i = confirm_row + 1; i < rows.size(); ++i) {
    const double dr = static_cast<double>(rows[i].repeated - rows[i - 1].repeated);
    const double df = static_cast<double>(rows[i].fresh - rows[i - 1].fresh);
    const double dy = site.levels[i] - site.levels[i - 1];
    n += 1, r += dr, f += df, y += dy, rr += dr * dr, ff += df * df, rf += dr * df, ry += dr * dy,
        fy += df * dy;
  }
  if (n < 4) return Driver::kCall;
  rr -= r * r / n, ff -= f * f / n, rf -= r * f / n, ry -= r * y / n, fy -= f * y / n;
  const double determinant = rr * ff - rf * rf;
  if (!(determinant > 0)) return Driver::kCall;
  const double by_repeated = (ry * ff - fy * rf) / determinant, by_fresh = (fy * rr - ry * rf) / determinant;
  return by_repeated < kKeyShare * by_fresh ? Driver::kKey : Driver::kCall;
}

void BeginLate(const Plan& plan, const Totals& made, std::span<Site> sites) {
  for (Site& site : sites) {
    if (site.late || AxisOf(plan, site, made) < static_cast<double>(plan.horizon) / 2) continue;
    site.late = true;
    site.wealth.of(Factor::kLate) = {};
  }
}

std::vector<Reading> Readings(const Plan& plan, const Site& site, std::span<const Totals> rows,
                              size_t confirm_row) {
  std::vector<Reading> readings;
  for (size_t r = confirm_row; r < rows.size(); ++r) {
    readings.push_back({AxisOf(plan, site, rows[r]), static_cast<double>(rows[r].calls()), rows[r].seconds,
                        site.levels[r], static_cast<double>(rows[r].fresh)});
  }
  return readings;
}

Scale NextScale(const Plan& plan, Stage stage, std::span<const Site> sites, std::span<const Totals> rows,
                size_t confirm_row) {
  if (std::none_of(sites.begin(), sites.end(), [](const Site& s) { return s.moved; }))
    return {plan.spread_still};
  const double promising = PromisingLine(sites);
  bool hot = false, open = false, steps = false, all_keys = true, followed = true;
  for (const Site& site : sites) {
    if (!site.moved) continue;
    if (Hot(plan, site, sites.size())) {
      hot = true;
      followed = followed && AxisOf(plan, site, rows.back()) >= static_cast<double>(plan.horizon);
      all_keys = all_keys && !CountsAllCalls(plan, site) && site.wealth.E(Factor::kRepeated) < 1 &&
                 DriverOf(plan, site, rows, confirm_row) == Driver::kKey;
    } else if (site.wealth.E(Factor::kCall) >= promising) {
      open = true;
      steps = steps || MovesInSteps(site);
    }
  }
  const bool settled = hot && !open;
  if (stage == Stage::kScreen) return {settled ? plan.spread_still : plan.spread_screen};
  if (settled) return {followed ? plan.spread_open : plan.spread_settled, all_keys};
  return {rows.back().calls() < plan.horizon || steps ? plan.spread_confirm : plan.spread_open};
}

bool AnyComplete(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                 size_t confirm_row) {
  return std::any_of(sites.begin(), sites.end(), [&](const Site& site) {
    return !site.traits.before_jump && Complete(plan, rows.back(), site, sites.size()) &&
           !Fades(plan, site, Readings(plan, site, rows, confirm_row));
  });
}

bool Settled(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
             size_t confirm_row) {
  const double promising = PromisingLine(sites);
  return std::none_of(sites.begin(), sites.end(), [&](const Site& site) {
    return Pending(plan, site, rows, confirm_row, sites.size(), promising);
  });
}

}  // namespace goleakstress::experiment
