// What an attempt makes of the experiment's verdicts: which of them say something of the target.
#include <set>
#include <string>
#include <vector>

#include "harness/campaign/attempt.h"
#include "harness/campaign/exhaustion.h"
#include "harness/campaign/high_water.h"
#include "harness/campaign/totals.h"

namespace goleakstress::campaign {
namespace {

using experiment::SiteVerdict;
using explain::Family;
using explain::Site;

constexpr double kThreadsPerCall = 0.1;  // fewer are no reason to doubt

// What a hold that was cut short, since the moved clock would keep the target busy, says too little of for a
// leak: what expires within hours is still there, as is a timer of an hour. Few goroutines that end outlive
// their call by ten minutes.
void DoubtShortHold(const SeriesTable& table, double hold, std::vector<SiteVerdict>* verdicts) {
  constexpr double kEnoughForGoroutines = 600;  // seconds
  for (SiteVerdict& verdict : *verdicts) {
    const Family family = table.site(static_cast<size_t>(verdict.site)).family;
    if (verdict.verdict != experiment::Verdict::kLeak ||
        (family == Family::kGoroutine && hold >= kEnoughForGoroutines))
      continue;
    verdict.verdict = experiment::Verdict::kGrowing;
    verdict.settle = "a hold of a day, which is not to be had: the moved clock keeps the target busy";
  }
}

}  // namespace

// The allocation sites whose objects or blocks, and the maps whose entries, were decided on.
std::set<std::string> Attempt::DecidedCounts(const std::vector<SiteVerdict>& verdicts) const {
  std::set<std::string> decided;
  for (const SiteVerdict& verdict : verdicts) {
    const Site& site = table_.site(static_cast<size_t>(verdict.site));
    if (verdict.verdict != experiment::Verdict::kInconclusive &&
        (site.family == Family::kHeap || site.kind == explain::kCMemory))
      decided.insert(KeyOf(site));
  }
  return decided;
}

// Whether bytes that vary tell nothing that their count does not: what was allocated there does not get
// larger, unless it is a slice's array. A map of a few entries never registers itself. A block of C may, but
// then its bytes say so.
bool Attempt::SaysNoMore(const Site& site, const std::set<std::string>& decided) const {
  // What is mapped, what C takes and threads are counted by themselves: the rest is the runtime's.
  if (site.kind == explain::kOutsideMemory) return counts_c_ && session_->HasProbe("fd");
  if (!IsBytes(site) || site.container == "slice") return false;
  if (site.container == "map") return session_->HasProbe("containers");
  Site count = site;
  count.kind = site.family == Family::kHeap ? "objects" : std::string(explain::kCMemory);
  return decided.contains(KeyOf(count));
}

void Attempt::NoteFilled(const std::vector<SiteVerdict>& verdicts) {
  for (const SiteVerdict& verdict : verdicts) {
    const Site& site = table_.site(static_cast<size_t>(verdict.site));
    const bool full = verdict.verdict == experiment::Verdict::kPlateaued ||
                      verdict.verdict == experiment::Verdict::kDecelerating;
    if (full && site.family == Family::kHeap) filled_.insert(KeyOf(site));
  }
}

std::vector<SiteVerdict> Attempt::JudgeSites() {
  std::vector<SiteVerdict> verdicts = experiment_->Judge();
  std::erase_if(verdicts, [this](const SiteVerdict& verdict) {
    return IsPartOfTries(table_, static_cast<size_t>(verdict.site));
  });
  const size_t failed_for_others = std::erase_if(verdicts, [this](const SiteVerdict& verdict) {
    return FailsForOthers(table_, static_cast<size_t>(verdict.site));
  });
  if (failed_for_others > 0)
    notes_.push_back(
        "calls that create descriptors failed, though this process holds few: the system has run out");
  std::erase_if(verdicts, [this, decided = DecidedCounts(verdicts)](const SiteVerdict& verdict) {
    if (verdict.verdict != experiment::Verdict::kInconclusive) return false;
    const Site& site = table_.site(static_cast<size_t>(verdict.site));
    // The runtime starts a thread now and then, whatever the target does.
    if (site.kind == "threads" && verdict.growth < kThreadsPerCall * static_cast<double>(verdict.calls))
      return true;
    return SaysNoMore(site, decided);
  });
  std::erase_if(verdicts, [this](const SiteVerdict& verdict) {
    return experiment::IsGrowth(verdict.verdict) &&
           job_.filled.contains(KeyOf(table_.site(static_cast<size_t>(verdict.site))));
  });
  const std::vector<double> first = history_.empty() ? std::vector<double>() : history_.front();
  stands_for_ = TakeTotals(table_, first, held_.empty() ? table_.levels() : held_, &verdicts);
  NoteFilled(verdicts);
  DropHighWaterMarks(table_, &verdicts);
  if (!clock_.HoldsFreely()) DoubtShortHold(table_, clock_.longest_hold, &verdicts);
  verdict_ = experiment_->Summary(verdicts);
  growing_ = GrowingSites(verdicts);
  return verdicts;
}

}  // namespace goleakstress::campaign
