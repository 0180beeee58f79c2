#include "harness/campaign/exhaustion.h"

#include <string>
#include <string_view>

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Site;

constexpr std::string_view kFailed = "failed.";  // harness/agent/fds.go
constexpr std::string_view kHeld = "fd.";        // the same
constexpr std::string_view kTried = "tried.";
constexpr double kMany = 16;  // the smallest limit in use is the kernel's 128 inotify instances for one user

std::string FunctionToBlame(const Site& site, const explain::CodeMap& code) {
  const explain::Frame* culprit = explain::CulpritOf(site, code);
  return culprit == nullptr ? "" : explain::DeclaredFunction(culprit->function);
}

bool CountsFailures(const Site& site) {
  return site.family == Family::kResource && site.kind.starts_with(kFailed);
}

}  // namespace

std::string TriesOf(std::string_view kind) {
  for (const std::string_view part : {kHeld, kFailed}) {
    if (kind.starts_with(part)) return std::string(kTried) + std::string(kind.substr(part.size()));
  }
  return {};
}

bool CountsTries(const Site& site) {
  return site.family == Family::kResource && site.kind.starts_with(kTried);
}

bool IsPartOfTries(const SeriesTable& table, size_t id) {
  Site site = table.site(id);
  if (CountsFailures(site)) return true;
  if (!CountsTries(site)) return false;
  site.kind = std::string(kFailed) + site.kind.substr(kTried.size());
  return table.LevelOf(site) == 0;
}

bool TakeExhaustion(Site* site) {
  if (!CountsTries(*site)) return false;
  site->kind = std::string(kHeld) + site->kind.substr(kTried.size());
  return true;
}

bool FailsForOthers(const SeriesTable& table, size_t id) {
  const Site& site = table.site(id);
  if (!CountsTries(site)) return false;
  const std::string culprit = FunctionToBlame(site, table.code());
  double held = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    const Site& other = table.site(i);
    if (IsDescriptor(other) && !other.healed_by_gc && FunctionToBlame(other, table.code()) == culprit) {
      held += table.levels()[i];
    }
  }
  return culprit.empty() || held < kMany;
}

}  // namespace goleakstress::campaign
