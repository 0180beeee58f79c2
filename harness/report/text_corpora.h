// The text report of `goleakstress fuzz`.
#ifndef HARNESS_REPORT_TEXT_CORPORA_H_
#define HARNESS_REPORT_TEXT_CORPORA_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// A table of the report's corpora, a line for each, what was set aside below it, and a line that sums up.
// Names are escaped.
std::string CorporaText(const Corpora& corpora);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_TEXT_CORPORA_H_
