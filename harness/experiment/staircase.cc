#include "harness/experiment/staircase.h"

#include <algorithm>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr double kBlur = 0.02;          // of the bracket's edges: other things are counted at the same site
constexpr double kSurprise = 0.03;      // of anything at all
constexpr double kSmallestStep = 0.02;  // smaller changes are no steps

}  // namespace

void Staircase::Prepare(const Batch& batch) {
  const Choices& cells = fresh_only_ ? batch.cells_given_repeated : batch.cells;
  const double before = static_cast<double>(fresh_only_ ? batch.before.fresh : batch.before.calls());
  auto log_calls = [&](double repeated, double fresh) {
    return Log(std::max(1.0, before + (fresh_only_ ? fresh : repeated + fresh)));
  };
  log_calls_.resize(cells.size());
  for (size_t c = 0; c < cells.size(); ++c) log_calls_[c] = log_calls(cells.repeated[c], cells.fresh[c]);
  drawn_ = log_calls(batch.repeated, batch.fresh);
}

void Staircase::Likelihoods(const Stairs& stairs, double level, std::span<double> likelihoods) const {
  const double low = stairs.low - kBlur, high = stairs.high + kBlur;
  const double top = Log(level), bottom = top - stairs.step;
  for (size_t i = 0; i < likelihoods.size(); ++i) {
    // The level fits a call's need between these; needs are spread evenly over the bracket.
    const double overlap = std::min(high, top - log_calls_[i]) - std::max(low, bottom - log_calls_[i]);
    likelihoods[i] = kSurprise + std::max(0.0, overlap) / (high - low);
  }
}

void Staircase::Update(double previous, double level, Stairs& stairs) const {
  if (level <= 0 || previous <= 0) {
    stairs = {};
    return;
  }
  const double now = Log(level), before = Log(previous);
  if (now < before - kSmallestStep) {
    stairs = {};
    return;
  }
  stairs.high = std::min(stairs.high, now - drawn_);
  if (now > before + kSmallestStep) {
    stairs.low = std::max(stairs.low, before - drawn_);
    stairs.step = std::min(stairs.step, now - before);
  }
  if (stairs.low > stairs.high)
    stairs.low = stairs.high - kBlur;  // no staircase, or a blurred one: what was seen last counts
}

}  // namespace goleakstress::experiment
