// The stages: when evidence restarts, how large the doses are, and when nothing more is to be learned. All of
// it may look at the past as it likes: a stopping time, and doses chosen before they are drawn, leave every
// bet fair.
#ifndef HARNESS_EXPERIMENT_STAGES_H_
#define HARNESS_EXPERIMENT_STAGES_H_

#include <span>
#include <vector>

#include "harness/experiment/checks.h"
#include "harness/experiment/design.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/site.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::experiment {

enum class Stage {
  kWarmUp,   // before the first reading
  kScreen,   // first alarms, weights
  kConfirm,  // what counts
  kHold,     // no more calls
};

// The e-value that `leak` and `background` ask for.
double LeakLine(const Plan& plan, size_t sites);

// Whether horizon and checks count all calls of this site, or, until repeated calls are shown to matter,
// fresh ones only.
bool CountsAllCalls(const Plan& plan, const Site& site);
double AxisOf(const Plan& plan, const Site& site, const Totals& totals);

// Whether the bets that pay are those on staircases: a backing array grows.
bool MovesInSteps(const Site& site);
// From the confirm stage's changes alone: whether repeated calls add less than a quarter of what fresh ones
// do.
Driver DriverOf(const Plan& plan, const Site& site, std::span<const Totals> rows, size_t confirm_row);
// Begins Factor::kLate where half the horizon is reached.
void BeginLate(const Plan& plan, const Totals& made, std::span<Site> sites);

// The site's readings of the confirm stage, against its axis.
std::vector<Reading> Readings(const Plan& plan, const Site& site, std::span<const Totals> rows,
                              size_t confirm_row);

// By how many things each site grew since that row. What is known in bytes only is as many things as its
// group's counts say, where those tell more than that one array grew.
std::vector<double> ThingsGrown(std::span<const Site> sites, size_t since_row);

// Whether the things that `count` counts are no larger since 40 % of the calls than before: what the bytes of
// these things do then, their number does, and an array among them that grew would have had a step since.
bool SizesStandStill(const Site& bytes, const Site& count, std::span<const Totals> rows);
// Whether it is bytes of what is also counted.
bool IsBytesOf(const Site& bytes, const Site& count);

Scale NextScale(const Plan& plan, Stage stage, std::span<const Site> sites, std::span<const Totals> rows,
                size_t confirm_row);

// Whether its bets on growth may still get there: where many sites move, one in so many looks so by chance.
bool IsPromising(const Site& site, std::span<const Site> sites);

// Whether some site has all that a `leak` asks for before the hold.
bool AnyComplete(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                 size_t confirm_row);

// What more batches could still tell of a site, past the horizon.
enum class Progress {
  kOpen,
  kSettledByGroup,  // another measure of the same is settled, and it stands still or tells no more than that
  kSettled,
};
std::vector<Progress> ProgressOf(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows,
                                 size_t confirm_row);

// Whether no site is open.
bool Settled(const Plan& plan, std::span<const Site> sites, std::span<const Totals> rows, size_t confirm_row);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_STAGES_H_
