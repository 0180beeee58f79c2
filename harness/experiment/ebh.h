// e-BH (Wang and Ramdas 2022): the false discovery rate of e-values, under any dependence between them.
#ifndef HARNESS_EXPERIMENT_EBH_H_
#define HARNESS_EXPERIMENT_EBH_H_

#include <cstddef>
#include <span>
#include <vector>

namespace goleakstress::experiment {

// For each e-value (given as its logarithm) whether e-BH rejects its null hypothesis: the k largest are
// rejected for the largest k whose k-th largest e-value is at least family / (alpha k). The family counts
// hypotheses, at least log_e.size() of them; those that have no e-value here count as e = 1.
std::vector<bool> EBenjaminiHochberg(std::span<const double> log_e, double family, double alpha);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_EBH_H_
