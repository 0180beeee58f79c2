// One finding of the text report.
#ifndef HARNESS_REPORT_TEXT_FINDING_H_
#define HARNESS_REPORT_TEXT_FINDING_H_

#include <string>
#include <vector>

#include "harness/proto/report.pb.h"
#include "harness/report/text_lines.h"

namespace goleakstress::report {

// The same leak, seen through one or more entries of a package; never empty, the most certain one first.
using SameFinding = std::vector<const Finding*>;

// Findings of one package (import path), those with one signature together, the worst first.
std::vector<SameFinding> GroupFindings(const Report& report, const std::string& package);

void AppendFinding(TextLines* lines, const SameFinding& same, bool verbose);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_TEXT_FINDING_H_
