// Verdicts: the words, what stands behind each, and the list that a site goes down to get its own.
#ifndef HARNESS_EXPERIMENT_VERDICT_H_
#define HARNESS_EXPERIMENT_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/experiment/checks.h"
#include "harness/experiment/hold.h"
#include "harness/experiment/plan.h"

namespace goleakstress::experiment {

// From the most to the least alarming.
enum class Verdict {
  kLeak,          // causal, keeps pace to the horizon, survives the hold
  kExhausted,     // the same until a resource ran out before the horizon
  kGrowing,       // causal at the softer error rate or short of the horizon
  kResidue,       // most is released late, some stays
  kBackground,    // grows with time, not with calls
  kDecelerating,  // causal, fading
  kTurnover,      // comes with calls and goes again
  kDelayed,       // comes with calls, released by a hold
  kInconclusive,  // neither growth nor its absence could be shown
  kPlateaued,     // grew in the screen stage, then a rate was refuted
  kClean,         // a rate was refuted, or the level never moved
};
std::string_view Name(Verdict verdict);
// leak, exhausted, growing, residue, background: words that say something grows and does not stop.
bool IsGrowth(Verdict verdict);

enum class Driver { kNone, kCall, kKey, kTime };
std::string_view Name(Driver driver);  // none, call, key (fresh inputs only), time

// Natural logarithms of the e-values since the confirm stage began, by factor; `late`: of calls, from half
// the horizon on; `screen`: of calls, when the confirm stage began.
struct LogEvidence {
  double log_e_call = 0, log_e_repeated = 0, log_e_fresh = 0, log_e_size = 0, log_e_late = 0, log_e_time = 0;
  double log_e_screen = 0;
};

// What the list reads.
struct SiteEvidence : LogEvidence {
  std::vector<Reading> readings;  // of the confirm stage; axis as the driver says
  double first_level = 0;         // at the first reading
  double resolution = 1;
  Driver driver = Driver::kCall;
  int64_t horizon = 0;                   // calls that growth must have followed
  int64_t least_horizon = 0;             // no `leak` where `horizon` is less
  double things = 0, least_things = 0;   // that it grew by in the confirm stage; `leak` needs so many
  double leak_line = 1e4;                // e asked for `leak` and `background`
  bool softly = false;                   // e-BH rejects "no effect of calls"
  std::vector<double> refuted_rates;     // growths per call that bets refuted, ascending
  std::optional<double> refuted_anyway;  // as refuted_rates, whatever the level rose by
  double clean_rate = 0.25;              // the largest whose refutation is worth the word `clean`
  double material_rate = 0;              // growth below this many units per axis call is not worth a word
  bool before_jump = false;              // read before the pad: what it shows is at most `delayed`
  bool exhausted = false;
  bool in_steps = false;  // the level is a backing array's
  std::vector<Held> held;
};

struct SiteVerdict : LogEvidence {
  int site = 0;
  Verdict verdict = Verdict::kInconclusive;
  Driver driver = Driver::kNone;
  Rate rate;  // per call; per fresh call where the driver is key; per second where it is time
  std::optional<Ratio> exact;  // "exactly p per q calls"
  double exponent = 0;         // of growth against calls: 0.5 is a vocabulary
  double growth = 0;           // over the confirm stage
  bool material = false;
  int64_t horizon = 0;          // calls (of the driving kind) followed: "not bounded below about 0.6 of this"
  int64_t asked_horizon = 0;    // calls that a `leak` had to be followed for
  double survived_seconds = 0;  // longest hold it survived; 0: none
  double refuted_rate = 0;      // of `clean`: a growth of so many units per call is refuted
  int64_t calls = 0;
  int snapshots = 0;
  std::string settle;        // what would settle it; empty when settled
  int64_t enough_calls = 0;  // so many calls would do; 0: settled, or not known
};

SiteVerdict Judge(const SiteEvidence& evidence, const Plan& plan);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_VERDICT_H_
