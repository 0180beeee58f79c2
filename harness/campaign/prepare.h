// The stages before anything is run: toolchain, packages, binaries, entries.
#ifndef HARNESS_CAMPAIGN_PREPARE_H_
#define HARNESS_CAMPAIGN_PREPARE_H_

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "harness/build/builder.h"
#include "harness/build/cache.h"
#include "harness/build/discovery.h"
#include "harness/build/overlay.h"
#include "harness/options.h"
#include "harness/proto/agent.pb.h"
#include "harness/proto/report.pb.h"
#include "harness/target/work_dir.h"

namespace goleakstress::campaign {

// One thing to run.
struct PlannedEntry {
  std::string package;  // import path
  std::string package_dir;
  std::string module_dir;
  std::string binary;
  // Of a fuzz entry: builds the binary to explore with, the first time; later the same answer is given at
  // once.
  std::function<absl::StatusOr<std::string>()> build_explorer;
  std::string pattern;  // what names the package on the command line
  agent::EntryKind kind = agent::ENTRY_UNKNOWN;
  std::string name;
  bool combined = false;  // of several fuzz targets: calls of them all in any order, as FuzzA+FuzzB
  std::vector<std::string> goroots;  // mirror and original
  std::string agent_package;
};

// Everything a campaign holds on to while it runs.
struct Workplace {
  std::string cwd;
  std::optional<target::WorkDir> work_dir;
  std::optional<build::Cache> cache;
  build::Runner run_go;
  const std::atomic<bool>* interrupted = nullptr;
};

using StageSink = std::function<void(const std::string& stage)>;

absl::Status Prepare(const Options& options, const std::atomic<bool>* interrupted, Workplace* place);

// Discovers, builds and lists. Packages, probes and what could not be built go into the report; the entries
// that -run selects, in the order fuzz targets, all of these combined, tests, examples, benchmarks, main of
// each package, are returned. Not ok: nothing can be run at all.
absl::StatusOr<std::vector<PlannedEntry>> PlanEntries(const Options& options, Workplace& place,
                                                      const StageSink& on_stage, report::Report* report);

// The packages that the patterns name, without building anything.
absl::StatusOr<std::vector<build::Package>> FindPackages(const Options& options, Workplace& place);

// Whether -run selects an entry of that name. InvalidArgument for what is no regular expression.
using EntryFilter = std::function<bool(const std::string& name)>;
absl::StatusOr<EntryFilter> FilterOf(const Options& options);

std::string_view KindName(agent::EntryKind kind);  // fuzz, test, example, benchmark, main

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_PREPARE_H_
