// What `goleakstress explain GLS003` prints: what a rule means, a program that breaks it, and the same
// repaired.
#ifndef HARNESS_REPORT_RULE_PAGE_H_
#define HARNESS_REPORT_RULE_PAGE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress::report {

// The page of a rule, named by its id (in any case) or by the id of a finding, "GLS003-0a1b2c3d". NotFound
// names the ids there are.
absl::StatusOr<std::string> RulePage(std::string_view id);

// All ids with their titles, one a line.
std::string RuleList();

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_RULE_PAGE_H_
