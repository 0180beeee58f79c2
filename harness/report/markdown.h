// The report as Markdown: for a step's summary or a comment.
#ifndef HARNESS_REPORT_MARKDOWN_H_
#define HARNESS_REPORT_MARKDOWN_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// A headline with the outcome, a table of findings (the worst first), each finding's text to unfold, then
// entries that are not clean, packages that were not run, lost probes and notices. Names of the target stand
// in code spans and blocks that nothing in them can end. At most about 900 KiB: GitHub refuses a step summary
// above 1 MiB; what is left out is counted.
std::string MarkdownReport(const Report& report);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_MARKDOWN_H_
