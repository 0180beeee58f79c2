#include "harness/experiment/verdict.h"

#include <algorithm>
#include <cmath>

namespace goleakstress::experiment {
namespace {

constexpr double kResidueShare = 0.1;  // of all growth, that must stay for a `residue`
constexpr double kResidueUnits = 20;

// Grows without calls: the holds, long enough to compare, added at more than half the rate of the experiment.
bool GrowsInHold(const SiteEvidence& e, double growth) {
  const double elapsed = e.readings.back().seconds - e.readings.front().seconds;
  const double noise = OwnNoise(e.readings, e.resolution);
  for (const Held& held : e.held) {
    if (held.seconds < elapsed / 4) continue;
    const double added = held.level - e.readings.back().level;
    return growth > 0 && added > noise && added / held.seconds * elapsed > 0.5 * growth;
  }
  return false;
}

void Grade(const SiteEvidence& e, const Plan& plan, SiteVerdict& v) {
  const Reading &first = e.readings.front(), &last = e.readings.back();
  const double growth = last.level - first.level;
  const bool call = e.log_e_call >= e.leak_line, time = e.log_e_time >= e.leak_line;
  const bool causal = call || e.softly;
  const Turnover turnover = TurnsOver(e.readings, e.resolution, plan.net);
  const bool decelerates = Decelerates(e.readings, plan.tail);
  const double axis_calls = last.axis;

  for (const Held& held : e.held) {
    if (held.level - first.level < plan.keep * growth) break;
    v.survived_seconds = held.seconds;
  }
  if ((causal || time) && v.material) {
    if (GrowsInHold(e, growth) || (time && !causal)) {
      v.verdict = Verdict::kBackground;
      v.driver = Driver::kTime;
      return;
    }
    if (!e.held.empty() && v.survived_seconds < e.held.back().seconds) {
      const double left = e.held.back().level - e.first_level;
      const bool stays = !turnover.flushed && left >= std::max(kResidueShare * (last.level - e.first_level),
                                                               kResidueUnits * e.resolution);
      v.verdict = stays ? Verdict::kResidue : Verdict::kDelayed;
      return;
    }
    if (causal && (turnover.flushed || turnover.replaced)) {
      v.verdict = Verdict::kTurnover;
      return;
    }
    if (causal && decelerates) {
      v.verdict = Verdict::kDecelerating;
      return;
    }
    if (causal && e.before_jump) {
      v.verdict = Verdict::kDelayed;
      return;
    }
    if (call && e.exhausted) {
      v.verdict = Verdict::kExhausted;
      return;
    }
    if (call && axis_calls >= static_cast<double>(plan.horizon)) {
      v.verdict = Verdict::kLeak;
      return;
    }
    if (causal) {
      v.verdict = Verdict::kGrowing;
      return;
    }
  }
  v.driver = Driver::kNone;
  if (e.refuted_rate > 0) v.verdict = e.log_e_screen >= e.leak_line ? Verdict::kPlateaued : Verdict::kClean;
}

}  // namespace

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kLeak:
      return "leak";
    case Verdict::kExhausted:
      return "exhausted";
    case Verdict::kGrowing:
      return "growing";
    case Verdict::kResidue:
      return "residue";
    case Verdict::kBackground:
      return "background";
    case Verdict::kDecelerating:
      return "decelerating";
    case Verdict::kTurnover:
      return "turnover";
    case Verdict::kDelayed:
      return "delayed";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kPlateaued:
      return "plateaued";
    case Verdict::kClean:
      return "clean";
  }
  return "";
}

std::string_view Name(Driver driver) {
  switch (driver) {
    case Driver::kNone:
      return "none";
    case Driver::kCall:
      return "call";
    case Driver::kKey:
      return "key";
    case Driver::kTime:
      return "time";
  }
  return "";
}

bool IsGrowth(Verdict verdict) { return verdict <= Verdict::kBackground; }

SiteVerdict Judge(const SiteEvidence& e, const Plan& plan) {
  SiteVerdict v;
  v.driver = e.driver;
  v.log_e_call = e.log_e_call;
  v.log_e_repeated = e.log_e_repeated;
  v.log_e_fresh = e.log_e_fresh;
  v.log_e_time = e.log_e_time;
  v.log_e_screen = e.log_e_screen;
  v.refuted_rate = e.refuted_rate;
  if (e.readings.empty()) return v;
  const Reading &first = e.readings.front(), &last = e.readings.back();
  v.growth = last.level - first.level;
  v.calls = static_cast<int64_t>(last.calls);
  v.horizon = static_cast<int64_t>(last.axis);
  v.rate = EstimateRate(e.readings);
  v.exact = ExactRatio(e.readings, e.resolution, v.rate.rate);
  v.exponent = GrowthExponent(e.readings, e.first_level);
  v.material = v.growth >= plan.material_units * e.resolution &&
               v.growth >= e.material_rate * std::max(0.0, last.axis - first.axis);
  Grade(e, plan, v);
  if (v.verdict == Verdict::kBackground) {
    const double elapsed = last.seconds - first.seconds;
    const double rate = elapsed > 0 ? v.growth / elapsed : 0;
    v.rate = {rate, rate, rate};
    v.exact.reset();
  }
  return v;
}

}  // namespace goleakstress::experiment
