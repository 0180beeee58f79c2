// The report as SARIF 2.1.0: for code scanning.
#ifndef HARNESS_REPORT_SARIF_H_
#define HARNESS_REPORT_SARIF_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// One run with all rules and one result per leak (however many entries show it), the worst first: at most the
// 5,000 that GitHub keeps. Leaks are errors, everything else that grows is a warning. The place is the
// culprit, relative to `source_root`; where no source line is known it is the package's directory. What could
// not be built or crashed, lost probes and notices are notifications of the invocation. The partial
// fingerprint goleakstress/v1 is the finding's signature, ":2" and so on behind it where leaks share one.
std::string SarifReport(const Report& report, const std::string& source_root);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_SARIF_H_
