#include "harness/experiment/stages.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/experiment/elementary.h"
#include "harness/experiment/pace.h"

namespace goleakstress::experiment {
namespace {

constexpr double kRepeatedCounts = 1000;  // e by which repeated calls are shown to matter
constexpr double kKeyShare = 0.25;  // a repeated call adds less than this share of what a fresh one does: key
constexpr double kPromising = 3;    // e of a site that may still get there
constexpr double kMoreThanOneArray = 8;  // objects: one array that grows is replaced, and never two more
constexpr double kOverTail = 0.1;        // Plan::tail of what hardly grows
constexpr double kSameSize = 1.1;        // times as large: the arrays of slices grow by a quarter at least
constexpr double kOverHorizons = 4;      // calls, in horizons, after which that is over
constexpr size_t kTelling = 2;  // index of the clean rate whose refutation settles a site without promise

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

// Hot, followed to the horizon and by enough things, and still depending on calls in its last half.
bool Complete(const Plan& plan, const Totals& made, const Site& site, double things, size_t sites) {
  const double enough = std::min(site.traits.enough_things, static_cast<double>(plan.horizon) / 2);
  return Hot(plan, site, sites) && AxisOf(plan, site, made) >= static_cast<double>(plan.horizon) &&
         things >= enough && site.late && site.wealth.E(Factor::kLate) >= 1 / plan.late_error;
}

// The checks that more calls can still turn.
bool Fades(const Plan& plan, const Site& site, std::span<const Reading> readings) {
  return Decelerates(readings, plan.tail) ||
         !KeepsPace(PaceOf(readings, site.traits.resolution, MovesInSteps(site)), plan) ||
         !Proportional(readings, plan.proportion) ||
         Stalls(readings, site.traits.resolution, static_cast<double>(plan.horizon));
}

// What faded is over: a rate of half the mean rate so far is refuted, or hardly anything grows any more.
bool Over(const Plan& plan, const Site& site, std::span<const Reading> readings) {
  if (readings.back().calls >= kOverHorizons * static_cast<double>(plan.horizon) &&
      Decelerates(readings, kOverTail) &&
      PaceOf(readings, site.traits.resolution, MovesInSteps(site)).evidence < -Log(plan.pace))
    return true;
  const Reading &first = readings.front(), &last = readings.back();
  const double refuted = SmallestRefuted(RefutedRates(site), readings);
  return refuted > 0 && refuted <= 0.5 * (last.level - first.level) / std::max(1.0, last.calls - first.calls);
}

// Not one rise since 40 % of the calls: an array that doubles has a step in each half.
bool StandsStill(const Site& site, std::span<const Totals> rows) {
  const double from = kStillFrom * static_cast<double>(rows.back().calls());
  for (size_t r = rows.size(); --r > 0 && static_cast<double>(rows[r - 1].calls()) >= from;) {
    if (site.levels[r] > site.levels[r - 1]) return false;
  }
  return true;
}

bool Pending(const Plan& plan, const Site& site, double things, std::span<const Totals> rows,
             size_t confirm_row, size_t sites, double promising) {
  const double calls = static_cast<double>(rows.back().calls() - rows[confirm_row].calls());
  const auto refuted = RefutedByStillness(site, calls, plan.clean_error);
  if (refuted && site.rises_in_confirm == 0) return false;
  if (RefutedByStandstill(site, rows, plan.clean_error, true)) return false;
  if (site.wealth.E(Factor::kTime) >= LeakLine(plan, sites)) return false;
  if (Hot(plan, site, sites)) {
    const std::vector<Reading> readings = Readings(plan, site, rows, confirm_row);
    return Fades(plan, site, readings) ? !Over(plan, site, readings)
                                       : !Complete(plan, rows.back(), site, things, sites);
  }
  const double telling = kCleanRateUnits[kTelling] * site.traits.resolution;
  if (site.wealth.E(Factor::kCall) >= promising) return true;
  if (const auto gone = RefutedByZero(site, rows, plan.clean_error); gone && *gone <= telling) return false;
  if (const auto back = RefutedByReturn(site, rows, plan.clean_error); back && *back <= telling) return false;
  // What the verdict will ask for, too: where the level happens to be high just now, later calls tell.
  const std::vector<double> rates = RefutedRates(site, false, refuted);
  if (rates.empty() || rates.front() > telling) return true;
  const double smallest = SmallestRefuted(rates, Readings(plan, site, rows, confirm_row));
  return smallest == 0 || smallest > telling;
}

// Which sites have all that a `leak` asks for before the hold.
std::vector<bool> CompleteSites(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                                size_t confirm_row, const std::vector<double>& things) {
  std::vector<bool> complete;
  for (size_t i = 0; i < sites.size(); ++i) {
    const Site& site = sites[i];
    complete.push_back(!site.traits.before_jump &&
                       Complete(plan, rows.back(), site, things[i], sites.size()) &&
                       !Fades(plan, site, Readings(plan, site, rows, confirm_row)));
  }
  return complete;
}

// The groups of the sites in `which`.
std::set<int> GroupsOf(std::span<const Site> sites, const std::vector<bool>& which) {
  std::set<int> groups;
  for (size_t i = 0; i < sites.size(); ++i) {
    if (which[i]) groups.insert(sites[i].traits.group);
  }
  groups.erase(-1);
  return groups;
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

std::vector<double> ThingsGrown(std::span<const Site> sites, size_t since_row) {
  const auto grown = [since_row](const Site& site) {
    return site.levels.empty() ? 0 : site.levels.back() - site.levels[since_row];
  };
  std::map<int, double> counted;  // by group
  for (const Site& site : sites) {
    if (site.traits.thing == 1)
      counted[site.traits.group] = std::max(counted[site.traits.group], grown(site));
  }
  std::vector<double> things;
  for (const Site& site : sites) {
    double number = grown(site) / site.traits.thing;
    const auto same = counted.find(site.traits.group);
    if (site.traits.thing != 1 && site.traits.group >= 0 && same != counted.end() &&
        same->second >= kMoreThanOneArray)
      number = std::min(number, same->second);
    things.push_back(number);
  }
  return things;
}

bool IsBytesOf(const Site& bytes, const Site& count) {
  return bytes.traits.group >= 0 && bytes.traits.group == count.traits.group && bytes.traits.thing != 1 &&
         count.traits.thing == 1;
}

bool SizesStandStill(const Site& bytes, const Site& count, std::span<const Totals> rows) {
  const double from = kStillFrom * static_cast<double>(rows.back().calls());
  double before = 0, since = 0;
  for (size_t r = 0; r < rows.size(); ++r) {
    if (count.levels[r] <= 0) continue;
    double& largest = static_cast<double>(rows[r].calls()) <= from ? before : since;
    largest = std::max(largest, bytes.levels[r] / count.levels[r]);
  }
  return before > 0 && since <= kSameSize * before;
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
    } else if (!site.traits.sum && site.wealth.E(Factor::kCall) >= promising) {
      open = true;
      steps = steps || MovesInSteps(site);
    }
  }
  const bool settled = hot && !open;
  if (stage == Stage::kScreen) return {settled ? plan.spread_still : plan.spread_screen};
  if (settled) return {followed ? plan.spread_open : plan.spread_settled, all_keys};
  return {rows.back().calls() < plan.horizon || steps ? plan.spread_confirm : plan.spread_open};
}

bool IsPromising(const Site& site, std::span<const Site> sites) {
  return site.wealth.E(Factor::kCall) >= PromisingLine(sites);
}

bool AnyComplete(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                 size_t confirm_row) {
  const std::vector<bool> complete =
      CompleteSites(plan, sites, rows, confirm_row, ThingsGrown(sites, confirm_row));
  return std::find(complete.begin(), complete.end(), true) != complete.end();
}

std::vector<Progress> ProgressOf(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                                 size_t confirm_row) {
  std::vector<double> things = ThingsGrown(sites, confirm_row);
  const std::vector<bool> complete = CompleteSites(plan, sites, rows, confirm_row, things);
  const bool any_complete = std::find(complete.begin(), complete.end(), true) != complete.end();
  // Pools of goroutines are taken to be small: one that is large enough for a leak of these is none yet that
  // what comes with them could rely on.
  const double much = std::min(Plan::kEnoughThings, static_cast<double>(plan.horizon) / 2);
  bool found = false;
  for (size_t i = 0; i < sites.size(); ++i) found = found || (complete[i] && things[i] >= much);
  const double promising = PromisingLine(sites);
  std::vector<bool> pending, grew_and_is_decided;
  for (size_t i = 0; i < sites.size(); ++i) {
    const Site& site = sites[i];
    // Where another leak is found the least number of things is enough.
    if (found && things[i] >= site.traits.least_things)
      things[i] = std::max(things[i], site.traits.enough_things);
    const bool asked = !site.traits.sum || Hot(plan, site, sites.size());
    pending.push_back(!complete[i] && asked &&
                      Pending(plan, site, things[i], rows, confirm_row, sites.size(), promising));
    grew_and_is_decided.push_back(!pending[i] && !site.traits.vague && site.rises_in_confirm > 0);
  }
  const std::set<int> shown = GroupsOf(sites, complete), decided = GroupsOf(sites, grew_and_is_decided);
  std::vector<Progress> progress;
  for (size_t i = 0; i < sites.size(); ++i) {
    const SiteTraits& traits = sites[i].traits;
    if (!pending[i] || (traits.vague && any_complete) || shown.contains(traits.group)) {
      progress.push_back(Progress::kSettled);
    } else {
      bool by_group = decided.contains(traits.group) && StandsStill(sites[i], rows);
      for (size_t j = 0; j < sites.size() && !by_group; ++j)
        by_group = !pending[j] && IsBytesOf(sites[i], sites[j]) && SizesStandStill(sites[i], sites[j], rows);
      progress.push_back(by_group ? Progress::kSettledByGroup : Progress::kOpen);
    }
  }
  return progress;
}

bool Settled(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
             size_t confirm_row) {
  const std::vector<Progress> progress = ProgressOf(plan, sites, rows, confirm_row);
  return std::find(progress.begin(), progress.end(), Progress::kOpen) == progress.end();
}

}  // namespace goleakstress::experiment
