#include "harness/campaign/site_gauge.h"

#include <chrono>
#include <utility>

#include "harness/campaign/series.h"
#include "harness/campaign/snapshot.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kAnswerLimit{60};
constexpr milliseconds kSettleLimit{250};

}  // namespace

SiteGauge::SiteGauge(Session& session, explain::Site site, explain::CodeMap code)
    : session_(session), site_(std::move(site)), code_(std::move(code)) {
  site_.healed_by_gc = false;
}

std::string SiteGauge::ProfileName() const {
  switch (site_.family) {
    case Family::kGoroutine:
      return "goroutine";
    case Family::kHeap:
      return IsMap() ? "goleakstress.map" : "heap";
    case Family::kResource:
      return "goleakstress." + site_.kind;
    default:
      return "";
  }
}

absl::StatusOr<double> SiteGauge::Level(double idle_seconds) {
  target::AgentClient& client = session_.client();
  if (auto settled = client.Settle(kSettleLimit, true, kAnswerLimit); !settled.ok()) return settled.status();
  if (idle_seconds > 0 && session_.HasProbe("clock")) {
    if (absl::Status status = JumpClock(session_, idle_seconds); !status.ok()) return status;
    if (auto settled = client.Settle(kSettleLimit, true, kAnswerLimit); !settled.ok())
      return settled.status();
  }
  if (site_.family == Family::kFd) {
    auto counts = CountFdsByKind(session_);
    if (!counts.ok()) return counts.status();
    return static_cast<double>((*counts)[site_.kind]);
  }
  const std::string name = ProfileName();
  if (name.empty()) return absl::UnimplementedError("nothing that calls are to be blamed for one by one");
  if (site_.family == Family::kHeap) {
    if (absl::Status status = client.Collect(2, kAnswerLimit); !status.ok()) return status;
  }
  auto profile = session_.ReadProfile(name, kAnswerLimit);
  if (!profile.ok()) return profile.status();
  if (!*profile) return 0.0;
  SeriesTable table(code_);
  if (IsMap()) {
    table.AddMaps(**profile);
  } else if (site_.family == Family::kHeap) {
    table.AddHeap(**profile);
  } else if (site_.family == Family::kGoroutine) {
    table.AddGoroutines(**profile);
  } else {
    table.AddResources(site_.kind, **profile, false);
  }
  return table.LevelOf(site_);
}

}  // namespace goleakstress::campaign
