// Experts predict a site's next reading from the dose: Bayesian linear regressions with a Student t
// predictive. They are only predictors. The evidence stays valid whatever they say; a good one earns it
// sooner.
//
// All sites of an entry meet the same doses, and a site that appears late had a constant level before. So
// everything in a regression that depends on doses alone (covariance, leverage, degrees of freedom) is
// computed once per batch, here, and a site keeps only its coefficients and its sum of squares.
#ifndef HARNESS_EXPERIMENT_EXPERT_H_
#define HARNESS_EXPERIMENT_EXPERT_H_

#include <array>
#include <cstddef>
#include <vector>

#include "harness/experiment/design.h"

namespace goleakstress::experiment {

enum class Target { kChange, kLevel };  // the change in this batch, or the level since the bank began
enum class Drive {
  kFull,
  kCalls,
  kFresh
};  // repeated, fresh and seconds apart; all calls together; fresh calls only

struct ExpertShape {
  Target target;
  Drive drive;
  double noise_power;  // its noise grows as calls^power
};

inline constexpr std::array<ExpertShape, 8> kExperts = {{
    {Target::kChange, Drive::kFull, 0},
    {Target::kLevel, Drive::kFull, 0},
    {Target::kChange, Drive::kCalls, 0},
    {Target::kChange, Drive::kFresh, 0},
    {Target::kChange, Drive::kCalls, 0.5},
    {Target::kChange, Drive::kFresh, 0.5},
    {Target::kLevel, Drive::kCalls, 1},
    {Target::kLevel, Drive::kFresh, 1},
}};

// The part of a regression that is a site's own.
struct Predictor {
  std::array<double, 4> slope{};  // constant, then what the drive lists
  double squares = 0;             // inverse-gamma scale
};

// Regressors and leverage of the options of one bet.
struct Options {
  std::array<std::vector<double>, 4> x;
  std::vector<double> shrink;  // 1 / (1 + leverage)
  std::vector<double> half_log_shrink;

  size_t size() const { return shrink.size(); }
};

// The shared part of one regression.
class Expert {
 public:
  explicit Expert(const ExpertShape& shape);

  // Computes the options of this batch: by cell at the drawn idle, by idle at the drawn cell.
  void Prepare(const Batch& batch);
  // Lets the shared part learn the drawn dose. Call after every site has learned from this batch.
  void Learn();
  // The batch was made but not read: only totals move on.
  void Skip();

  Predictor Prior(double resolution) const;
  // What a site's reading is to this expert: `level` since the bank began, `change` in this batch.
  double Scaled(double level, double change) const {
    return (shape_.target == Target::kLevel ? level : change) * scale_;
  }
  // The error of the prediction at the drawn dose, and what a predictor learns from it.
  double Error(const Predictor& p, double target) const;
  void Update(Predictor& p, double error) const;
  // The same update of a product of two series' errors, as `squares` takes their squares.
  double UpdatedProduct(double product, double error1, double error2) const;

  const Options& by_cell() const { return by_cell_; }
  const Options& by_idle() const { return by_idle_; }
  size_t size() const { return size_; }
  double degrees() const { return a_; }  // half the degrees of freedom
  // Whether a predictor expects growth with repeated calls, with fresh calls, with time.
  struct Growth {
    bool repeated, fresh, time;
  };
  Growth Expects(const Predictor& p) const;

 private:
  void Fill(Options& options, size_t i, double repeated, double fresh, double seconds) const;

  ExpertShape shape_;
  size_t size_;
  double memory_;
  double a_ = 0.5;
  double scale_ = 1;
  std::array<std::array<double, 4>, 4> covariance_{};
  std::array<double, 3> total_{};  // repeated, fresh, seconds since the bank began
  Options by_cell_, by_idle_;
  std::array<double, 3> drawn_{};
  std::array<double, 4> x_{};     // at the drawn dose
  std::array<double, 4> gain_{};  // P x / (1 + leverage)
  double spread_ = 1;             // 1 + leverage
  double forgotten_ = 1;          // what is left of the prior after all memory lost
};

// One of each shape, all begun at the same batch.
class Bank {
 public:
  Bank();
  void Prepare(const Batch& batch);
  void Learn();
  void Skip();
  const std::vector<Expert>& experts() const { return experts_; }

 private:
  std::vector<Expert> experts_;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_EXPERT_H_
