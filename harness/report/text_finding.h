// One finding of the text report.
#ifndef HARNESS_REPORT_TEXT_FINDING_H_
#define HARNESS_REPORT_TEXT_FINDING_H_

#include <string>
#include <string_view>

#include "harness/report/groups.h"
#include "harness/report/text_lines.h"

namespace goleakstress::report {

// Headline, then labelled lines: where, what keeps it, how sure, how to run it again, how to repair it; with
// `verbose` also members, stacks and signature.
void AppendFinding(TextLines* lines, const SameFinding& same, bool verbose);

// The arguments of a `go test fuzz v1` text, or the calls of a combined entry, in one line; empty for an
// empty text.
std::string InputLine(std::string_view text);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_TEXT_FINDING_H_
