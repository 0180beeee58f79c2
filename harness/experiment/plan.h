// Every constant of the experiment, with the reason beside it.
#ifndef HARNESS_EXPERIMENT_PLAN_H_
#define HARNESS_EXPERIMENT_PLAN_H_

#include <cstdint>
#include <vector>

namespace goleakstress::experiment {

// One entry of the secret draw: levels of repeated and of fresh calls (0..top_level), and how often it is
// drawn.
struct Cell {
  int repeated;
  int fresh;
  double weight;
};

struct Plan {
  // Whether the entry takes inputs. Without them every call is a repeated one and the draw has one axis.
  bool inputs = true;

  // ---- stages, in calls
  // Calls before the first reading, half of each kind: lazy singletons and pools fill, nothing of it is
  // evidence.
  int64_t warm_up = 64;
  // Evidence restarts here: a cache smaller than this is full by then and has no effect left to see.
  int64_t confirm_from = 1024;
  // From here on rates are refuted: earlier, the filling of bounded structures would answer for them.
  int64_t clean_from = 4096;
  // Calls that growth must have followed for a `leak`: the verdict's first printed horizon.
  int64_t horizon = 8192;
  // Calls after which the experiment gives up on what is still open, where a leak is found already...
  int64_t limit = 32768;
  // ...and where none is: arrays that double have few steps to show.
  int64_t far_limit = 131072;

  // ---- doses: a level of a dose is (calls so far) / 2 / spread calls (design.h)
  // While no site has moved at all, or what moves has all its evidence of the screen stage: nobody needs fine
  // doses.
  int64_t spread_still = 8;
  int64_t spread_screen = 16;
  int64_t spread_confirm = 32;
  // Past the horizon, for what is still open.
  int64_t spread_open = 64;
  // When all suspects have their evidence and only the horizon is missing.
  int64_t spread_settled = 16;
  // The largest level. Many levels identify exact sites sooner, few need fewer calls: where one call takes
  // longer than a reading, those are what is short.
  int top_level = 15;
  // Calls without a pause: a larger dose must not be a larger backlog, or queues sized by their worst burst
  // would grow.
  int64_t burst = 64;
  // Every batch ends with the clock moved by this many seconds of the target's time, so that a larger dose
  // does not buy more time and whatever is released sooner never enters a series...
  double pad_seconds = 120;
  // ...plus 0 to idle_choices - 1 more pads, drawn at random: the time factor.
  int idle_choices = 4;

  // ---- evidence
  // Share of every bet that stays on the design distribution: bounds the loss of one batch, and is the stake
  // lost when a snapshot is lost.
  double stake_floor = 0.05;
  // The probability of any false `leak` among all sites of the entry: e >= family / 0.01 ...
  double family_error = 0.01;
  // ...and the false discovery rate of the softer growth words, by e-BH.
  double discovery_error = 0.05;
  // An entry counts as at least so many sites, since a campaign has many entries.
  double smallest_family = 100;
  // Among batches with calls the size must tell too, with this error: else one unit per batch, however many
  // calls, would do.
  double size_error = 0.2;
  // Evidence gathered from half the horizon on must be enough by itself, with this error: what is bounded
  // below has no effect left there.
  double late_error = 0.05;

  // ---- checks
  // Idle seconds at the end, one after the other: 100 exceeds the 90 s of net/http's idle connections, then
  // hourly and daily housekeeping.
  std::vector<double> holds = {100, 3600, 90000};
  // Share of the growth that must survive a hold.
  double keep = 0.8;
  // The rate over the last half of the calls must be at least this share of the rate before.
  double tail = 0.5;
  // Growth at a constant rate must be likelier than one that fades like a vocabulary, by this factor.
  double pace = 100;
  // Net growth must be at least this share of what the batches put in.
  double net = 0.5;
  // The slope of change on calls, among batches with calls, must be at least this share of change per call.
  double proportion = 0.6;
  // The error of "a growth of so much per call is refuted", which `clean` means.
  double clean_error = 0.01;
  // Growth words need at least so many resolution units of growth in the confirm stage.
  double material_units = 20;

  // Horizon 8192, 1024, 256 or 64, whichever is the largest not above `horizon` (64 at least).
  static Plan ForHorizon(int64_t horizon);
  // Below it nothing distinguishes a leak from a cache of a usual size: at most `growing`.
  static constexpr int64_t kLeastHorizon = 1024;
  // The same for what does not grow by one with every call: memory that grew by less things than a cache of a
  // usual size holds is at most `growing`...
  static constexpr double kLeastThings = 150;
  // ...and is followed further, within the limits, to where a leak by call stands at kLeastHorizon.
  static constexpr double kEnoughThings = 600;
  // Bytes of a thing in an array whose elements are not known: an entry of a usual size.
  static constexpr double kBytesOfElement = 64;

  // The cells of the draw. Empty batches (39 %) cost no calls and are the control arm; the ends carry the
  // leverage against noise; the many levels between identify exact sites.
  std::vector<Cell> Cells() const;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_PLAN_H_
