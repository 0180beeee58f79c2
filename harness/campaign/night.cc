#include "harness/campaign/night.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/campaign/explore.h"
#include "harness/campaign/rotation.h"
#include "harness/campaign/troubles.h"
#include "harness/explain/findings.h"
#include "harness/report/groups.h"
#include "harness/target/remove_tree.h"

namespace goleakstress::campaign {
namespace {

using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds kLeastBudget = seconds(5);
// The heap does not say where: whatever it showed is judged so often.
constexpr int kHeapJudgements = 4;
constexpr double kGainOfAPlace = 100;  // in edges
constexpr int kMostFailures = 3;       // hunts without a call, one after the other
constexpr int kMostNotes = 8;

// What was explored since, added to the entry.
void AddHunt(const report::Exploration& hunt, report::Entry* entry) {
  report::Exploration& sum = *entry->mutable_exploration();
  sum.set_calls(sum.calls() + hunt.calls());
  sum.set_distinct_inputs(std::max(sum.distinct_inputs(), hunt.distinct_inputs()));
  sum.set_kept_inputs(std::max(sum.kept_inputs(), hunt.kept_inputs()));
  sum.set_leaky_inputs(sum.leaky_inputs() + hunt.leaky_inputs());
  if (sum.leaky_calls() == 0 && hunt.leaky_calls() > 0) {
    sum.set_leaky_calls(sum.calls() - hunt.calls() + hunt.leaky_calls());
  }
  sum.set_edges_reached(std::max(sum.edges_reached(), hunt.edges_reached()));
  sum.set_edges_present(std::max(sum.edges_present(), hunt.edges_present()));
  sum.set_seconds(sum.seconds() + hunt.seconds());
  sum.set_build_seconds(sum.build_seconds() + hunt.build_seconds());
  sum.set_turns(sum.turns() + 1);
  sum.set_ended(hunt.ended());
  entry->set_seconds(entry->seconds() + hunt.seconds());
}

bool Leaks(const report::Finding& finding) {
  return explain::IsLeak(finding.verdict()) || finding.verdict() == explain::kGcOnly;
}

// What an experiment later in the night shows: its leaks that are new, and its verdict if it is one.
void AddJudgement(EntryResult later, EntryResult* result) {
  report::Entry& entry = result->entry;
  const double spent = entry.seconds() + later.entry.seconds();
  if (explain::IsLeak(later.entry.verdict()) && !explain::IsLeak(entry.verdict())) {
    std::swap(*entry.mutable_exploration(), *later.entry.mutable_exploration());
    std::swap(entry, later.entry);
  }
  entry.set_seconds(spent);
  AddCrashes(std::move(later.crashes), &result->crashes);
  for (report::Finding& finding : later.findings) {
    const bool known =
        std::any_of(result->findings.begin(), result->findings.end(),
                    [&](const report::Finding& old) { return report::IsSameLeak(old, finding); });
    if (!known && Leaks(finding)) result->findings.push_back(std::move(finding));
  }
}

class NightRun {
 public:
  explicit NightRun(const Night& night) : night_(night), known_(night.jobs.size()) {}

  std::vector<EntryResult> Run() && {
    const size_t entries = night_.jobs.size();
    Rotation rotation(entries);
    std::vector<int> failures(entries);
    for (size_t i = 0; i < entries && !Interrupted(); ++i) {
      if (!RunOnce(i)) rotation.Leave(i);
      night_.on_first_run(results_.back().entry);
      night_.on_results(results_);
    }
    std::optional<size_t> next;
    while (results_.size() == entries && !Interrupted() && Clock::now() < night_.end &&
           (next = rotation.Next())) {
      const double gain = Turn(*next);
      night_.on_results(results_);
      failures[*next] = gain < 0 ? failures[*next] + 1 : 0;
      rotation.Had(*next, std::max(gain, 0.0));
      if (failures[*next] == kMostFailures) rotation.Leave(*next);
    }
    return std::move(results_);
  }

 private:
  bool Interrupted() const {
    return !night_.jobs.empty() && night_.jobs[0].interrupted != nullptr &&
           night_.jobs[0].interrupted->load();
  }
  nanoseconds Left() const { return night_.end - Clock::now(); }
  ProgressSink SinkOf(size_t i) const {
    return [this, i](const EntryProgress& progress) { night_.on_progress(night_.jobs[i], progress); };
  }

  // Whether there is more to explore.
  bool RunOnce(size_t i) {
    EntryJob job = AfterOthers(night_.jobs[i], results_);
    const auto share = Left() / static_cast<int64_t>(night_.jobs.size() - i);
    job.budget = std::clamp(share, std::min(kLeastBudget, job.budget), job.budget);
    if (!job.build_explorer) {
      results_.push_back(RunEntry(job, SinkOf(i)));
      return false;
    }
    const Explored explored = Explore(job, UsualHunt(job), SinkOf(i));
    NoteJudged(i, explored);
    job.budget -= duration_cast<nanoseconds>(duration<double>(explored.summary.seconds()));
    results_.push_back(RunExplored(job, explored, SinkOf(i)));
    results_.back().entry.set_seconds(results_.back().entry.seconds() + explored.summary.seconds());
    return explored.can_hunt;
  }

  // Returns what was gained per second; below 0 where there was no hunt.
  double Turn(size_t i) {
    EntryJob job = AfterOthers(night_.jobs[i], results_);
    auto temp_dir = night_.new_temp_dir();
    if (!temp_dir.ok()) return -1;
    job.program.temp_dir = *temp_dir;
    job.seed += ++turn_;  // the same draws would lead to the same places
    HuntOptions hunt{.limit = duration_cast<Clock::duration>(std::min(job.budget, Left())),
                     .to_the_end = true};
    for (const auto& [place, judged] : known_[i]) {
      if (judged >= (place == kHeapPlace ? kHeapJudgements : 1)) hunt.known.insert(place);
    }
    const Explored explored = Explore(job, hunt, SinkOf(i));
    EntryResult& result = results_[i];
    AddHunt(explored.summary, &result.entry);
    AddCrashes(explored.crashes, &result.crashes);
    for (const std::string& note : explored.notes) {
      if (result.entry.notes_size() < kMostNotes) result.entry.add_notes(note);
    }
    if (!explored.places.empty() && !Interrupted()) Judge(i, job, explored);
    (void)target::RemoveTree(*temp_dir);  // what cannot be removed goes with the work directory
    if (explored.summary.calls() == 0) return -1;
    const double gained =
        static_cast<double>(explored.gained) + kGainOfAPlace * static_cast<double>(explored.places.size());
    return gained / std::max(explored.summary.seconds(), 0.1);
  }

  void Judge(size_t i, EntryJob job, Explored explored) {
    NoteJudged(i, explored);
    job.budget = std::max(std::min(job.budget, Left()), kLeastBudget);
    explored.crashes.clear();  // they are with the result already, and so are the notes
    explored.notes.clear();
    AddJudgement(RunExplored(job, explored, SinkOf(i)), &results_[i]);
  }

  void NoteJudged(size_t i, const Explored& explored) {
    const std::set<uint64_t> places(explored.places.begin(), explored.places.end());
    for (const uint64_t place : places) ++known_[i][place];
  }

  const Night& night_;
  std::vector<EntryResult> results_;
  std::vector<std::map<uint64_t, int>>
      known_;  // of each entry: how often what leaves something there was judged
  uint32_t turn_ = 0;
};

}  // namespace

std::vector<EntryResult> RunNight(const Night& night) { return NightRun(night).Run(); }

}  // namespace goleakstress::campaign
