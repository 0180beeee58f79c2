#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/campaign/attempt.h"
#include "harness/campaign/dead_goroutines.h"
#include "harness/campaign/goroutines.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::campaign {
namespace {

using explain::GrowingSite;

constexpr std::chrono::seconds kPatience{60};
constexpr int64_t kShareOfCalls = 4;  // one more batch has so many times fewer calls than were made
constexpr int64_t kMostTimes = 4;     // as many calls as showed the first ones: two more come in that

}  // namespace

GoroutineHistory Attempt::HistoryOf(size_t site) const {
  GoroutineHistory history{.calls = calls_at_};
  for (size_t row = 0; row < history_.size(); ++row) history.levels.push_back(LevelAt(row, site));
  return history;
}

absl::StatusOr<std::vector<double>> Attempt::CountProven(const std::vector<GrowingSite>& sites) {
  std::vector<double> least;
  // Read twice: a goroutine that is just coming back to life may be listed once (go.dev/issue/79452).
  for (int reading = 0; reading < 2; ++reading) {
    auto profile = session_->ReadProfile("goroutineleak", kPatience);
    if (!profile.ok()) return profile.status();
    if (!*profile) return std::vector<double>(sites.size());
    const std::vector<double> leaked = CountLeaked(**profile, sites, job_.code);
    if (least.empty()) least = leaked;
    for (size_t i = 0; i < leaked.size(); ++i) least[i] = std::min(least[i], leaked[i]);
  }
  return least;
}

absl::Status Attempt::SeekDead() {
  // One more call might end the process, and with it what is known.
  if (experiment_->stop() == experiment::Stop::kExhausted) return absl::OkStatus();
  std::vector<GrowingSite> sites;
  std::vector<size_t> ids;
  for (const experiment::SiteVerdict& verdict : experiment_->Judge()) {
    const auto id = static_cast<size_t>(verdict.site);
    const explain::Site& site = table_.site(id);
    if (site.family != explain::Family::kGoroutine || site.by_function || site.before_jump ||
        IsGrowth(verdict.verdict) || CameSince(HistoryOf(id)) < 1)
      continue;
    ids.push_back(id);
    sites.push_back({.site = site});
  }
  const int64_t most_calls = kMostTimes * tally_.made;
  while (!sites.empty()) {
    auto dead = CountProven(sites);
    if (!dead.ok()) return dead.status();
    bool unclear = false;
    dead_.clear();
    for (size_t i = 0; i < ids.size(); ++i) {
      const GoroutineHistory history = HistoryOf(ids[i]);
      if (CameWithCalls(history, (*dead)[i])) {
        dead_.emplace(ids[i], (*dead)[i]);
      } else {
        unclear = unclear || std::min((*dead)[i], CameSince(history)) >= 1;
      }
    }
    if (!unclear || tally_.made >= most_calls || OutOfTime() || HangsTooMuch() || tally_.cut || tally_.ended)
      break;
    Tell("proof");
    const auto affordable =
        static_cast<int64_t>(Seconds(deadline_ - Clock::now()) / 2 / std::max(per_call_, 1e-7));
    const int64_t calls = std::max<int64_t>(1, std::min(tally_.made / kShareOfCalls, affordable));
    if (absl::Status status = MakeOnAllSchedules({calls - calls / 2, calls / 2, 0}); !status.ok())
      return status;
    auto read = reader_->Read(plan_.pad_seconds);
    if (!read.ok()) return read.status();
    AddNewSites();
    Remember(*read);
  }
  return absl::OkStatus();
}

}  // namespace goleakstress::campaign
