// What there is to say about an entry beside its findings.
#ifndef HARNESS_REPORT_ENTRIES_H_
#define HARNESS_REPORT_ENTRIES_H_

#include <string>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// Some calls failed, panicked, exited, hung or took their process with them.
bool HasTrouble(const Outcomes& outcomes);
// "4 failed, 1 hung": calls that did not simply return; empty where all did.
std::string Trouble(const Outcomes& outcomes);

// Every call skipped itself: nothing was tested.
bool WasSkipped(const Entry& entry);
// A verdict that comes with findings, which say all that is to say.
bool ToldByFindings(const Entry& entry);
// Nothing grew for ever, and something was tested.
bool IsClean(const Entry& entry);
// It is neither clean nor told by findings, or there is something to add.
bool NeedsMention(const Entry& entry);
// One bounded line on the clean entries that were not followed far, since a larger bound would look the same
// to them; empty where there are none.
std::string CleanToFewCalls(const Report& report);
// How its inputs were looked for, and what part of its time that took.
std::string Explored(const Entry& entry);
// One sentence about a verdict without findings; empty where the word says it all.
std::string EntryMeaning(const Entry& entry);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_ENTRIES_H_
