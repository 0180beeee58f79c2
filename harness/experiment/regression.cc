#include "harness/experiment/regression.h"

#include <algorithm>
#include <cmath>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr double kPriorVariance = 1e8;  // of a slope, in units of the noise variance: knows nothing
constexpr double kNoChange = 1;         // of the constant, where nothing is expected without calls
constexpr double kSure = 1e-4;          // of a slope that is believed in
constexpr double kPriorDegrees = 0.5;   // half the degrees of freedom
constexpr double kPriorNoise =
    0.3;  // sd in units of the resolution: a quiet site is quiet until it is not...
constexpr double kPriorScaledNoise = 0.01;  // ...the same where noise is divided by a power of the calls
constexpr double kMemory =
    0.95;  // kept per batch where noise grows: old batches were measured on smaller doses

}  // namespace

Regression::Regression(const RegressionShape& shape)
    : shape_(shape),
      size_(shape.drive == Drive::kFull ? 4 : 2),
      memory_(shape.noise_power > 0 ? kMemory : 1.0) {
  Begin(0);
}

void Regression::Begin(double calls) {
  begun_ = calls;
  degrees_ = kPriorDegrees;
  total_ = {};
  covariance_ = {};
  for (size_t i = 0; i < size_; ++i) covariance_[i][i] = kPriorVariance;
  if (shape_.belief != Belief::kNothing) covariance_[0][0] = kNoChange;
  const double noise = shape_.noise_power > 0 ? kPriorScaledNoise : kPriorNoise;
  flat_ = {.slope = {}, .squares = 0.5 * noise * noise};
  if (shape_.belief == Belief::kUnit) {
    covariance_[1][1] = kSure;
    flat_.slope[1] = 1;
  }
}

bool Regression::BeginsAnew(const Batch& batch) const {
  return shape_.belief == Belief::kQuiet && static_cast<double>(batch.before.calls()) >= 2 * begun_;
}

Predictor Regression::Prior(double resolution) const {
  Predictor p = flat_;
  for (double& slope : p.slope) slope *= resolution;
  p.squares *= resolution * resolution;
  return p;
}

std::array<double, 4> Regression::Regressors(double repeated, double fresh, double seconds) const {
  if (shape_.target == Target::kLevel) {
    repeated += total_[0];
    fresh += total_[1];
    seconds += total_[2];
  }
  switch (shape_.drive) {
    case Drive::kFull:
      return {scale_, repeated * scale_, fresh * scale_, seconds * scale_};
    case Drive::kCalls:
      return {scale_, (repeated + fresh) * scale_, 0, 0};
    case Drive::kFresh:
      return {scale_, fresh * scale_, 0, 0};
  }
  return {};
}

void Regression::Resize(Options& options, size_t n) const {
  for (size_t r = 0; r < size_; ++r) options.x[r].resize(n);
  options.shrink.resize(n);
  options.half_log_shrink.resize(n);
}

void Regression::Fill(Options& options, size_t i, double repeated, double fresh, double seconds) const {
  const std::array<double, 4> x = Regressors(repeated, fresh, seconds);
  double leverage = 0;
  for (size_t r = 0; r < size_; ++r) {
    double row = covariance_[r][r] * x[r];
    for (size_t c = 0; c < r; ++c) row += 2 * covariance_[r][c] * x[c];
    leverage += x[r] * row;
    options.x[r][i] = x[r];
  }
  options.shrink[i] = 1 / (1 + std::max(0.0, leverage));
  options.half_log_shrink[i] = 0.5 * Log(options.shrink[i]);
}

void Regression::Prepare(const Batch& batch) {
  const double calls = static_cast<double>(std::max<int64_t>(1, batch.before.calls()));
  if (BeginsAnew(batch)) Begin(calls);
  scale_ = shape_.noise_power == 0 ? 1 : 1 / (shape_.noise_power == 1 ? calls : std::sqrt(calls));
  const Choices& cells = shape_.drive == Drive::kFresh ? batch.cells_given_repeated : batch.cells;
  Resize(cells_, cells.size());
  for (size_t c = 0; c < cells.size(); ++c) Fill(cells_, c, cells.repeated[c], cells.fresh[c], batch.seconds);
  if (shape_.drive == Drive::kFull) {
    Resize(idles_, batch.idle_seconds.size());
    for (size_t w = 0; w < batch.idle_seconds.size(); ++w) {
      Fill(idles_, w, batch.repeated, batch.fresh, batch.idle_seconds[w]);
    }
  }

  drawn_ = {batch.repeated, batch.fresh, batch.seconds};
  x_ = Regressors(batch.repeated, batch.fresh, batch.seconds);
  inflation_ = 1;
  for (size_t r = 0; r < size_; ++r) {
    gain_[r] = 0;
    for (size_t c = 0; c < size_; ++c) gain_[r] += covariance_[r][c] / memory_ * x_[c];
    inflation_ += x_[r] * gain_[r];
  }
  for (size_t r = 0; r < size_; ++r) gain_[r] /= inflation_;
}

void Regression::Learn() {
  Update(flat_, Error(flat_, 0));
  for (size_t r = 0; r < size_; ++r) {
    for (size_t c = 0; c < size_; ++c) {
      covariance_[r][c] = covariance_[r][c] / memory_ - gain_[r] * gain_[c] * inflation_;
    }
  }
  degrees_ = std::max(kPriorDegrees, degrees_ * memory_) + 0.5;
  Skip();
}

void Regression::Skip() {
  for (size_t i = 0; i < 3; ++i) total_[i] += drawn_[i];
}

void Regression::Likelihoods(const Options& options, const Predictor& p, double target,
                             std::span<double> likelihoods) const {
  const size_t n = likelihoods.size();
  const double* shrink = options.shrink.data();
  const double* half_log_shrink = options.half_log_shrink.data();
  double* out = likelihoods.data();
  const double per_square = 0.5 / p.squares, power = degrees_ + 0.5, start = target - p.slope[0] * scale_;
  auto fill = [&](auto&& predicted) {
    for (size_t i = 0; i < n; ++i) {
      const double error = start - predicted(i);
      out[i] = half_log_shrink[i] - power * Log(1 + error * error * shrink[i] * per_square);
    }
  };
  const double *x1 = options.x[1].data(), *x2 = options.x[2].data(), *x3 = options.x[3].data();
  const double s1 = p.slope[1], s2 = p.slope[2], s3 = p.slope[3];
  if (size_ == 4) {
    fill([=](size_t i) { return s1 * x1[i] + s2 * x2[i] + s3 * x3[i]; });
  } else {
    fill([=](size_t i) { return s1 * x1[i]; });
  }
  const double top = *std::max_element(out, out + n);
  for (size_t i = 0; i < n; ++i) out[i] = Exp(out[i] - top);
}

void Regression::CellLikelihoods(const Predictor& p, double target, std::span<double> likelihoods) const {
  Likelihoods(cells_, p, target, likelihoods);
}

void Regression::IdleLikelihoods(const Predictor& p, double target, std::span<double> likelihoods) const {
  Likelihoods(idles_, p, target, likelihoods);
}

double Regression::Error(const Predictor& p, double target) const {
  double error = target;
  for (size_t i = 0; i < size_; ++i) error -= p.slope[i] * x_[i];
  return error;
}

void Regression::Update(Predictor& p, double error) const {
  for (size_t i = 0; i < size_; ++i) p.slope[i] += gain_[i] * error;
  p.squares = UpdatedProduct(p.squares, error, error);
}

double Regression::UpdatedProduct(double product, double error1, double error2) const {
  return product * memory_ + 0.5 * error1 * error2 / inflation_;
}

Regression::Growth Regression::Expects(const Predictor& p) const {
  switch (shape_.drive) {
    case Drive::kFull:
      return {p.slope[1] > 0, p.slope[2] > 0, p.slope[3] > 0};
    case Drive::kCalls:
      return {p.slope[1] > 0, p.slope[1] > 0, false};
    case Drive::kFresh:
      return {false, p.slope[1] > 0, false};
  }
  return {};
}

}  // namespace goleakstress::experiment
