#include "harness/experiment/counting.h"

#include <algorithm>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr double kPriorShape = 0.5;      // half a rise ...
constexpr double kPriorExposure = 0.25;  // ... in a quarter of the calls made before the first reading
constexpr double kMemory = 0.95;         // as the regressions whose noise grows
constexpr double kWithoutCalls =
    0.004;  // rises without calls, as if so much of the calls so far had been made

}  // namespace

Counting::Counting(const CountingShape& shape) : shape_(shape) {}

void Counting::Prepare(const Batch& batch) {
  const double calls = static_cast<double>(std::max<int64_t>(1, batch.before.calls()));
  const double scale = shape_.any_rise ? 1 / calls : 1;
  if (exposure_ == 0) exposure_ = kPriorExposure * calls * scale;
  auto exposure = [&](double repeated, double fresh) {
    return ((shape_.fresh_only ? fresh : repeated + fresh) + kWithoutCalls * calls) * scale;
  };
  const Choices& cells = shape_.fresh_only ? batch.cells_given_repeated : batch.cells;
  log_share_.resize(cells.size());
  log_rest_.resize(cells.size());
  for (size_t c = 0; c < cells.size(); ++c) {
    const double x = exposure(cells.repeated[c], cells.fresh[c]);
    log_share_[c] = Log(x / (exposure_ + x));
    log_rest_[c] = Log(exposure_ / (exposure_ + x));
  }
  drawn_ = exposure(batch.repeated, batch.fresh);
}

void Counting::Learn() {
  exposure_ = exposure_ * kMemory + drawn_;
  forgotten_ *= kMemory;
}

double Counting::PriorShape() const { return kPriorShape * forgotten_; }

double Counting::Counted(double units) const { return shape_.any_rise ? std::min(1.0, units) : units; }

void Counting::Likelihoods(double shape, double rises, std::span<double> likelihoods) const {
  const size_t n = likelihoods.size();
  double* out = likelihoods.data();
  if (shape_.any_rise) {
    for (size_t i = 0; i < n; ++i) {
      const double none = Exp(shape * log_rest_[i]);
      out[i] = rises > 0 ? 1 - none : none;
    }
    return;
  }
  for (size_t i = 0; i < n; ++i) out[i] = rises * log_share_[i] + shape * log_rest_[i];
  const double top = *std::max_element(out, out + n);
  for (size_t i = 0; i < n; ++i) out[i] = Exp(out[i] - top);
}

double Counting::UpdatedShape(double shape, double rises) const { return shape * kMemory + rises; }

}  // namespace goleakstress::experiment
