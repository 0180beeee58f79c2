#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "harness/campaign/attempt.h"
#include "harness/campaign/exhaustion.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/sites_apart.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {
namespace {

using experiment::SiteVerdict;
using explain::Family;
using explain::GoroutineDetail;
using explain::GrowingSite;
using explain::Site;
using std::chrono::seconds;

constexpr double kStockSeconds = 0.3;    // for calls on Go's own schedule...
constexpr double kMostStockCalls = 300;  // ...at most
constexpr double kFewStockCalls = 60;    // tell what every call leaves behind
constexpr int64_t kLeastStockCalls = 20;
constexpr double kLeastExpected = 5;
constexpr double kSameRate = 0.8;  // less than this share of the rate is worth a word
constexpr double kLeastContainerBytes = 1024;

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// So many calls tell the rates of all goroutines from kSameRate of them, by three standard errors of a count
// of calls that leave one behind or do not.
double StockCallsFor(const std::vector<GrowingSite>& sites) {
  double calls = kFewStockCalls;
  for (const GrowingSite& grown : sites) {
    if (grown.site.family != Family::kGoroutine || grown.rate <= 0) continue;
    const double errors = 3 / (1 - kSameRate);
    calls = std::max(calls, errors * errors * (1 - grown.rate) / grown.rate);
  }
  return std::min(calls, kMostStockCalls);
}

void SetOutcomes(report::Outcomes* out, const CallTally& tally) {
  out->set_ok(static_cast<int>(tally.outcomes[agent::OUTCOME_OK]));
  out->set_failed(static_cast<int>(tally.outcomes[agent::OUTCOME_FAILED]));
  out->set_skipped(static_cast<int>(tally.outcomes[agent::OUTCOME_SKIPPED]));
  out->set_panicked(static_cast<int>(tally.outcomes[agent::OUTCOME_PANICKED]));
  out->set_exited(static_cast<int>(tally.outcomes[agent::OUTCOME_EXITED]));
  out->set_hung(static_cast<int>(tally.outcomes[agent::OUTCOME_HUNG]));
}

}  // namespace

double Attempt::LevelAt(size_t row, size_t site) const { return LevelIn(history_[row], site); }

// Whether an allocation site gained for good without a growth word, as the backing array of a map does.
bool Attempt::IsCompanion(size_t site) const {
  if (table_.site(site).family != Family::kHeap || table_.site(site).kind != "bytes" || history_.empty())
    return false;
  const double first = LevelAt(0, site);
  const double gained = LevelAt(history_.size() - 1, site) - first;
  double most = 0;
  for (size_t row = 1; row < history_.size(); ++row) most = std::max(most, LevelAt(row, site) - first);
  return gained >= kLeastContainerBytes && gained >= 0.5 * most;
}

std::vector<GrowingSite> Attempt::GrowingSites(const std::vector<SiteVerdict>& verdicts) const {
  std::vector<GrowingSite> growing;
  bool fds_grow = false;
  for (const SiteVerdict& verdict : verdicts) {
    const size_t id = static_cast<size_t>(verdict.site);
    const Site& site = table_.site(id);
    if (site.before_jump) continue;
    GrowingSite grown;
    grown.site = site;
    const bool failing = TakeExhaustion(&grown.site);
    const auto dead = dead_.find(id);
    grown.companion = !IsGrowth(verdict.verdict) && dead == dead_.end();
    if (grown.companion && !IsCompanion(id)) continue;
    grown.verdict = std::string(Name(verdict.verdict));
    if (failing && verdict.verdict == experiment::Verdict::kLeak) grown.verdict = "exhausted";
    grown.driver = std::string(Name(verdict.driver));
    double log_e = verdict.log_e_call;
    grown.factor = "call";
    if (verdict.driver == experiment::Driver::kKey) grown.factor = "fresh";
    if (verdict.driver == experiment::Driver::kTime) {
      grown.factor = "time";
      log_e = verdict.log_e_time;
    }
    grown.log10_e = log_e / 2.302585092994046;
    grown.rate = verdict.rate.rate;
    grown.rate_low = verdict.rate.low;
    grown.rate_high = verdict.rate.high;
    if (grown.verdict == "growing") grown.settle = WhatSettles(verdict);
    if (dead != dead_.end()) {
      grown.verdict = "proven";
      grown.driver = "call";
      grown.log10_e = 0;  // by proof, not by odds
      SetDeadRate(HistoryOf(id), dead->second, &grown);
    }
    const auto total = stands_for_.find(id);
    const size_t series = total == stands_for_.end() ? id : total->second;
    for (size_t row = 1; row < history_.size(); ++row) {
      grown.changes.push_back(LevelAt(row, series) - LevelAt(row - 1, series));
    }
    fds_grow = fds_grow || failing || (site.family == Family::kFd && !site.healed_by_gc);
    growing.push_back(std::move(grown));
  }
  // The kernel's list is the truth about descriptors: the agent's may have missed a close.
  std::erase_if(growing, [&](const GrowingSite& grown) {
    return IsDescriptor(grown.site) && !grown.site.healed_by_gc && !fds_grow;
  });
  return growing;
}

absl::Status Attempt::MarkProven(std::vector<GrowingSite>* sites) {
  auto least = CountProven(*sites);
  if (!least.ok()) return least.status();
  for (size_t i = 0; i < sites->size(); ++i) {
    GrowingSite& site = (*sites)[i];
    double grown = 0;
    for (const double change : site.changes) grown += change;
    site.proven = site.site.family == Family::kGoroutine && grown >= 1 && (*least)[i] >= 0.5 * grown;
  }
  return absl::OkStatus();
}

// How often the goroutines stay on a schedule as Go's own, beside how often they did.
absl::Status Attempt::CompareWithStock(const std::vector<GrowingSite>& sites,
                                       std::vector<GoroutineDetail>* details) {
  const double affordable = kStockSeconds / std::max(per_call_, 1e-7);
  const auto calls = static_cast<int64_t>(std::clamp(affordable, 0.0, StockCallsFor(sites)));
  if (!session_->HasProbe("schedule") || tally_.cut || tally_.ended || IsUnfinished() || HangsTooMuch() ||
      calls < kLeastStockCalls)
    return absl::OkStatus();
  if (absl::Status status = Apply(Stock(own_processors_), seed_, &session_->client()); !status.ok())
    return status;
  const auto level = [this](const GrowingSite& grown) { return table_.LevelOf(grown.site); };
  std::vector<double> before;
  auto read = reader_->Read(plan_.pad_seconds);
  if (!read.ok()) return read.status();
  for (const GrowingSite& grown : sites) before.push_back(level(grown));
  const experiment::Dose dose = {calls - calls / 2, calls / 2, 0};
  const CallTally before_calls = tally_;
  if (absl::Status status = Make(dose); !status.ok()) return status;
  // After the hold calls may fail that did not before.
  const bool failing = 2 * (Failing(tally_) - Failing(before_calls)) > calls;
  if (tally_.made - before_calls.made != calls || failing) return absl::OkStatus();
  read = reader_->Read(plan_.pad_seconds);
  if (!read.ok()) return read.status();
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].site.family != Family::kGoroutine) continue;
    const double expected = sites[i].rate * static_cast<double>(calls);
    if (expected < kLeastExpected) continue;  // none would be no surprise
    const double stayed = std::max(0.0, level(sites[i]) - before[i]);
    if (stayed < kSameRate * expected || kSameRate * stayed > expected) {
      (*details)[i].schedule =
          fmt::format("{:.3g} per call on Go's own schedule ({} calls), {:.3g} on the portfolio: {}",
                      stayed / static_cast<double>(calls), calls, sites[i].rate, Describe(portfolio_));
    }
  }
  return absl::OkStatus();
}

explain::EntryContext Attempt::Context() const {
  explain::EntryContext context;
  context.package = job_.package;
  context.entry = job_.program.entry;
  context.calls = static_cast<int>(tally_.made);
  context.snapshots = snapshots();
  context.relative_to = job_.relative_to;
  context.read_source = read_source_;
  context.reproduce = RunAgain(job_);
  context.error_bound = plan_.family_error;
  if (verdict_) {
    context.horizon_entries = static_cast<int>(0.6 * static_cast<double>(verdict_->horizon));
    context.hold_seconds = verdict_->hold_seconds;
    const bool exhausted = verdict_->stop == experiment::Stop::kExhausted;
    context.exhausted_after =
        static_cast<int>(exhausted_after_ == 0 && exhausted ? verdict_->calls : exhausted_after_);
  }
  return context;
}

// What is missing of the memory of C, which no Go profile shows.
absl::Status Attempt::NoteUncountedC() {
  auto missed = session_->client().ReadMetric("goleakstress/c-blocks-missed", seconds(60));
  if (!missed.ok()) return missed.status();
  if (!*missed) return absl::OkStatus();
  counts_c_ = **missed == 0;
  if (**missed < 0) {
    notes_.push_back(
        "memory that C takes is seen to grow, but not the call that took it: the program is linked "
        "statically, or has a malloc of its own");
  } else if (**missed > 0) {
    notes_.push_back(fmt::format(
        "{:.0f} blocks that C allocated are not counted: more than a million were in use", **missed));
  }
  return absl::OkStatus();
}

// A target that crashed or was too slow has left what was read before: what grew is said, if not what became
// of it.
void Attempt::ExplainWithoutTarget() {
  if (!experiment_ || !findings_.empty()) return;
  if (most_calls_ > 0) {  // it ended again where others did
    experiment_->NoteExhausted(experiment_->calls());
  } else {
    experiment_->NoteCut();
  }
  JudgeSites();
  findings_ =
      MakeFindings(Context(), growing_, DescribeGoroutines(early_stacks_, growing_, job_.code), job_.code);
}

absl::Status Attempt::Explain() {
  if (absl::Status status = NoteUncountedC(); !status.ok()) return status;
  const std::vector<SiteVerdict> verdicts = JudgeSites();
  const std::vector<GrowingSite>& growing = growing_;
  std::vector<GoroutineDetail> details(growing.size());
  const bool in_goroutines = std::any_of(growing.begin(), growing.end(), [this](const GrowingSite& grown) {
    return grown.site.family == Family::kGoroutine || IsForeign(grown.site, job_.code);
  });
  std::string stacks;
  if (in_goroutines) {
    auto text = session_->client().ReadStacks(16 << 20, seconds(60));
    if (!text.ok()) return text.status();
    stacks = *std::move(text);
    details = DescribeGoroutines(stacks, growing, job_.code);
    for (size_t i = 0; i < details.size(); ++i) growing_[i].kept_by = details[i].awaited_site;
    if (absl::Status status = MarkProven(&growing_); !status.ok()) return status;
    if (absl::Status status = CompareWithStock(growing, &details); !status.ok()) return status;
  }
  findings_ = MakeFindings(Context(), growing, details, job_.code);
  ExplainRetention(stacks, details);
  AddHangFinding(&findings_);
  if (findings_.empty() && verdict_->verdict == experiment::Verdict::kInconclusive && !only_first_returns_)
    NoteInconclusive(verdicts);
  return absl::OkStatus();
}

void Attempt::Fill(EntryResult* result) {
  report::Entry& entry = result->entry;
  entry.set_calls(entry.calls() + static_cast<int>(tally_.made));
  entry.set_snapshots(entry.snapshots() + snapshots());
  entry.set_horizon(static_cast<int>(verdict_ ? verdict_->horizon : plan_.horizon));
  const auto made = static_cast<double>(std::max<int64_t>(1, tally_.made));
  entry.set_microseconds_per_call(1e-3 * static_cast<double>(tally_.nanoseconds) / made);
  entry.set_milliseconds_per_snapshot(1e3 * Median(snapshot_times_));
  SetOutcomes(entry.mutable_outcomes(), tally_);
  // A call that was under way when the time was up did not hang, nor does a main that serves.
  const bool unfinished = IsUnfinished();
  if (unfinished || runs_on_) entry.mutable_outcomes()->set_hung(0);
  if (session_ != nullptr) {
    entry.set_clock(MovesClock() ? "virtual" : "real");
    if (!portfolio_.empty()) entry.set_schedule(Describe(portfolio_));
  }
  if (generator_ != nullptr) entry.set_distinct_inputs(static_cast<int>(generator_->distinct()));
  if (verdict_) {
    entry.set_verdict(std::string(Name(verdict_->verdict)));
    entry.set_hold_seconds(verdict_->hold_seconds);
  }
  if (exhausted_after_ > 0 && verdict_ && verdict_->verdict == experiment::Verdict::kDecelerating) {
    entry.set_verdict(std::string(Name(experiment::Verdict::kInconclusive)));
    notes_.push_back(
        fmt::format("something ran out after {} calls, too soon to tell what: a larger -budget would do",
                    exhausted_after_));
  }
  if (2 * unquiet_ > snapshots() && verdict_ && verdict_->verdict == experiment::Verdict::kTurnover) {
    entry.set_verdict(std::string(Name(experiment::Verdict::kInconclusive)));
    notes_.push_back(
        "what comes with the calls was seen to go again, but hardly ever at rest: a larger -budget would do");
  }
  // The worst one is the first; calls that hang are a finding, whatever the sites are.
  for (const report::Finding& finding : findings_) {
    const bool hangs = finding.rule() == "GLS009";
    if (explain::IsLeak(finding.verdict()) || finding.verdict() == explain::kGcOnly || hangs) {
      entry.set_verdict(finding.verdict());
      break;
    }
  }
  if (unquiet_ > 0)
    notes_.push_back(
        fmt::format("{} of {} snapshots were taken before the target came to rest", unquiet_, snapshots()));
  if (unfinished)
    notes_.push_back("the time was up before the last call returned: a larger -budget would do");
  if (Failing(tally_) > 0 && !unfinished && !clock_breaks_calls_ && ran_out_early_ == 0) NoteFailures();
  for (const std::string& note : notes_) entry.add_notes(note);
  result->findings = findings_;
  result->filled = filled_;
}

}  // namespace goleakstress::campaign
