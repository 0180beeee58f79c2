// The report as JUnit XML: for CI systems that show tests.
#ifndef HARNESS_REPORT_JUNIT_H_
#define HARNESS_REPORT_JUNIT_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// The dialect of Jenkins' junit-10.xsd, which every reader takes. A test suite per package, a test case per
// entry: a leak is a failure with the text of the finding as its body, an entry without a verdict an error,
// what stayed undecided (growing, inconclusive, all calls skipped) is skipped with the reason. A package that
// does not build is a test case `build` with an error. Texts are escaped and short.
std::string JunitReport(const Report& report);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_JUNIT_H_
