#include "harness/experiment/plan.h"

namespace goleakstress::experiment {

Plan Plan::ForHorizon(int64_t horizon) {
  Plan plan;
  if (horizon >= plan.horizon) return plan;
  plan.warm_up = 32;
  plan.confirm_from = 128;
  if (horizon >= 1024) {
    plan.clean_from = 512;
    plan.horizon = 1024;
    plan.limit = 4096;
    plan.far_limit = 8192;
  } else {
    plan.warm_up = 16;
    plan.confirm_from = 48;
    plan.clean_from = 128;
    plan.horizon = 256;
    plan.limit = 1024;
    plan.far_limit = 1024;
  }
  return plan;
}

std::vector<Cell> Plan::Cells() const {
  std::vector<Cell> cells = {{0, 0, 28.0}};
  if (!inputs) {
    cells.push_back({15, 0, 12.0});
    for (int k = 1; k < 15; ++k) cells.push_back({k, 0, 2.0});
    return cells;
  }
  cells.push_back({15, 0, 6.0});
  cells.push_back({0, 15, 6.0});
  for (int k = 1; k < 15; ++k) {
    cells.push_back({k, 0, 1.0});
    cells.push_back({0, k, 1.0});
  }
  for (int k : {2, 5, 8, 11, 13}) cells.push_back({k, 15 - k, 0.7});
  return cells;
}

}  // namespace goleakstress::experiment
