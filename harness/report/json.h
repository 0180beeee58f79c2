// The report as JSON: for programs.
#ifndef HARNESS_REPORT_JSON_H_
#define HARNESS_REPORT_JSON_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// The report in the JSON mapping of protocol buffers, with a line feed at the end: field names as
// report.proto spells them (snake_case, `class`), in the order of the proto, two spaces per level. Every
// field is there, also an empty one, and so is every nested message: a reader need not ask what is missing.
// Numbers are JSON numbers, doubles with as many digits as it takes to read them back unchanged; where they
// are no number or infinite, 0 or the largest that report.proto allows (1e300) stands for them. Bytes that
// are no UTF-8 are U+FFFD, and no string is longer than about 64 KiB.
std::string JsonReport(const Report& report);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_JSON_H_
