#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "harness/campaign/attempt.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/pool_exhaustion.h"
#include "harness/explain/findings.h"
#include "harness/report/rules.h"

namespace goleakstress::campaign {
namespace {

using explain::GoroutineDetail;
using explain::GrowingSite;

constexpr size_t kMostPartners = 32;  // goroutines of a hung call that its finding names
constexpr double kStandardErrors = 2;

// Whether one of them is about the same leak.
bool IsSaidBy(const std::vector<report::Finding>& findings, const report::Finding& other) {
  return std::any_of(findings.begin(), findings.end(), [&other](const report::Finding& finding) {
    return finding.signature() == other.signature();
  });
}

// Whether the finding is about goroutines that wait as those of the hung call do: each hung call adds some.
bool WaitsAsWell(const HungGoroutines& hung, const report::Finding& finding, const explain::CodeMap& code) {
  return finding.class_() == "goroutine" &&
         std::any_of(hung.sites.begin(), hung.sites.end(), [&](const explain::Site& site) {
           const explain::Frame* culprit = explain::CulpritOf(site, code);
           return culprit != nullptr && culprit->function == finding.culprit().function();
         });
}

}  // namespace

// Of a test that takes down at its end what it needs at its begin, a package's own pool, the second call
// waits for the end of goroutines that were never started. So does `go test -count=2`: nothing is lost by the
// first.
bool Attempt::OnlyTheFirstReturns(const HungGoroutines& goroutines) const {
  return session_->first_hang().calls_before == 1 &&
         tally_.outcomes[agent::OUTCOME_HUNG] + 1 == tally_.made && goroutines.sites.size() == 1 &&
         WaitsForGroup(goroutines.sites[0].stack);
}

std::vector<report::Finding> Attempt::ExhaustedPool(const Hang& hang,
                                                    const HungGoroutines& goroutines) const {
  const FirstHang& first = session_->first_hang();
  const std::optional<PoolWait> wait = WaitsForPool(goroutines, hang.stacks, job_.code);
  if (!wait || first.calls_before == 0) return {};
  const bool is_known = hang.virtual_seconds > 0 || session_->hangs().size() > 1;
  const auto calls = static_cast<double>(first.calls_before);
  std::vector<GrowingSite> sites;
  for (const LeftOpen& left : HoldersOfPool(wait->package, first.handles, job_.code)) {
    GrowingSite& grown = sites.emplace_back();
    grown.site = left.site;
    grown.verdict = is_known ? "exhausted" : "growing";
    grown.driver = grown.factor = "call";
    grown.rate = left.count / calls;
    const double error = kStandardErrors * std::sqrt(left.count) / calls;
    grown.rate_low = std::max(0.0, grown.rate - error);
    grown.rate_high = grown.rate + error;
  }
  explain::EntryContext context = Context();
  context.hold_seconds = hang.virtual_seconds;
  context.horizon_entries = 0;
  context.exhausted_after = static_cast<int>(first.calls_before);
  GrowingSite waiter;
  waiter.site = goroutines.sites[wait->waiter];
  const GoroutineDetail& detail = goroutines.details[wait->waiter];
  report::Member member = explain::MemberOf(waiter, detail, context, job_.code);
  member.set_kind(fmt::format("a call in {}", detail.wait_reason));
  const explain::Frame* caller = explain::CulpritOf(waiter.site, job_.code);
  const std::string at =
      caller == nullptr
          ? ""
          : fmt::format(" at {}:{}", explain::FileName(*caller, context, job_.code), caller->line);
  std::vector<report::Finding> findings =
      MakeFindings(context, sites, std::vector<GoroutineDetail>(sites.size()), job_.code);
  for (report::Finding& finding : findings) {
    finding.set_blocked_on(detail.wait_reason);
    const auto left = static_cast<int64_t>(std::llround(finding.rate_per_call() * calls));
    finding.set_summary(fmt::format(
        "the pool of {} ran out: {} of its connections {} left open here in {} calls, and call {} "
        "waits for one{}",
        wait->package, left, left == 1 ? "was" : "were", first.calls_before, first.calls_before + 1, at));
    *finding.add_members() = member;
  }
  return findings;
}

void Attempt::AddHangFinding(std::vector<report::Finding>* findings) {
  const int64_t hung = tally_.outcomes[agent::OUTCOME_HUNG];
  if (hung == 0 || session_->hangs().empty()) return;
  const Hang& hang = session_->hangs().front();
  const HungGoroutines goroutines = HungCall(hang.stacks, job_.code);
  if (goroutines.sites.empty()) return;
  if (std::vector<report::Finding> exhausted = ExhaustedPool(hang, goroutines); !exhausted.empty()) {
    std::erase_if(*findings, [&](const report::Finding& other) {
      return IsSaidBy(exhausted, other) || WaitsAsWell(goroutines, other, job_.code);
    });
    findings->insert(findings->begin(), exhausted.begin(), exhausted.end());
    return;
  }
  if (OnlyTheFirstReturns(goroutines)) {
    only_first_returns_ = true;
    findings->clear();  // whatever grows are the calls that wait
    const explain::Frame* const waits = explain::CulpritOf(goroutines.sites[0], job_.code);
    const std::string at =
        waits == nullptr
            ? ""
            : fmt::format(" at {}:{}", explain::FileName(*waits, Context(), job_.code), waits->line);
    notes_.push_back(
        fmt::format("only the first call returns: the next one waits{} for the end of goroutines that are "
                    "not there, as with `go test -count=2`; it was not tested",
                    at));
    return;
  }
  GrowingSite grown;
  grown.site = goroutines.sites[0];
  grown.verdict = hang.virtual_seconds > 0 && session_->hangs().size() > 1 ? "leak" : "growing";
  grown.driver = "call";
  grown.factor = "call";
  grown.rate = static_cast<double>(hung) / static_cast<double>(std::max<int64_t>(1, tally_.made));
  grown.rate_low = grown.rate_high = grown.rate;
  explain::EntryContext context = Context();
  context.hold_seconds = hang.virtual_seconds;
  context.horizon_entries = 0;
  for (report::Finding& finding : MakeFindings(context, {grown}, {goroutines.details[0]}, job_.code)) {
    finding.set_rule("GLS009");
    finding.set_unit("calls");
    *finding.mutable_culprit() = finding.stack(0);
    for (const report::Frame& frame : finding.stack()) {
      if (frame.user()) {
        *finding.mutable_culprit() = frame;
        break;
      }
    }
    // Who waits for a lock that nobody will give back is not to blame.
    if (const explain::Frame* forgot = explain::WhoForgotIt(goroutines.details[0].lock, job_.code)) {
      finding.mutable_culprit()->set_function(forgot->function);
      finding.mutable_culprit()->set_file(explain::FileName(*forgot, context, job_.code));
      finding.mutable_culprit()->set_line(forgot->line);
      finding.mutable_culprit()->set_user(true);
      finding.set_signature(explain::SignatureOf(finding.class_(), {*forgot}));
    }
    finding.set_id("GLS009-" + finding.signature().substr(0, 8));
    finding.set_summary(fmt::format("{} of {} calls did not return{}", hung, tally_.made,
                                    hang.busy ? " and kept running" : ""));
    for (size_t i = 1; i < std::min(goroutines.sites.size(), kMostPartners); ++i) {
      GrowingSite partner = grown;
      partner.site = goroutines.sites[i];
      report::Member* member = finding.add_members();
      *member = explain::MemberOf(partner, goroutines.details[i], context, job_.code);
      member->set_kind(fmt::format("a goroutine in {}", goroutines.details[i].wait_reason));
    }
    finding.set_advice(report::AdviceFor(finding));
    // The goroutine of a hung call grows as well: it is the same finding.
    std::erase_if(*findings, [&](const report::Finding& other) {
      return other.class_() == "goroutine" && other.culprit().function() == finding.culprit().function();
    });
    findings->insert(findings->begin(), finding);
  }
}

}  // namespace goleakstress::campaign
