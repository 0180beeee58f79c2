// The report for a step of GitHub Actions: text for the log, and annotations.
#ifndef HARNESS_REPORT_GITHUB_H_
#define HARNESS_REPORT_GITHUB_H_

#include <string>

#include "harness/proto/report.pb.h"
#include "harness/report/text.h"

namespace goleakstress::report {

// The text report, inside stop-commands so that nothing that the target wrote is taken for a command, then
// one workflow command for each leak (error), each other finding (warning) and each package that does not
// build (error), the worst first. GitHub drops what is above ten of a kind without a word, so at most ten are
// written, and a notice tells how many more there are.
std::string GithubReport(const Report& report, const TextOptions& options);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_GITHUB_H_
