// One campaign: from the patterns on the command line to a report.
//
// The stages, in order: prepare (work directory, cache, toolchain), discover (packages), build (binaries with
// probes), list (entries), run (each entry, harness/campaign/entry_run.h), conclude (outcome and exit code).
#ifndef HARNESS_CAMPAIGN_CAMPAIGN_H_
#define HARNESS_CAMPAIGN_CAMPAIGN_H_

#include <atomic>
#include <functional>
#include <string>

#include "harness/campaign/entry_run.h"
#include "harness/options.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// What the campaign tells on its way; any of them may be empty.
struct Observer {
  std::function<void(const std::string& stage)> on_stage;  // "building example.com/app"
  std::function<void(size_t entries)> on_plan;             // so many will be run
  std::function<void(const report::Entry& entry, const EntryProgress&)> on_progress;
  std::function<void(const report::Entry& entry)> on_entry;  // it is done
  // What is known so far, as the report of a run that was interrupted: after the first entry, and then at
  // intervals of ten seconds and more.
  std::function<void(const report::Report& report)> on_partial;
};

// Runs a campaign. The report is valid whatever happened: report.exit_code() says how it ended, by the
// contract of docs/reports.md, and its notices say what went wrong. `interrupted` ends it early with a
// partial report.
report::Report RunCampaign(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted);

// `goleakstress run -list`: the entries that would be run, one a line, or a report with notices where they
// cannot be told.
report::Report ListEntries(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_CAMPAIGN_H_
