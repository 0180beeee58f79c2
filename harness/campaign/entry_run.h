// The experiment on one entry: doses, snapshots, hold, verdict, findings.
#ifndef HARNESS_CAMPAIGN_ENTRY_RUN_H_
#define HARNESS_CAMPAIGN_ENTRY_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/campaign/session.h"
#include "harness/explain/stack.h"
#include "harness/input/dictionary.h"
#include "harness/input/fuzz_engine.h"
#include "harness/input/minimise.h"
#include "harness/input/value.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

struct EntryJob {
  TargetProgram program;
  std::string package = {};    // import path
  std::string pattern = {};    // how the user would name the package
  std::string kind_name = {};  // fuzz, test...
  explain::CodeMap code;
  std::string relative_to = {};  // directory of file names in the report
  input::Dictionary dictionary;
  std::string package_dir = {};
  bool combined = false;  // of several fuzz targets
  // Keys of allocation sites (explain::KeyOf) that filled up when the targets were called each by itself.
  // Among the calls of others they fill so slowly that it looks like a leak.
  std::set<std::string> filled = {};
  // A second binary of the same package, which shows what calls reach; nothing: none can be had.
  std::function<absl::StatusOr<std::string>()> build_explorer = {};
  input::FuzzGuidance guidance = {};
  int workers = 1;  // targets that inputs are hunted for in at once; the experiment has one, alone
  std::string corpus_dir = {};  // what exploring keeps from run to run; absolute
  std::string save_dir = {};    // where inputs that leak are written as well; empty: nowhere
  // Nothing but these calls is to be repeated, in this order, and nothing is to be looked for; empty: as
  // usual.
  input::Sequence replay = {};
  std::string replay_file = {};  // where they come from
  uint32_t seed = 0;
  std::string flags = {};  // that the user gave besides and that a repetition needs, each behind a blank
  std::chrono::nanoseconds budget{};
  const std::atomic<bool>* interrupted = nullptr;
};

// What a run tells while it goes on; called on the thread of RunEntry, once per batch.
struct EntryProgress {
  std::string stage = {};  // starting, screen, confirm, hold
  int64_t calls = 0;
  int64_t horizon = 0;
  int snapshots = 0;
  int64_t goroutines = 0;
  double heap_bytes = 0;
};
using ProgressSink = std::function<void(const EntryProgress&)>;

struct EntryResult {
  report::Entry entry;
  std::vector<report::Finding> findings = {};
  std::vector<report::Crash> crashes = {};
  std::set<std::string> filled = {};  // keys of allocation sites that grew until they were full
};

// The command line that runs the entry again, with the same draws.
std::string RunAgain(const EntryJob& job);

// Runs one entry within its budget, in as many processes as it takes. Whatever the target does is a result: a
// verdict, a crash, a note. Not to be called from two threads with one job's `interrupted` unset to different
// ends; otherwise reentrant.
EntryResult RunEntry(const EntryJob& job, const ProgressSink& progress);

// A combined job with what `earlier` results, those of its members among them, found to fill up.
EntryJob AfterOthers(EntryJob job, const std::vector<EntryResult>& earlier);

// The same after exploring (explore.h), which the budget is not for.
struct Explored;
EntryResult RunExplored(const EntryJob& job, const Explored& explored, const ProgressSink& progress);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_ENTRY_RUN_H_
