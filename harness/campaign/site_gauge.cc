#include "harness/campaign/site_gauge.h"

#include <chrono>
#include <utility>

#include "collectors/fd_table.h"
#include "harness/campaign/series.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kAnswerLimit{60};
constexpr milliseconds kSettleLimit{250};
constexpr seconds kStep{5};
constexpr int kAgentChannel = 3;

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

absl::StatusOr<double> SiteGauge::CountFds() {
  collectors::FdOptions options;
  options.skip = {kAgentChannel};
  auto table = collectors::ReadFdTable(session_.pid(), options);
  if (!table.ok()) return table.status();
  const auto counts = collectors::CountByKind(*table);
  const auto at = counts.find(site_.kind);
  return at == counts.end() ? 0.0 : static_cast<double>(at->second);
}

absl::StatusOr<double> SiteGauge::Level(double idle_seconds) {
  target::AgentClient& client = session_.client();
  if (auto settled = client.Settle(kSettleLimit, true, kAnswerLimit); !settled.ok()) return settled.status();
  if (idle_seconds > 0 && session_.HasProbe("clock")) {
    const auto total = std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(idle_seconds));
    if (absl::Status status = client.Jump(total, kStep, kAnswerLimit); !status.ok()) return status;
    if (auto settled = client.Settle(kSettleLimit, true, kAnswerLimit); !settled.ok())
      return settled.status();
  }
  if (site_.family == Family::kFd) return CountFds();
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
