// From growing sites to findings: what leaks, at which line, who started it, what to do.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_FINDINGS_H_
#define HARNESS_EXPLAIN_FINDINGS_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/goroutine_detail.h"
#include "harness/explain/owner.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::explain {

struct EntryContext {
  std::string package = {};
  std::string entry = {};
  int calls = 0;
  int snapshots = 0;
  int horizon_entries = 0;
  double hold_seconds = 0;
  double error_bound = 0;
  int exhausted_after = 0;
  std::string reproduce = {};
  std::string relative_to = {};  // directory that file names in the report are relative to
  ReadSource read_source = {};   // to see whom a resource was handed to; may be empty
};

// One finding per cluster, the worst first. `details[i]` belongs to sites[i].
std::vector<report::Finding> MakeFindings(const EntryContext& context, const std::vector<GrowingSite>& sites,
                                          const std::vector<GoroutineDetail>& details, const CodeMap& code);

// The frame's file as the user knows it: relative to his module, or below his own GOROOT.
std::string FileName(const Frame& frame, const EntryContext& context, const CodeMap& code);

// A site as a member of a finding.
report::Member MemberOf(const GrowingSite& site, const GoroutineDetail& detail, const EntryContext& context,
                        const CodeMap& code);

// proven, leak, exhausted: the verdicts that fail a build.
bool IsLeak(std::string_view verdict);

// The verdict on what would be a leak if the garbage collector did not close it: a bug, but bounded.
inline constexpr char kGcOnly[] = "gc-only";

// Equal across runs, machines, rebuilds, Go versions, seeds and callers: made of the class and the declared
// function of the user's that is to blame, of up to three of a library's where none is; no lines, no
// addresses, no closure numbers, and nothing that an experiment measures.
std::string SignatureOf(const std::string& leak_class, const Stack& frames);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_FINDINGS_H_
