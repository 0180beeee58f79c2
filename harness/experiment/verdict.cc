#include "harness/experiment/verdict.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "harness/experiment/elementary.h"
#include "harness/experiment/pace.h"

namespace goleakstress::experiment {
namespace {

constexpr double kResidueShare = 0.1;  // of all growth, that must stay for a `residue`
constexpr double kResidueUnits = 20;
constexpr int64_t kWordShare = 4;      // `growing` needs a horizon of this part of the least one for `leak`
constexpr double kSuspected = 20;      // e-value at which steps are worth a word
constexpr double kVisibleNoises = 50;  // growth that the bets see, in units of the site's own noise

// Growth did not last: a rate is refuted that is half the mean rate of the confirm stage, or small anyway.
bool Plateaued(const SiteEvidence& e, const SiteVerdict& v) {
  if (v.refuted_rate <= 0) return false;
  const double calls = e.readings.back().calls - e.readings.front().calls;
  return v.refuted_rate <= std::max(e.clean_rate * e.resolution, 0.5 * v.growth / std::max(1.0, calls));
}

// Whether the whole hold was seen.
bool HeldOut(const SiteEvidence& e, const Plan& plan) {
  return plan.holds.empty() || (!e.held.empty() && e.held.back().seconds >= plan.holds.back());
}

// What evidence of growth there is, first to last; `inconclusive` when there is none.
Verdict Growth(const SiteEvidence& e, const Plan& plan, const SiteVerdict& v) {
  const Reading &first = e.readings.front(), &last = e.readings.back();
  const double leak_line = Log(e.leak_line);
  const bool strong = e.log_e_call >= leak_line, causal = strong || e.softly,
             time = e.log_e_time >= leak_line;
  if (!v.material || (!causal && !time)) return Verdict::kInconclusive;
  if (!causal || GrowsInHold(e.held, e.readings, e.resolution)) return Verdict::kBackground;

  const Turnover turnover = TurnsOver(e.readings, e.resolution, plan.net);
  if (!e.held.empty() && v.survived_seconds < e.held.back().seconds) {
    const double stays = e.held.back().level - e.first_level;
    const double much = std::max(kResidueShare * (last.level - e.first_level), kResidueUnits * e.resolution);
    return !turnover.flushed && stays >= much ? Verdict::kResidue : Verdict::kDelayed;
  }
  if (turnover.flushed || turnover.replaced) return Verdict::kTurnover;
  if (Decelerates(e.readings, plan.tail) || !Proportional(e.readings, plan.proportion))
    return Plateaued(e, v) ? Verdict::kPlateaued : Verdict::kDecelerating;
  const Pace pace = PaceOf(e.readings, e.resolution, e.in_steps);
  if (pace.evidence < -Log(plan.pace)) return Plateaued(e, v) ? Verdict::kPlateaued : Verdict::kDecelerating;
  if (e.before_jump) return Verdict::kDelayed;
  const bool sized = e.log_e_size >= -Log(plan.size_error), late = e.log_e_late >= -Log(plan.late_error);
  if (strong && e.exhausted) return Verdict::kExhausted;
  const bool followed = last.axis >= static_cast<double>(e.horizon) && first.axis < last.axis;
  if (followed && Stalls(e.readings, e.resolution, static_cast<double>(e.horizon))) {
    return Plateaued(e, v) ? Verdict::kPlateaued : Verdict::kGrowing;
  }
  if (strong && sized && late && KeepsPace(pace, plan) && followed && e.horizon >= e.least_horizon &&
      e.things >= e.least_things && HeldOut(e, plan))
    return Verdict::kLeak;
  return kWordShare * e.horizon >= e.least_horizon ? Verdict::kGrowing : Verdict::kInconclusive;
}

// Sets what would settle a verdict that says less than it could.
void SetSettle(const SiteEvidence& e, const Plan& plan, SiteVerdict* v) {
  const int64_t least = std::max(e.horizon, e.least_horizon);
  const double axis = e.readings.back().axis, calls = e.readings.back().calls;
  switch (v->verdict) {
    case Verdict::kGrowing:
      if (axis < static_cast<double>(least)) {
        v->settle = fmt::format("it was followed for {:.0f} {}: {} would tell a leak from what is bounded",
                                axis, v->driver == Driver::kKey ? "distinct inputs" : "calls", least);
        v->enough_calls =
            std::llround(static_cast<double>(least) * std::max(1.0, calls / std::max(1.0, axis)));
      } else if (e.horizon < e.least_horizon) {
        v->settle = fmt::format(
            "no more than {} calls fitted into the time that was planned: {} would tell a leak from what is "
            "bounded",
            e.horizon, least);
        v->enough_calls = std::llround(calls * static_cast<double>(least) / static_cast<double>(e.horizon));
      } else if (e.things < e.least_things) {
        v->settle = fmt::format(
            "it grew by {:.0f} of the {:.0f} that would tell a leak from what is bounded: more calls",
            e.things, e.least_things);
      } else if (!HeldOut(e, plan)) {
        v->settle =
            "the time was up before it was seen whether it is released later: a larger -budget would do";
      } else if (e.log_e_call < Log(e.leak_line)) {
        v->settle = fmt::format(
            "a leak takes evidence of {:.0e}: a larger -budget would do, for more batches", e.leak_line);
      } else {
        v->settle = "it grows in steps too coarse or too rare for full evidence: more calls";
      }
      break;
    case Verdict::kResidue:
      v->settle = "most of it is released late: longer pads between batches would show what stays";
      break;
    case Verdict::kDecelerating:
      v->settle = "its growth fades: more calls would tell a filled cache from a slow leak";
      break;
    case Verdict::kInconclusive: {
      const auto words = static_cast<int64_t>(std::ceil(static_cast<double>(e.least_horizon) / kWordShare));
      const int64_t enough = std::max(e.horizon, words);
      if (calls < static_cast<double>(enough)) {
        v->settle = fmt::format("only {:.0f} calls were made: {} would do", calls, enough);
        v->enough_calls = enough;
        break;
      }
      if (e.in_steps && e.log_e_call >= Log(kSuspected)) {
        v->settle = "it grows in few large steps, as an array that doubles, and each says little: more calls";
        break;
      }
      // About fifty times its noise must be added before a bet sees it.
      const double hidden = kVisibleNoises * OwnNoise(e.readings, e.resolution) / std::max(1.0, axis);
      const double came = (e.readings.back().level - e.readings.front().level) / std::max(1.0, axis);
      if (came > hidden) {
        v->settle = fmt::format(
            "it grew by about {:.2g} per call, in too few readings to tell that from chance: a larger "
            "-budget would do",
            came);
        break;
      }
      v->settle = fmt::format(
          "its level varies by itself, which hides growth below about {:.2g} per call: more calls, or fewer "
          "other things going on",
          hidden);
      break;
    }
    default:
      break;
  }
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
  static_cast<LogEvidence&>(v) = e;
  if (e.readings.empty()) return v;
  const Reading &first = e.readings.front(), &last = e.readings.back();
  v.growth = last.level - first.level;
  v.calls = static_cast<int64_t>(last.calls);
  v.horizon = static_cast<int64_t>(last.axis);
  v.asked_horizon = e.horizon;
  v.rate = EstimateRate(e.readings);
  v.exact = ExactRatio(e.readings, e.resolution, v.rate.rate);
  v.exponent = GrowthExponent(e.readings, e.first_level);
  v.material = v.growth >= plan.material_units * e.resolution &&
               v.growth >= e.material_rate * std::max(0.0, last.axis - first.axis);
  v.refuted_rate = SmallestRefuted(e.refuted_rates, e.readings);
  if (e.refuted_anyway && (v.refuted_rate == 0 || *e.refuted_anyway < v.refuted_rate))
    v.refuted_rate = *e.refuted_anyway;
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
    if (v.refuted_rate > 0 && v.refuted_rate <= e.clean_rate * e.resolution) {
      v.verdict = e.log_e_screen >= Log(e.leak_line) ? Verdict::kPlateaued : Verdict::kClean;
    } else if (!v.material && last.axis >= static_cast<double>(e.horizon) &&
               FloorRise(e.readings) < e.material_rate * (last.axis - first.axis) / 2) {
      // What the last batch left is there until the next one: it rises with the doses, and amounts to
      // nothing.
      const Turnover turnover = TurnsOver(e.readings, e.resolution, plan.net);
      if (turnover.flushed || turnover.replaced) v.verdict = Verdict::kTurnover;
    }
  }
  SetSettle(e, plan, &v);
  return v;
}

}  // namespace goleakstress::experiment
