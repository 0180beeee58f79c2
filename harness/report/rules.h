// The rules: one stable id for each way to leak, with a title, and what to do about it.
#ifndef HARNESS_REPORT_RULES_H_
#define HARNESS_REPORT_RULES_H_

#include <span>
#include <string>
#include <string_view>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// Ids are never reused and never change their meaning: ignore files and dashboards hold them.
struct Rule {
  std::string_view id;      // GLS001...
  std::string_view title;   // a short noun phrase, no full stop
  std::string_view advice;  // one line; {at}, {kind}, {wait}, {root} stand for what the finding knows
};

// In the order of their ids.
std::span<const Rule> Rules();
// Null for an id that is not in the table.
const Rule* FindRule(std::string_view id);

// One concrete line on how to repair this finding: rule, class, kind, culprit, library, blocked_on and
// retained_by are read. Empty for an unknown rule. Holds the target's own names as they are: writers
// escape it like any other text.
std::string AdviceFor(const Finding& finding);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_RULES_H_
