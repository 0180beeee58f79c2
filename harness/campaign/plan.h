// What every command that runs entries begins and ends with: a report, the entries, their jobs, a conclusion.
#ifndef HARNESS_CAMPAIGN_PLAN_H_
#define HARNESS_CAMPAIGN_PLAN_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/entry_run.h"
#include "harness/campaign/prepare.h"
#include "harness/options.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// Measures the stages of a campaign one after the other.
class StageTimer {
 public:
  explicit StageTimer(report::Report* report) : report_(report) {}
  void Done(const char* name);

 private:
  report::Report* report_;
  Clock::time_point since_ = Clock::now();
};

inline bool Interrupted(const std::atomic<bool>* flag) { return flag != nullptr && flag->load(); }

// With what is known before anything is done.
report::Report NewReport(const Options& options);

// Prepares and plans the entries into the report. False: there is nothing to run, and the report says why.
bool Plan(const Options& options, const Observer& observer, const std::atomic<bool>* interrupted,
          Workplace* place, std::vector<PlannedEntry>* entries, StageTimer* timer, report::Report* report);

// `temp_dir`: of the target. The job keeps `interrupted`.
EntryJob JobFor(const PlannedEntry& planned, const Options& options, const Workplace& place,
                const std::string& temp_dir, const std::atomic<bool>* interrupted);

// Sets outcome and exit code by what the report holds. A leak outweighs everything; then what kept us from
// looking; then what we could not decide.
void Conclude(report::Report* report);
// The same where nothing could be done at all.
void Fail(report::Report* report, const absl::Status& status);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_PLAN_H_
