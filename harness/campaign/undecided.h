// What is said of sites that neither grew nor were seen not to.
#ifndef HARNESS_CAMPAIGN_UNDECIDED_H_
#define HARNESS_CAMPAIGN_UNDECIDED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/explain/findings.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// What settles a verdict (SiteVerdict::settle), with the budget that so many calls take by what was made in
// this one: "..., -budget 40s". Without one where `enough_calls` is 0 or was made.
std::string WithBudget(const std::string& settle, int64_t enough_calls, int64_t made, double budget_seconds);

struct Undecided {
  explain::Site site;
  double log_e = 0;         // that it comes with the calls
  std::string settle = {};  // what would decide it; may be empty
};

// A sentence on each of the three that tell most: what is to be closed or to end before memory, then by
// evidence. Places in nobody's code but Go's are told only where there are no others.
std::vector<std::string> NotesOn(std::vector<Undecided> sites, const explain::EntryContext& context,
                                 const explain::CodeMap& code);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_UNDECIDED_H_
