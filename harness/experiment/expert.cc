#include "harness/experiment/expert.h"

#include <algorithm>
#include <cmath>

namespace goleakstress::experiment {
namespace {

constexpr double kPriorVariance = 1e8;  // of a slope, in units of the noise variance: knows nothing
constexpr double kPriorDegrees = 0.5;   // half the degrees of freedom
constexpr double kPriorNoise =
    0.3;  // sd in units of the resolution: a quiet site is quiet until it is not...
constexpr double kPriorScaledNoise = 0.01;  // ...the same where noise is divided by a power of the calls
constexpr double kMemory =
    0.95;  // kept per batch where noise grows: old batches were measured on smaller doses

}  // namespace

Expert::Expert(const ExpertShape& shape)
    : shape_(shape),
      size_(shape.drive == Drive::kFull ? 4 : 2),
      memory_(shape.noise_power > 0 ? kMemory : 1.0),
      a_(kPriorDegrees) {
  for (size_t i = 0; i < size_; ++i) covariance_[i][i] = kPriorVariance;
}

Predictor Expert::Prior(double resolution) const {
  const double noise = (shape_.noise_power > 0 ? kPriorScaledNoise : kPriorNoise) * resolution;
  Predictor p;
  // A site that appears late had changes and levels of exactly 0, predicted exactly by slopes of 0: of its
  // earlier updates only the forgetting is left.
  p.squares = 0.5 * noise * noise * forgotten_;
  return p;
}

void Expert::Fill(Options& options, size_t i, double repeated, double fresh, double seconds) const {
  if (shape_.target == Target::kLevel) {
    repeated += total_[0];
    fresh += total_[1];
    seconds += total_[2];
  }
  std::array<double, 4> x{scale_, 0, 0, 0};
  switch (shape_.drive) {
    case Drive::kFull:
      x = {scale_, repeated * scale_, fresh * scale_, seconds * scale_};
      break;
    case Drive::kCalls:
      x[1] = (repeated + fresh) * scale_;
      break;
    case Drive::kFresh:
      x[1] = fresh * scale_;
      break;
  }
  double leverage = 0;
  for (size_t r = 0; r < size_; ++r) {
    double row = covariance_[r][r] * x[r];
    for (size_t c = 0; c < r; ++c) row += 2 * covariance_[r][c] * x[c];
    leverage += x[r] * row;
  }
  for (size_t r = 0; r < 4; ++r) options.x[r][i] = x[r];
  options.shrink[i] = 1 / (1 + std::max(0.0, leverage));
  options.half_log_shrink[i] = 0.5 * std::log(options.shrink[i]);
}

void Expert::Prepare(const Batch& batch) {
  auto resize = [](Options& o, size_t n) {
    for (auto& column : o.x) column.resize(n);
    o.shrink.resize(n);
    o.half_log_shrink.resize(n);
  };
  scale_ =
      shape_.noise_power > 0 ? std::pow(static_cast<double>(batch.before.calls()), -shape_.noise_power) : 1;
  resize(by_cell_, batch.options.size());
  resize(by_idle_, batch.seconds.size());
  const Batch::Calls drawn = batch.options[batch.cell];
  const double seconds = batch.seconds[batch.idle];
  for (size_t c = 0; c < batch.options.size(); ++c) {
    Fill(by_cell_, c, batch.options[c].repeated, batch.options[c].fresh, seconds);
  }
  for (size_t w = 0; w < batch.seconds.size(); ++w)
    Fill(by_idle_, w, drawn.repeated, drawn.fresh, batch.seconds[w]);

  drawn_ = {drawn.repeated, drawn.fresh, seconds};
  for (size_t r = 0; r < 4; ++r) x_[r] = by_cell_.x[r][batch.cell];
  spread_ = 1;
  for (size_t r = 0; r < size_; ++r) {
    gain_[r] = 0;
    for (size_t c = 0; c < size_; ++c) gain_[r] += covariance_[r][c] / memory_ * x_[c];
    spread_ += x_[r] * gain_[r];
  }
  for (size_t r = 0; r < size_; ++r) gain_[r] /= spread_;
}

void Expert::Learn() {
  for (size_t r = 0; r < size_; ++r) {
    for (size_t c = 0; c < size_; ++c) {
      covariance_[r][c] = covariance_[r][c] / memory_ - gain_[r] * gain_[c] * spread_;
    }
  }
  a_ = std::max(kPriorDegrees, a_ * memory_) + 0.5;
  forgotten_ *= memory_;
  Skip();
}

void Expert::Skip() {
  for (size_t i = 0; i < 3; ++i) total_[i] += drawn_[i];
}

double Expert::Error(const Predictor& p, double target) const {
  double error = target;
  for (size_t i = 0; i < size_; ++i) error -= p.slope[i] * x_[i];
  return error;
}

void Expert::Update(Predictor& p, double error) const {
  for (size_t i = 0; i < size_; ++i) p.slope[i] += gain_[i] * error;
  p.squares = UpdatedProduct(p.squares, error, error);
}

double Expert::UpdatedProduct(double product, double error1, double error2) const {
  return product * memory_ + 0.5 * error1 * error2 / spread_;
}

Expert::Growth Expert::Expects(const Predictor& p) const {
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

Bank::Bank() {
  for (const ExpertShape& shape : kExperts) experts_.emplace_back(shape);
}

void Bank::Prepare(const Batch& batch) {
  for (Expert& expert : experts_) expert.Prepare(batch);
}

void Bank::Learn() {
  for (Expert& expert : experts_) expert.Learn();
}

void Bank::Skip() {
  for (Expert& expert : experts_) expert.Skip();
}

}  // namespace goleakstress::experiment
