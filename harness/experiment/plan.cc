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
  } else if (horizon >= 256) {
    plan.warm_up = 16;
    plan.confirm_from = 48;
    plan.clean_from = 128;
    plan.horizon = 256;
    plan.limit = 1024;
    plan.far_limit = 1024;
  } else {
    plan.warm_up = 4;
    plan.confirm_from = 12;
    plan.clean_from = 32;
    plan.horizon = 64;
    plan.limit = 256;
    plan.far_limit = 256;
    plan.top_level = 3;
    plan.material_units = 8;
  }
  return plan;
}

std::vector<Cell> Plan::Cells() const {
  std::vector<Cell> cells = {{0, 0, 28.0}};
  const double between = top_level - 1;
  if (!inputs) {
    cells.push_back({top_level, 0, 12.0});
    for (int k = 1; k < top_level; ++k) cells.push_back({k, 0, 28.0 / between});
    return cells;
  }
  cells.push_back({top_level, 0, 6.0});
  cells.push_back({0, top_level, 6.0});
  for (int k = 1; k < top_level; ++k) {
    cells.push_back({k, 0, 14.0 / between});
    cells.push_back({0, k, 14.0 / between});
  }
  for (int k : {2, 5, 8, 11, 13}) {
    if (k < top_level) cells.push_back({k, top_level - k, 0.7});
  }
  return cells;
}

}  // namespace goleakstress::experiment
