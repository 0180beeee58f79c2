// One experiment on one entry in one process: does any site's level depend on how many calls we secretly
// chose to make?
//
// A trend proves nothing: caches fill, timers are still to fire, load drifts. But we control the load. So the
// size and the kind of every batch are drawn at random (design.h). Experts guess the draw from the change of
// the level: regressions (regression.h), counts of rare rises (counting.h), staircases of growing arrays
// (staircase.h). The odds they win are multiplied up (wager.h). Where calls have no effect these odds are
// fair by our own randomisation, whatever the noise, the drift, the garbage collector or the other traffic
// do, and the product is an e-value: the chance that it ever reaches 1/alpha is at most alpha, at any time we
// choose to stop.
//
// What still depends on calls may be a structure that is filling. Doses grow with the calls made so far,
// evidence restarts once small caches are full and again at half the horizon (stages.h). To be called a leak
// a site must have e >= sites / 0.01, keep pace to the horizon and beyond it, not come and go (checks.h), and
// survive a ladder of idle holds (hold.h). Hundreds of sites share one schedule; e-values need no
// independence between them, and the softer words ask for the e-BH line (ebh.h). Rates that a site does not
// grow by are refuted by the same game on `rate x calls - level` (site.h). The words, and what stands behind
// each, are in verdict.h; the constants, with their reasons, in plan.h.
//
// The order of calls:
//   Experiment x(Plan::ForHorizon(8192), seed);
//   make x.WarmUp(); read; x.AddSite(...) for every site seen; x.FirstReading(levels);
//   while (!x.Done()) { Dose d = x.Next(); make the calls, idle (1 + d.idle_pads) * pad_seconds, settle,
//   read;
//                       x.AddSite(...) for every site not seen before; x.Observe(levels, seconds); }
//   while (x.NeedsHold()) { idle until x.HoldSeconds() after the last batch; read; x.ObserveHold(seconds,
//   levels); } x.Judge();
//
// Levels are indexed by SiteId. A site that is absent from a reading has level 0. Not thread-safe. Pure: the
// same seed and the same levels give bit-equal results with every compiler.
#ifndef HARNESS_EXPERIMENT_EXPERIMENT_H_
#define HARNESS_EXPERIMENT_EXPERIMENT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/experiment/design.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/random.h"
#include "harness/experiment/site.h"
#include "harness/experiment/stages.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::experiment {

using SiteId = int;

// One batch: so many calls with inputs used before, so many with inputs never used, then idle until it has
// lasted so many seconds of the target's clock.
struct Dose {
  int64_t repeated = 0;
  int64_t fresh = 0;
  double seconds = 0;
  int idle_pads = 0;  // beyond the first, as drawn: seconds is (1 + idle_pads) pads
};

enum class Stop {
  kNone,
  kSettled,    // every site is settled at the horizon
  kLimit,      // Plan::limit calls
  kExhausted,  // NoteExhausted
  kCut,        // NoteCut: out of time
};

struct EntryVerdict {
  Verdict verdict = Verdict::kClean;  // the worst of its sites
  Stop stop = Stop::kNone;
  int64_t calls = 0;
  int snapshots = 0;
  int64_t horizon = 0;          // the shortest that a site was judged at
  int64_t exhausted_after = 0;  // calls until a resource ran out; 0: none did
  double hold_seconds = 0;
  int sites = 0, moved_sites = 0;
  double refuted_rate = 0;  // of `clean`: the largest of its sites'
};

class Experiment {
 public:
  Experiment(const Plan& plan, uint64_t seed);

  Dose WarmUp() const;
  // A site whose level was `level_before` at every earlier reading.
  SiteId AddSite(const SiteTraits& traits, double level_before = 0);
  void FirstReading(const std::vector<double>& levels);

  // Draws the next batch. Nothing of it may be known or guessed before.
  Dose Next();
  // The levels after the batch of the last Next(), and the seconds of the target's clock since the reading
  // before. Calls that failed or timed out change nothing: the bet is on the dose that was planned. Levels
  // that are not finite are taken as unchanged.
  void Observe(const std::vector<double>& levels, double seconds);
  // The batch was cut: the levels come of other calls than those that were planned, and nothing is bet on
  // them.
  void ObserveLost(const std::vector<double>& levels, double seconds);

  // A resource ran out: no further batch. Call after the last Observe() whose batch was made in full.
  void NoteExhausted(int64_t calls);
  // The campaign's time is over: no further batch. What would only be `growing` for that is judged at a
  // shorter horizon: twice the calls at which the confirm stage began, since all its evidence is from the
  // last half of those.
  void NoteCut();

  // Of a settled experiment: the horizon that a site with all other evidence lacks for a word on it; 0: none.
  int64_t LackingHorizon() const;
  // Whether a site with all that evidence may be judged at a shorter horizon than this.
  bool DecidedBelow(int64_t horizon) const;
  // Whether a site has all evidence of a `leak` but the hold.
  bool FindsLeak() const;
  // Whether more batches could still tell something of a site.
  bool IsOpen() const;
  // Goes on to a longer horizon. Evidence stays what it is, whenever it is looked at; a site that had all of
  // it is judged by that where NoteCut() comes before the longer one.
  void GoOn(int64_t horizon);

  bool Done() const { return stop_ != Stop::kNone; }
  Stop stop() const { return stop_; }
  Stage stage() const { return stage_; }
  int64_t calls() const { return rows_.empty() ? 0 : rows_.back().calls(); }
  int snapshots() const { return snapshots_; }

  bool NeedsHold() const;
  double HoldSeconds() const;  // since the last batch
  void ObserveHold(double seconds, const std::vector<double>& levels);

  std::vector<SiteVerdict> Judge() const;
  EntryVerdict Summary(const std::vector<SiteVerdict>& verdicts) const;

  // For progress and tests.
  double E(SiteId site, Factor factor) const { return sites_[static_cast<size_t>(site)].wealth.E(factor); }
  // When the first site reached the `leak` line, the screen stage included; 0 calls: none did.
  int64_t first_alarm_calls() const { return first_alarm_calls_; }
  int first_alarm_snapshots() const { return first_alarm_snapshots_; }

 private:
  void EnterConfirm();
  void AfterBatch();
  double Since(const Site& site, Factor factor) const;
  std::vector<bool> SoftlyRejected() const;
  SiteEvidence EvidenceOf(const Site& site) const;
  int64_t LeastHorizon(const Site& site) const;
  bool IsHot(const Site& site) const;
  bool ToldByCount(const Site& bytes, const std::vector<SiteVerdict>& verdicts) const;

  Plan plan_;
  Random random_;
  Stage stage_ = Stage::kWarmUp;
  Stop stop_ = Stop::kNone;
  std::vector<Totals> rows_;  // one per reading
  Totals made_;               // of all batches, those that could not be read included
  size_t confirm_row_ = 0;
  int snapshots_ = 0;
  std::optional<Batch> batch_;
  GrowthBank growth_bank_;
  std::optional<CleanBank> clean_bank_;
  size_t clean_starts_ = 0;
  int64_t left_horizon_ = 0;  // of the plan before the last GoOn()
  std::vector<Site> sites_;
  int64_t first_alarm_calls_ = 0;
  int first_alarm_snapshots_ = 0;
  int64_t exhausted_after_ = 0;
  std::vector<double> hold_seconds_;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_EXPERIMENT_H_
