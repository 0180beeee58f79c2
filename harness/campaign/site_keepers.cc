#include "harness/campaign/site_keepers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>

#include "harness/campaign/allocation_stack.h"

namespace goleakstress::campaign {
namespace {

using collectors::Keeping;
using explain::GrowingSite;

constexpr size_t kNone = GrowingSite::kNone;
constexpr int kHighestClimb = 32;  // stacks between two growing ones

bool IsAllocation(const GrowingSite& grown) {
  return grown.site.family == explain::Family::kHeap && !grown.site.stack.empty();
}

// The stack of a map that grew, in another line of the function that made it grow first; as it is where
// `dumped` does not show one that grows.
explain::Stack InItsLine(const explain::Stack& stack,
                         const std::vector<collectors::AllocationFrame>& dumped) {
  bool grows = false;
  for (const collectors::AllocationFrame& frame : dumped) {
    if (explain::IsRuntimes(frame.function)) {
      grows = grows || frame.function.starts_with("runtime.mapassign");
      continue;
    }
    explain::Stack moved = stack;
    moved.front().line = static_cast<int>(frame.line);
    return grows && IsAt(moved.front(), frame) ? moved : stack;
  }
  return stack;
}

// For each stack what keeps most of its objects: another stack, or Keeping::kNone.
std::vector<uint32_t> MainKeepers(const collectors::HeapSummary& heap) {
  std::vector<uint32_t> keepers(heap.stacks.size(), Keeping::kNone);
  std::vector<uint64_t> most(heap.stacks.size());
  for (const Keeping& keeping : heap.keepings) {
    if (keeping.objects <= most[keeping.stack]) continue;
    most[keeping.stack] = keeping.objects;
    keepers[keeping.stack] = keeping.keeper;
  }
  return keepers;
}

// The growing goroutines that are the root; kNone: it is another one.
size_t GoroutinesOf(const collectors::HeapRoot& root, const std::vector<GrowingSite>& sites) {
  if (!IsGoroutine(root)) return kNone;
  const auto is_root = [&root](const GrowingSite& grown) {
    return grown.site.family == explain::Family::kGoroutine && !grown.companion && !root.name.empty() &&
           explain::FunctionThatRuns(grown.site.stack) == root.name;
  };
  const auto found = std::find_if(sites.begin(), sites.end(), is_root);
  return found == sites.end() ? kNone : static_cast<size_t>(found - sites.begin());
}

}  // namespace

std::vector<size_t> SitesOfStacks(const collectors::HeapSummary& heap,
                                  const std::vector<GrowingSite>& sites) {
  std::vector<size_t> site_of(heap.stacks.size(), kNone);
  std::vector<size_t> most(heap.stacks.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    if (!IsAllocation(sites[i])) continue;
    const explain::Site& site = sites[i].site;
    if (site.kind != "entries" && FirstOfStack(sites, i) < i) continue;  // has no more in common
    for (size_t stack = 0; stack < heap.stacks.size(); ++stack) {
      const auto& dumped = heap.stacks[stack];
      const size_t common =
          FramesInCommon(site.kind == "entries" ? InItsLine(site.stack, dumped) : site.stack, dumped);
      if (common <= most[stack]) continue;
      most[stack] = common;
      site_of[stack] = i;
    }
  }
  return site_of;
}

size_t FirstOfStack(const std::vector<GrowingSite>& sites, size_t i) {
  const auto first = std::find_if(sites.begin(), sites.end(), [&](const GrowingSite& other) {
    return IsAllocation(other) && other.site.stack == sites[i].site.stack;
  });
  return static_cast<size_t>(first - sites.begin());
}

void SetKeepers(const collectors::HeapSummary& heap, const std::vector<size_t>& site_of,
                std::vector<GrowingSite>* sites) {
  const std::vector<uint32_t> main_keepers = MainKeepers(heap);
  std::map<size_t, std::map<size_t, uint64_t>> votes;  // by site and the one that keeps it: objects
  for (const Keeping& keeping : heap.keepings) {
    const size_t site = site_of[keeping.stack];
    if (site == kNone) continue;
    uint32_t keeper = keeping.keeper;
    for (int i = 0; i < kHighestClimb && keeper != Keeping::kNone; ++i) {
      if (site_of[keeper] != kNone && site_of[keeper] != site) break;
      keeper = main_keepers[keeper];
    }
    const size_t above = keeper == Keeping::kNone ? kNone : site_of[keeper];
    votes[site][above == site ? kNone : above] += keeping.objects;
  }
  for (size_t i = 0; i < sites->size(); ++i) {
    GrowingSite& grown = (*sites)[i];
    if (!IsAllocation(grown)) continue;
    const auto found = votes.find(FirstOfStack(*sites, i));
    if (found == votes.end()) continue;
    const auto most = std::max_element(found->second.begin(), found->second.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    grown.kept_by = most->first;
  }
}

void SetHolders(const std::vector<collectors::Holding>& gained, const collectors::HeapSummary& heap,
                const std::vector<size_t>& site_of, std::vector<GrowingSite>* sites) {
  constexpr double kMostOfIt = 0.6;
  std::vector<size_t> goroutines;  // by root
  for (const collectors::HeapRoot& root : heap.roots) goroutines.push_back(GoroutinesOf(root, *sites));
  std::vector<double> all(sites->size());
  std::vector<std::map<size_t, double>> held(sites->size());  // by the goroutines: bytes
  for (const collectors::Holding& holding : gained) {
    const size_t site = site_of[holding.stack];
    if (site == kNone) continue;
    all[site] += static_cast<double>(holding.bytes);
    if (const size_t holder = goroutines[holding.root]; holder != kNone)
      held[site][holder] += static_cast<double>(holding.bytes);
  }
  for (size_t i = 0; i < sites->size(); ++i) {
    if (!IsAllocation((*sites)[i])) continue;
    const size_t first = FirstOfStack(*sites, i);
    for (const auto& [holder, bytes] : held[first]) {
      if (bytes >= kMostOfIt * all[first]) (*sites)[i].held_by = holder;
    }
  }
}

std::vector<uint64_t> KeepingGoroutines(const std::vector<collectors::Holding>& gained,
                                        const collectors::HeapSummary& heap,
                                        const std::vector<size_t>& site_of,
                                        const std::vector<GrowingSite>& sites) {
  std::vector<uint64_t> goroutines(sites.size());
  std::vector<uint64_t> most(sites.size());
  for (const collectors::Holding& holding : gained) {
    const size_t site = site_of[holding.stack];
    if (site == kNone || holding.bytes <= most[site]) continue;
    most[site] = holding.bytes;
    const bool runs =
        collectors::FunctionThatRuns(heap.stacks[holding.stack]) == heap.roots[holding.root].name;
    goroutines[site] = runs ? holding.goroutine : 0;
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    if (IsAllocation(sites[i])) goroutines[i] = goroutines[FirstOfStack(sites, i)];
  }
  return goroutines;
}

}  // namespace goleakstress::campaign
