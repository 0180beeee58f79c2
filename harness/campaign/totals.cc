#include "harness/campaign/totals.h"

#include <algorithm>
#include <utility>

namespace goleakstress::campaign {
namespace {

using experiment::SiteVerdict;
using explain::Family;
using explain::Site;

constexpr size_t kFew = 3;          // sites
constexpr double kNearlyAll = 0.8;  // of what all gained

}  // namespace

double CameWithoutCalls(const SeriesTable& table, size_t site, const std::vector<double>& before,
                        const std::vector<double>& held) {
  const Site& total = table.site(site);
  if (!total.total || total.family != Family::kHeap) return 0;
  double came = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    if (table.TotalOf(i) == site) came += std::max(0.0, LevelIn(held, i) - LevelIn(before, i));
  }
  return came;
}

std::map<size_t, size_t> TakeTotals(const SeriesTable& table, const std::vector<double>& first,
                                    const std::vector<double>& last, std::vector<SiteVerdict>* verdicts) {
  const auto site_of = [&table](const SiteVerdict& verdict) -> const Site& {
    return table.site(static_cast<size_t>(verdict.site));
  };
  const auto gain = [&](const SiteVerdict& verdict) {
    return LevelIn(last, static_cast<size_t>(verdict.site)) -
           LevelIn(first, static_cast<size_t>(verdict.site));
  };
  std::map<size_t, size_t> stands_for;
  for (const SiteVerdict& total : std::vector<SiteVerdict>(*verdicts)) {
    const Site& all = site_of(total);
    if (!all.total || total.verdict != experiment::Verdict::kLeak) continue;
    const bool memory = all.family == Family::kHeap;
    bool explained = false;
    std::vector<SiteVerdict*> parts;
    for (SiteVerdict& verdict : *verdicts) {
      const Site& site = site_of(verdict);
      const bool part = table.TotalOf(static_cast<size_t>(verdict.site)) == static_cast<size_t>(total.site);
      const bool clearly = site.family == all.family ? verdict.verdict <= total.verdict
                                                     : experiment::IsGrowth(verdict.verdict);
      explained = explained || (clearly && !site.total && (part || memory));
      if (part) parts.push_back(&verdict);
    }
    std::sort(parts.begin(), parts.end(),
              [&](const SiteVerdict* a, const SiteVerdict* b) { return gain(*a) > gain(*b); });
    double most = 0;
    for (size_t i = 0; i < std::min(kFew, parts.size()); ++i) most += std::max(0.0, gain(*parts[i]));
    if (explained || parts.empty() || (memory && most < kNearlyAll * gain(total))) continue;
    const auto told = std::max_element(
        parts.begin(), parts.end(),
        [](const SiteVerdict* a, const SiteVerdict* b) { return a->log_e_call < b->log_e_call; });
    SiteVerdict* const place = memory ? parts.front() : *told;
    const int site = place->site;
    *place = total;
    place->site = site;
    stands_for.emplace(static_cast<size_t>(site), static_cast<size_t>(total.site));
  }
  std::erase_if(*verdicts, [&](const SiteVerdict& verdict) { return site_of(verdict).total; });
  return stands_for;
}

}  // namespace goleakstress::campaign
