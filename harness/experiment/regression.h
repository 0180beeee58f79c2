// Experts that predict a site's next reading from the dose by Bayesian linear regression, with a Student t
// predictive. They are only predictors: the evidence stays valid whatever they say; a good one earns it
// sooner.
//
// All sites of an entry meet the same doses, and a site that appears late had a constant level before. So
// everything in a regression that depends on doses alone (covariance, leverage, degrees of freedom) is
// computed once per batch, here, and a site keeps only its slopes and its sum of squares.
#ifndef HARNESS_EXPERIMENT_REGRESSION_H_
#define HARNESS_EXPERIMENT_REGRESSION_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "harness/experiment/design.h"

namespace goleakstress::experiment {

enum class Target { kChange, kLevel };  // the change in this batch, or the level since the bank began
enum class Drive {
  kFull,
  kCalls,
  kFresh
};  // repeated, fresh and seconds apart; all calls together; fresh calls only

enum class Belief {
  kNothing,  // knows nothing
  kQuiet,    // no change without calls; begins anew each time the calls have doubled: quick to see what is
             // exact once something else has filled
  kUnit,     // one unit per call: what most leaks are
};

struct RegressionShape {
  Target target;
  Drive drive;
  double noise_power;  // its noise grows as calls^power: 0, 1/2 or 1
  Belief belief;
};

inline constexpr std::array<RegressionShape, 12> kRegressions = {{
    {Target::kChange, Drive::kFull, 0, Belief::kNothing},
    {Target::kLevel, Drive::kFull, 0, Belief::kNothing},
    {Target::kChange, Drive::kCalls, 0, Belief::kNothing},
    {Target::kChange, Drive::kFresh, 0, Belief::kNothing},
    {Target::kChange, Drive::kCalls, 0.5, Belief::kNothing},
    {Target::kChange, Drive::kFresh, 0.5, Belief::kNothing},
    {Target::kLevel, Drive::kCalls, 1, Belief::kNothing},
    {Target::kLevel, Drive::kFresh, 1, Belief::kNothing},
    {Target::kChange, Drive::kCalls, 0, Belief::kQuiet},
    {Target::kChange, Drive::kFresh, 0, Belief::kQuiet},
    {Target::kChange, Drive::kCalls, 0, Belief::kUnit},
    {Target::kChange, Drive::kFresh, 0, Belief::kUnit},
}};
// The first so many serve to refute rates, too.
inline constexpr size_t kCleanRegressions = 8;

// The part of a regression that is a site's own.
struct Predictor {
  std::array<double, 4> slope{};  // constant, then what the drive lists
  double squares = 0;             // inverse-gamma scale
};

// The part that all sites share.
class Regression {
 public:
  explicit Regression(const RegressionShape& shape);

  // Whether it begins anew with this batch: every site's predictor must become a Prior() after Prepare.
  bool BeginsAnew(const Batch& batch) const;
  // Computes regressors and leverage of every option of this batch.
  void Prepare(const Batch& batch);
  // Learns the drawn dose. Call after every site has learned from this batch.
  void Learn();
  // Instead of Learn: the batch was made but not read.
  void Skip();

  // What a site knows that never moved so far; its slopes and squares scale with its resolution.
  Predictor Prior(double resolution) const;
  // What a site's reading is to this expert: `level` since the bank began, `change` in this batch.
  double Scaled(double level, double change) const {
    return (shape_.target == Target::kLevel ? level : change) * scale_;
  }
  // Relative likelihoods of a scaled reading under each option, the largest 1; likelihoods holds as many as
  // there are options.
  void CellLikelihoods(const Predictor& p, double target, std::span<double> likelihoods) const;
  void IdleLikelihoods(const Predictor& p, double target, std::span<double> likelihoods) const;
  // The error of the prediction at the drawn dose, and what a predictor learns from it.
  double Error(const Predictor& p, double target) const;
  void Update(Predictor& p, double error) const;
  // As Update changes `squares`, for the product of two series' errors.
  double UpdatedProduct(double product, double error1, double error2) const;

  Drive drive() const { return shape_.drive; }
  // Whether a predictor expects growth with repeated calls, with fresh calls, with time.
  struct Growth {
    bool repeated, fresh, time;
  };
  Growth Expects(const Predictor& p) const;

 private:
  void Begin(double calls);

  struct Options {
    std::array<std::vector<double>, 4> x;
    std::vector<double> shrink, half_log_shrink;  // of 1 / (1 + leverage)
  };
  std::array<double, 4> Regressors(double repeated, double fresh, double seconds) const;
  void Resize(Options& options, size_t n) const;
  void Fill(Options& options, size_t i, double repeated, double fresh, double seconds) const;
  void Likelihoods(const Options& options, const Predictor& p, double target,
                   std::span<double> likelihoods) const;

  RegressionShape shape_;
  size_t size_;
  double memory_;
  double begun_ = 0;    // calls when it began
  double degrees_ = 0;  // half the degrees of freedom
  Predictor flat_;      // of a site that never moved, at resolution 1
  double scale_ = 1;    // calls^-power
  std::array<std::array<double, 4>, 4> covariance_{};
  std::array<double, 3> total_{};  // repeated, fresh, seconds since the bank began
  std::array<double, 3> drawn_{};
  Options cells_, idles_;
  std::array<double, 4> x_{};     // at the drawn dose
  std::array<double, 4> gain_{};  // covariance x / (1 + leverage)
  double inflation_ = 1;          // 1 + leverage
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_REGRESSION_H_
