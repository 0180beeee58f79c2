#include "harness/campaign/process_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "harness/campaign/exhaustion.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/series.h"
#include "harness/campaign/snapshot.h"
#include "harness/explain/findings.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::GoroutineDetail;
using explain::GrowingSite;
using std::chrono::seconds;

constexpr int kProcesses = 6;
constexpr double kHold = 3600;

// What one process left behind.
struct Remains {
  std::vector<GrowingSite> sites;
  std::vector<GoroutineDetail> details;
};

absl::StatusOr<Remains> RunOnce(const EntryJob& job, Clock::time_point deadline, CallTally* tally) {
  auto session = Session::Start(job.program, deadline, job.interrupted);
  if (!session.ok()) return session.status();
  SeriesTable table(job.code);
  SnapshotReader reader(**session, table);
  if (auto before = reader.Read(0); !before.ok()) return before.status();
  const std::vector<double> before = table.levels();
  auto made = (*session)->Calls({}, 1, deadline);
  if (!made.ok()) return made.status();
  tally->Add(*made);
  const bool clock = (*session)->HasProbe("clock");
  for (const double wait : {clock ? 120.0 : 0.1, clock ? kHold : 1.0}) {
    if (auto after = reader.Read(wait); !after.ok()) return after.status();
  }
  Remains remains;
  for (size_t id = 0; id < table.size(); ++id) {
    const explain::Site& site = table.site(id);
    const double left = table.levels()[id] - (id < before.size() ? before[id] : 0);
    const bool memory = site.family == Family::kHeap || site.kind == explain::kCMemory || IsBytes(site);
    const bool counted = !memory && site.family != Family::kProcess && !site.before_jump;
    if (left <= 0 || !counted || IsPartOfTries(table, id) || FailsForOthers(table, id)) continue;
    GrowingSite grown;
    grown.site = site;
    TakeExhaustion(&grown.site);
    grown.verdict = "residue";
    grown.driver = grown.factor = "call";
    grown.rate = grown.rate_low = grown.rate_high = left;
    remains.sites.push_back(std::move(grown));
  }
  auto text = (*session)->client().ReadStacks(16 << 20, seconds(60));
  if (!text.ok()) return text.status();
  remains.details = DescribeGoroutines(*text, remains.sites, job.code);
  auto profile = (*session)->ReadProfile("goroutineleak", seconds(60));
  if (!profile.ok()) return profile.status();
  if (*profile) {
    const std::vector<double> leaked = CountLeaked(**profile, remains.sites, job.code);
    for (size_t i = 0; i < leaked.size(); ++i) {
      remains.sites[i].proven = leaked[i] >= 1 && leaked[i] >= remains.sites[i].rate;
      if (remains.sites[i].proven) remains.sites[i].verdict = "proven";
    }
  }
  (*session)->End();
  return remains;
}

}  // namespace

void RunProcessPerCall(const EntryJob& job, const ProgressSink& progress, Clock::time_point deadline,
                       EntryResult* result) {
  report::Entry& entry = result->entry;
  entry.set_mode("process-per-call");
  entry.add_notes(
      "main cannot be called twice in one process: each call is a process, judged by what it leaves behind");
  CallTally tally;
  std::map<std::string, int> seen;  // by site: in so many processes
  Remains last;
  int processes = 0;
  while (processes < kProcesses && Clock::now() < deadline &&
         (job.interrupted == nullptr || !job.interrupted->load())) {
    auto remains = RunOnce(job, deadline, &tally);
    if (!remains.ok()) {
      entry.add_notes(fmt::format("process {}: {}", processes + 1, std::string(remains.status().message())));
      break;
    }
    ++processes;
    for (const GrowingSite& grown : remains->sites) ++seen[KeyOf(grown.site)];
    last = *std::move(remains);
    progress({.stage = "processes", .calls = tally.made, .horizon = kProcesses, .snapshots = 3 * processes});
  }
  entry.set_calls(static_cast<int>(tally.made));
  entry.set_processes(entry.processes() + processes);
  entry.set_snapshots(3 * processes);
  if (processes < 2) {
    entry.set_verdict("inconclusive");
    return;
  }
  Remains always;
  for (size_t i = 0; i < last.sites.size(); ++i) {
    if (seen[KeyOf(last.sites[i].site)] < processes) continue;
    always.sites.push_back(last.sites[i]);
    always.details.push_back(last.details[i]);
  }
  explain::EntryContext context;
  context.package = job.package;
  context.entry = job.program.entry;
  context.calls = static_cast<int>(tally.made);
  context.snapshots = 3 * processes;
  context.hold_seconds = kHold;
  context.relative_to = job.relative_to;
  context.reproduce = RunAgain(job);
  result->findings = MakeFindings(context, always.sites, always.details, job.code);
  entry.set_verdict("clean");
  for (const report::Finding& finding : result->findings) {
    if (entry.verdict() == "clean" || explain::IsLeak(finding.verdict()))
      entry.set_verdict(finding.verdict());
  }
}

}  // namespace goleakstress::campaign
