#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/attempt.h"
#include "harness/campaign/goroutines.h"
#include "harness/explain/findings.h"
#include "harness/report/rules.h"

namespace goleakstress::campaign {
namespace {

using explain::GrowingSite;

constexpr size_t kMostPartners = 32;  // goroutines of a hung call that its finding names

}  // namespace

void Attempt::AddHangFinding(std::vector<report::Finding>* findings) const {
  const int64_t hung = tally_.outcomes[agent::OUTCOME_HUNG];
  if (hung == 0 || session_->hangs().empty()) return;
  const Hang& hang = session_->hangs().front();
  const HungGoroutines goroutines = HungCall(hang.stacks, job_.code);
  if (goroutines.sites.empty()) return;
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
    finding.set_id("GLS009-" + finding.signature().substr(0, 8));
    finding.set_unit("calls");
    *finding.mutable_culprit() = finding.stack(0);
    for (const report::Frame& frame : finding.stack()) {
      if (frame.user()) {
        *finding.mutable_culprit() = frame;
        break;
      }
    }
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
