// Places in the source as code scanners and annotations want them: relative to the root of the repository.
#ifndef HARNESS_REPORT_SOURCE_PLACES_H_
#define HARNESS_REPORT_SOURCE_PLACES_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// The file of a frame of the finding relative to `source_root` (an absolute directory), absolute where it
// lies outside, or as the report has it where `source_root` is empty or its module cannot be told. The report
// knows a file relative to its module and a package by directory and import path; what both have in common
// says where the module begins.
std::string SourceFile(const Report& report, const Finding& finding, const Frame& frame,
                       const std::string& source_root);

// The directory of a package relative to `source_root`, "." for the root itself.
std::string SourceDir(const Package& package, const std::string& source_root);

// The frame to point at: the culprit, else the user's own nearest frame of stack or creator; null where none
// has a file.
const Frame* PlaceToShow(const Finding& finding);

// Where the repository begins: GITHUB_WORKSPACE or CI_PROJECT_DIR when set, else the nearest directory at or
// above the current one that holds .git, else the current one.
std::string FindSourceRoot();

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_SOURCE_PLACES_H_
