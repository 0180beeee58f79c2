// What the experiment knows of one site, and how it learns from one batch.
#ifndef HARNESS_EXPERIMENT_SITE_H_
#define HARNESS_EXPERIMENT_SITE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/experiment/counting.h"
#include "harness/experiment/design.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/regression.h"
#include "harness/experiment/staircase.h"
#include "harness/experiment/wager.h"

namespace goleakstress::experiment {

struct SiteTraits {
  double resolution = 1;     // the smallest difference its level can show: 1 for counts, 16 or so for bytes
  double material_rate = 0;  // growth below so many units per call earns no growth word
  bool before_jump = false;  // its level is read before the pad: growth that the pad takes away is `delayed`
  // Where every call drives it, `leak` needs growth over so many calls: below, it could be a bounded
  // structure filling up.
  int64_t least_horizon = Plan::kLeastHorizon;
  // A bounded structure can take many calls for each thing it holds: distance is counted in things, too. One
  // is so many units of the level; `leak` needs growth by `least_things` in the confirm stage, and as long as
  // there is time it is followed until there are `enough_things`.
  double thing = 1;
  double least_things = Plan::kLeastThings, enough_things = Plan::kEnoughThings;
  // What the campaign need not wait for. Sites of one group (not negative) measure one growth: once one has
  // all its evidence the others have nothing to add, and once one is decided nothing that stands still has. A
  // vague site's level is that of others as seen through chance: nothing of its own can show there once any
  // of them is complete.
  int group = -1;
  bool vague = false;
  bool sum = false;  // of others, waited for only once it is shown to grow
};

struct Site;

// Experts on growth: the parts all sites share, one of each shape.
class GrowthBank {
 public:
  GrowthBank();
  // Sites learn of experts that begin anew.
  void Prepare(const Batch& batch, std::span<Site> sites);
  void Learn();
  void Skip();

  std::vector<Regression> regressions;
  std::vector<Counting> countings;
  std::vector<Staircase> staircases;
};

// From Plan::clean_from on, the same regressions play the same game on `rate x calls - level`: winning
// refutes that the level grows at that rate. A bank begins anew when the calls have doubled, so that a
// structure that filled meanwhile is forgotten; the evidence is the mean over these beginnings.
inline constexpr size_t kCleanRates = 5;
inline constexpr std::array<double, kCleanRates> kCleanRateUnits = {4, 1, 1.0 / 4, 1.0 / 16, 1.0 / 64};
inline constexpr size_t kCleanStarts = 3;
// And so many before Plan::clean_from, each at half the calls of the next: what they refute counts where the
// time ends before the others can tell.
inline constexpr size_t kEarlyCleanStarts = 2;
inline constexpr size_t kAllCleanStarts = kEarlyCleanStarts + kCleanStarts;

class CleanBank {
 public:
  CleanBank(const Totals& start, size_t row);
  void Prepare(const Batch& batch);
  void Learn(const Batch& batch);
  void Skip();

  double Calls(const Batch& batch) const;  // since the bank began, this batch included

  size_t start_row;
  std::vector<Regression> regressions;
  std::array<Predictor, kCleanRegressions>
      ramp;  // predicts the calls themselves: the line that a rate is a slope of

 private:
  double start_calls_;
};

struct Site {
  SiteTraits traits;
  std::vector<double> levels;  // one per row of the history
  bool moved = false;          // since the first reading

  std::array<Predictor, kRegressions.size()> growth;
  Rises rises;
  std::array<Stairs, kStaircases.size()> stairs;
  Wealth wealth;                                   // since the stage began
  double screen_e = 1;                             // of calls, when the confirm stage began
  int rises_in_confirm = 0, falls_in_confirm = 0;  // batches of the confirm stage
  double largest_rise = 0;                         // of one of them
  bool late = false;                               // Factor::kLate has begun
  double left_late_e = 1;                          // of Factor::kLate, when a longer horizon was chosen

  std::array<Predictor, kCleanRegressions> clean;
  std::array<double, kCleanRegressions> clean_products{};  // of the errors of level and ramp
  std::array<std::array<Purse<kCleanRegressions>, kAllCleanStarts>, kCleanRates> clean_wealth;
  std::array<bool, kCleanRates> refuted{}, refuted_early{};  // by rate of the ladder

  double lost = 0;           // rise in a batch that was cut, after the last level
  std::vector<double> held;  // one per hold
};

// The growth per call that is refuted, with error `error`, by how little happened in the `calls` calls of the
// confirm stage: the level fell a few times at most, as what came before is given up late, and rose k times
// at most. Rises that come once in so many calls are Poisson; more often than its upper limit they would have
// shown. Nothing where more happened than that, or where there were no calls.
std::optional<double> RefutedByStillness(const Site& site, double calls, double error);

// The growth per call that is refuted, with error `error`, because the level was 0 once more, in the last
// quarter of all calls: nothing that the calls up to there left at this site was there any more, whatever
// came and went meanwhile. Nothing where it was not, or where a rise since then is of another size than those
// that were taken back: it may be the first of a leak in lumps.
std::optional<double> RefutedByZero(const Site& site, std::span<const Totals> rows, double error);

// What does not rise in the calls from this share of all on stands still: an array that doubles has a step
// after that.
inline constexpr double kStillFrom = 0.4;

// The share of all calls, of the fresh or of the repeated ones, whichever is the largest, that had been made
// when the level rose last; 0 where it never rose.
double ShareBeforeLastRise(const Site& site, std::span<const Totals> rows);

// The growth per call that is refuted, with error `error`, because the level rose k times and then never
// again, for 60 % of the calls or more. Where rises come at a constant rate, or ever more often, all k fall
// into the share s of the calls with probability s^k at most, whatever the rate; and an array that grows with
// the calls has a step after each 40 % of them. Growth one by one would have shown since.
// `looks`: it is asked after every batch, and not once when all is over.
std::optional<double> RefutedByStandstill(const Site& site, std::span<const Totals> rows, double error,
                                          bool looks);

// The growth per call that is refuted, with error `error`, because the level came back: what the calls of the
// first half left at this site is at most what was there at the lowest reading after them. Nothing where no
// more was ever taken back than half of what came since that reading, or where the lowest readings rise at a
// quarter of that rate.
std::optional<double> RefutedByReturn(const Site& site, std::span<const Totals> rows, double error);

// What the banks make of a site that never moved so far. While it stands still no expert expects growth, and
// nothing need be learned one by one.
void BeginGrowth(const GrowthBank& bank, Site& site);
void BeginClean(const CleanBank& bank, Site& site);
// Bets on the reading `level`, then learns it. site.levels holds the readings before.
void BetOnGrowth(const GrowthBank& bank, const Batch& batch, double floor, double level, Site& site);
// As BetOnGrowth, for `starts` beginnings of clean banks so far. A rate refuted with error at most `error`
// stays so.
void BetOnClean(const CleanBank& bank, const Batch& batch, size_t starts, double floor, double error,
                double level, Site& site);
// The rates refuted so far, per call in units of the level, ascending: by bets, those of the early beginnings
// included or not, and by RefutedByStillness if that says so.
std::vector<double> RefutedRates(const Site& site, bool early = false,
                                 std::optional<double> by_stillness = std::nullopt);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_SITE_H_
