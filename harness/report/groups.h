// Findings as a reader counts them: one leak is one, through however many entries it was seen.
#ifndef HARNESS_REPORT_GROUPS_H_
#define HARNESS_REPORT_GROUPS_H_

#include <string>
#include <vector>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// The same leak, seen through one or more entries of a package; never empty, the most certain one first.
// Points into the report.
using SameFinding = std::vector<const Finding*>;

// Whether a reader takes both for one leak: package, signature, class and the culprit's line are the same,
// and of resources what is not closed. The signature alone names functions, in which several things may leak.
// A cache that one entry fills with its inputs and another with its calls is one.
bool IsSameLeak(const Finding& a, const Finding& b);

// All findings, those of one leak together, the worst first.
std::vector<SameFinding> GroupFindings(const Report& report);

// Import paths in the order of the report, also those that only an entry, a finding or a crash names.
std::vector<std::string> PackageNames(const Report& report);

// "FuzzFetch, TestFetch", escaped.
std::string EntriesOf(const SameFinding& same);
// "leak: goroutine in chan receive, 1.00 per call, seen in FuzzFetch", escaped.
std::string SentenceOf(const SameFinding& same);
// Whether it is a dependency's: Go's own packages have no dot in the first element of their path.
bool IsLibrarys(const Frame& frame);
// Null where none is the user's.
const Frame* FirstUserFrame(const google::protobuf::RepeatedPtrField<Frame>& frames);
// The function of Go's packages that a goroutine waits inside of: "io.(*PipeWriter).Write", by the first
// public name from the inside, within one package. Empty where it waits in code of the user's or a library's,
// or the word for the wait names the function.
std::string WaitsInside(const Finding& finding);

// Whether the goroutine of a finding waits in the user's own code, or in what of Go's own that calls.
bool WaitsInUsers(const Finding& finding);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_GROUPS_H_
