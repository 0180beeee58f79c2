// From profiles and tables to series: every site gets a number, and every snapshot a level for each number.
#ifndef HARNESS_CAMPAIGN_SERIES_H_
#define HARNESS_CAMPAIGN_SERIES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/pprof_profile.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// The level of a site in a snapshot; 0 where it was not known by then.
inline double LevelIn(const std::vector<double>& levels, size_t site) {
  return site < levels.size() ? levels[site] : 0;
}

// The levels of one snapshot, by site. A site that is not seen has level 0. Not thread-safe.
class SeriesTable {
 public:
  explicit SeriesTable(explain::CodeMap code) : code_(std::move(code)) {}

  // Each object has a block of its own (the probe `tiny`): none is taken for one of several that share one.
  void NoSharedBlocks() { shared_blocks_ = false; }

  // Forgets the levels of the snapshot before; sites keep their numbers.
  void Begin() { levels_.assign(sites_.size(), 0); }

  // Sums: sites that differ only below the user's entry are one.
  void Add(const explain::Site& site, double amount);
  // Goroutines, by stack and by the function they run. The agent's own are left out.
  void AddGoroutines(const collectors::Profile& profile);
  // Objects and bytes in use.
  void AddHeap(const collectors::Profile& profile) { AddHeap(profile, &levels_); }
  // The same, where the profile has what changed since the one before of the same process.
  void AddHeapChanges(const collectors::Profile& profile);
  // Another process: what changes there begins at nothing.
  void BeginProcess() { heap_levels_.clear(); }
  // Entries of maps, by the stack at which they grew, and who started the goroutine that it is of.
  void AddMaps(const collectors::Profile& profile);
  // Open resources of one kind, and where the profile has them their bytes as the kind "KIND bytes"; with
  // `healed` those that the garbage collector closed.
  void AddResources(const std::string& kind, const collectors::Profile& profile, bool healed);

  // The totals (totals.h) of what was added since Begin: of resources by kind and of objects in the heap, as
  // far as they are of somebody's code outside of Go's own.
  void AddTotals();
  // The total that a site is a part of; none where it is of none, or came after the last AddTotals.
  std::optional<size_t> TotalOf(size_t id) const {
    return id < total_of_.size() ? total_of_[id] : std::nullopt;
  }

  size_t size() const { return sites_.size(); }
  const explain::Site& site(size_t id) const { return sites_[id]; }
  const std::vector<explain::Site>& sites() const { return sites_; }
  const std::vector<double>& levels() const { return levels_; }
  double LevelOf(const explain::Site& site) const;  // 0 where it was never seen
  const explain::CodeMap& code() const { return code_; }

 private:
  size_t IdOf(const explain::Site& site);
  // The stack of a sample below the agent's hooks, and those of the goroutines that started its goroutine
  // where the sample has them, the nearest first; not trimmed.
  std::vector<explain::Stack> HookedStacksOf(const collectors::Profile& profile,
                                             const collectors::Sample& sample) const;
  // The trimmed stack of a sample; empty where it is the agent's own.
  explain::Stack StackOf(const collectors::Profile& profile, const collectors::Sample& sample);
  struct HeapSites {
    size_t objects = 0, bytes = 0;
  };
  void AddHeap(const collectors::Profile& profile, std::vector<double>* levels);
  // Where the objects of a sample count; nothing where they are no one's.
  std::optional<HeapSites> HeapSitesOf(const collectors::Profile& profile, const collectors::Sample& sample,
                                       double objects, double bytes);

  explain::CodeMap code_;
  bool shared_blocks_ = true;
  std::vector<explain::Site> sites_;
  std::vector<double> levels_;
  std::vector<double> heap_levels_;  // by site: the sum of all changes of this process
  std::unordered_map<std::string, size_t> ids_;
  // By a hash of the whole stack: of a thousand that each snapshot reads again few are new.
  std::unordered_map<size_t, std::optional<HeapSites>> heap_sites_;
  std::vector<std::optional<size_t>> total_of_;  // by site
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SERIES_H_
