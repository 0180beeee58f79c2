// How much there is at one site, and nothing else: quick enough to be asked after every few calls.
#ifndef HARNESS_CAMPAIGN_SITE_GAUGE_H_
#define HARNESS_CAMPAIGN_SITE_GAUGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "harness/campaign/session.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// What only the garbage collector gives back counts as held. Not thread-safe; the session outlives it.
class SiteGauge {
 public:
  SiteGauge(Session& session, explain::Site site, explain::CodeMap code);

  // Lets the target settle, passes so many seconds on its clock, if it can be moved, and counts.
  absl::StatusOr<double> Level(double idle_seconds);

 private:
  std::string ProfileName() const;
  // Entries of maps have a profile of their own.
  bool IsMap() const { return site_.family == explain::Family::kHeap && site_.kind == "entries"; }

  Session& session_;
  explain::Site site_;
  explain::CodeMap code_;
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SITE_GAUGE_H_
