#include "harness/campaign/high_water.h"

#include <set>
#include <string>

namespace goleakstress::campaign {

using experiment::SiteVerdict;
using explain::Site;

void DropHighWaterMarks(const SeriesTable& table, std::vector<SiteVerdict>* verdicts) {
  const auto site_of = [&table](const SiteVerdict& verdict) -> const Site& {
    return table.site(static_cast<size_t>(verdict.site));
  };
  std::set<std::string> released;  // keys of maps' entries
  for (const SiteVerdict& verdict : *verdicts) {
    const Site& site = site_of(verdict);
    if (site.kind == "entries" && !experiment::IsGrowth(verdict.verdict) &&
        verdict.verdict != experiment::Verdict::kInconclusive)
      released.insert(KeyOf(site));
  }
  std::erase_if(*verdicts, [&](const SiteVerdict& verdict) {
    if (!experiment::IsGrowth(verdict.verdict)) return false;
    Site entries = site_of(verdict);
    if (entries.container != "map" || entries.kind == "entries") return false;
    entries.kind = "entries";
    return released.contains(KeyOf(entries));
  });
}

}  // namespace goleakstress::campaign
