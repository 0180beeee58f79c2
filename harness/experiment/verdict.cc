#include "harness/experiment/verdict.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace goleakstress::experiment {
namespace {

constexpr double kResidueShare = 0.1;  // of all growth, that must stay for a `residue`
constexpr double kResidueUnits = 20;

// Its level rose by much and seldom fell: whatever rate a bet refuted in between, this is not standing still.
bool Climbs(std::span<const Reading> readings, double units) {
  double up = 0, down = 0;
  for (size_t i = 1; i < readings.size(); ++i) {
    const double change = readings[i].level - readings[i - 1].level;
    (change > 0 ? up : down) += std::abs(change);
  }
  return up - down >= units && down < 0.25 * up;
}

bool Refuted(const SiteEvidence& e, const Plan& plan) {
  const std::span<const Reading> since =
      std::span(e.readings).subspan(std::min(e.clean_row, e.readings.size() - 1));
  return e.refuted_rate > 0 && e.refuted_rate <= e.clean_rate * e.resolution &&
         !Climbs(since, plan.material_units * e.resolution);
}

// What evidence of growth there is, first to last; `inconclusive` when there is none.
Verdict Growth(const SiteEvidence& e, const Plan& plan, const SiteVerdict& v) {
  const Reading &first = e.readings.front(), &last = e.readings.back();
  const bool strong = e.e_call >= e.leak_line, causal = strong || e.softly, time = e.e_time >= e.leak_line;
  if (!v.material || (!causal && !time)) return Verdict::kInconclusive;
  if (!causal || GrowsInHold(e.held, e.readings, e.resolution)) return Verdict::kBackground;

  const Turnover turnover = TurnsOver(e.readings, e.resolution, plan.net);
  if (!e.held.empty() && v.survived_seconds < e.held.back().seconds) {
    const double stays = e.held.back().level - e.first_level;
    const double much = std::max(kResidueShare * (last.level - e.first_level), kResidueUnits * e.resolution);
    return !turnover.flushed && stays >= much ? Verdict::kResidue : Verdict::kDelayed;
  }
  if (turnover.flushed || turnover.replaced) return Verdict::kTurnover;
  if (Decelerates(e.readings, plan.tail))
    return e.refuted_rate > 0 ? Verdict::kPlateaued : Verdict::kDecelerating;
  if (e.before_jump) return Verdict::kDelayed;
  const bool sized = e.e_size >= 1 / plan.size_error, late = e.e_late >= 1 / plan.late_error;
  if (strong && sized && e.exhausted) return Verdict::kExhausted;
  const bool followed = last.axis >= static_cast<double>(plan.horizon) && first.axis < last.axis;
  return strong && sized && late && followed && plan.can_tell_leaks() ? Verdict::kLeak : Verdict::kGrowing;
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
  v.e_call = e.e_call;
  v.e_repeated = e.e_repeated;
  v.e_fresh = e.e_fresh;
  v.e_size = e.e_size;
  v.e_late = e.e_late;
  v.e_time = e.e_time;
  v.e_screen = e.e_screen;
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
  v.survived_seconds = SurvivedSeconds(e.held, first.level, last.level, plan.keep);
  v.verdict = Growth(e, plan, v);
  if (v.verdict == Verdict::kBackground) {
    const double elapsed = last.seconds - first.seconds;
    const double rate = elapsed > 0 ? v.growth / elapsed : 0;
    v.driver = Driver::kTime;
    v.rate = {rate, rate, rate};
    v.exact.reset();
  }
  if (v.verdict == Verdict::kInconclusive) {
    v.driver = Driver::kNone;
    if (Refuted(e, plan)) {
      v.verdict = e.e_screen >= e.leak_line ? Verdict::kPlateaued : Verdict::kClean;
    }
  }
  return v;
}

}  // namespace goleakstress::experiment
