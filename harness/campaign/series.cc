#include "harness/campaign/series.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "absl/hash/hash.h"
#include "harness/campaign/exhaustion.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Frame;
using explain::Site;
using explain::Stack;

// Names of the target are data: no frame is kept longer than this.
constexpr size_t kLongestName = 4096;

// What the agent's goroutines are labelled with (agent/agent.go).
constexpr std::string_view kAgentLabel = "goleakstress", kAgentLabelValue = "agent";

Frame FrameOf(const collectors::Frame& frame) {
  return {explain::AsPrinted(frame.function.substr(0, kLongestName)),
          std::string(frame.file.substr(0, kLongestName)), static_cast<int>(frame.line)};
}

bool HasFrameOf(const Stack& stack, explain::Owner owner, const explain::CodeMap& code) {
  return std::any_of(stack.begin(), stack.end(),
                     [&](const Frame& frame) { return code.OwnerOf(frame) == owner; });
}

// The starters up to the first one that is to blame: the user, or where he is nowhere a dependency. None
// where the site's own stack names as much.
void SetCreators(std::span<Stack> starters, const explain::CodeMap& code, Site* site) {
  for (const explain::Owner owner : {explain::Owner::kUser, explain::Owner::kDependency}) {
    if (HasFrameOf(site->stack, owner, code)) return;
    const auto blamed = std::find_if(starters.begin(), starters.end(),
                                     [&](const Stack& starter) { return HasFrameOf(starter, owner, code); });
    if (blamed == starters.end()) continue;
    for (auto starter = starters.begin(); starter <= blamed; ++starter) {
      // The runtime's own frames stand between the `go` statement and the goroutine.
      std::erase_if(*starter, [](const Frame& frame) { return explain::IsRuntimes(frame.function); });
      site->creators.insert(site->creators.end(), starter->begin(), starter->end());
      if (starter == starters.begin()) site->direct = site->creators.size();
    }
    site->creators = TrimRoot(std::move(site->creators), code);
    return;
  }
}

// All descriptors of the kind that a dependency opens in goroutines of the user's call, wherever it does: one
// that is lost may be opened again by another of its goroutines. Nothing where the user's own goroutine, or
// no dependency, opened it.
std::optional<Site> OpenedForCall(const Site& opened, const explain::CodeMap& code) {
  if (!IsDescriptor(opened) || explain::HasUserFrame(opened.stack, code)) return std::nullopt;
  const auto opener = std::find_if(opened.stack.begin(), opened.stack.end(), [&code](const Frame& frame) {
    return code.OwnerOf(frame) == explain::Owner::kDependency;
  });
  const auto call = std::find_if(opened.creators.begin(), opened.creators.end(), [&code](const Frame& frame) {
    return code.OwnerOf(frame) == explain::Owner::kUser;
  });
  if (opener == opened.stack.end() || call == opened.creators.end()) return std::nullopt;
  Site site = opened;
  site.stack = Stack(opened.stack.begin(), opener + 1);
  site.creators = {*call};
  site.direct = 0;
  site.by_function = true;
  return site;
}

// By location.
std::vector<size_t> HashesOfLocations(const collectors::Profile& profile) {
  std::vector<size_t> hashes;
  for (uint32_t location = 0; location < profile.locations.size(); ++location) {
    size_t hash = 0;
    for (const collectors::Frame& frame : profile.FramesOf(location))
      hash = absl::HashOf(hash, frame.function, frame.file, frame.line);
    hashes.push_back(hash);
  }
  return hashes;
}

// What the probes add allocates for itself.
bool AllocatedByGlue(const collectors::Profile& profile, const collectors::Sample& sample,
                     const explain::CodeMap& code) {
  for (const collectors::Frame& frame : profile.StackOf(sample)) {
    if (!explain::IsRuntimes(frame.function)) return IsGlue(FrameOf(frame), code);
  }
  return false;
}

// The total that the site is a part of.
std::optional<Site> SumWith(const Site& site, const explain::CodeMap& code) {
  const bool counted = site.family == Family::kResource
                           ? !site.healed_by_gc && !CountsTries(site) && !IsBytes(site)
                           : site.family == Family::kHeap && site.kind == "objects";
  if (!counted || site.total || site.by_function) return std::nullopt;
  if (Culprit(site.stack, code) == nullptr && Culprit(site.creators, code) == nullptr) return std::nullopt;
  return Site{.family = site.family, .kind = site.kind, .total = true};
}

}  // namespace

size_t SeriesTable::IdOf(const Site& site) {
  const auto [at, added] = ids_.try_emplace(KeyOf(site), sites_.size());
  if (added) {
    sites_.push_back(site);
    levels_.push_back(0);
  }
  return at->second;
}

double SeriesTable::LevelOf(const Site& site) const {
  const auto at = ids_.find(KeyOf(site));
  return at == ids_.end() ? 0 : levels_[at->second];
}

void SeriesTable::Add(const Site& site, double amount) {
  const size_t id = IdOf(site);
  levels_[id] += amount;
}

Stack SeriesTable::StackOf(const collectors::Profile& profile, const collectors::Sample& sample) {
  Stack stack;
  for (const collectors::Frame& frame : profile.StackOf(sample)) {
    stack.push_back(FrameOf(frame));
  }
  stack = TrimRoot(std::move(stack), code_);
  if (IsOwn(stack, code_) || IsRuntimeOnly(stack)) return {};
  return stack;
}

void SeriesTable::AddTotals() {
  for (size_t i = 0; i < sites_.size(); ++i) {
    if (i == total_of_.size()) {
      const std::optional<Site> total = SumWith(sites_[i], code_);
      total_of_.push_back(total ? std::optional(IdOf(*total)) : std::nullopt);
    }
    if (total_of_[i]) levels_[*total_of_[i]] += levels_[i];
  }
}

void SeriesTable::AddGoroutines(const collectors::Profile& profile) {
  for (const collectors::Sample& sample : profile.samples) {
    if (profile.LabelOf(sample, kAgentLabel) == kAgentLabelValue) continue;
    const double count = static_cast<double>(profile.ValuesOf(sample)[0]);
    Stack stack = StackOf(profile, sample);
    if (stack.empty()) continue;
    const Frame& root = stack.back();
    Add({.family = Family::kGoroutine, .stack = {{root.function, root.file, 0}}, .by_function = true}, count);
    Add({.family = Family::kGoroutine, .stack = std::move(stack)}, count);
  }
}

std::optional<SeriesTable::HeapSites> SeriesTable::HeapSitesOf(const collectors::Profile& profile,
                                                               const collectors::Sample& sample,
                                                               double objects, double bytes) {
  if (AllocatedByGlue(profile, sample, code_)) return std::nullopt;
  Stack stack = StackOf(profile, sample);
  const explain::Allocation allocation = explain::TakeAllocation(&stack);
  if (stack.empty() || allocation.by_runtime) return std::nullopt;
  Site site = {.family = Family::kHeap, .kind = "objects", .stack = std::move(stack)};
  site.container = allocation.container;
  site.tiny = shared_blocks_ && bytes == 16 * objects;
  if (objects > 0) site.object_bytes = bytes / objects;
  HeapSites sites;
  sites.objects = IdOf(site);
  site.kind = "bytes";
  sites.bytes = IdOf(site);
  return sites;
}

void SeriesTable::AddHeapChanges(const collectors::Profile& profile) {
  AddHeap(profile, &heap_levels_);
  for (size_t site = 0; site < heap_levels_.size(); ++site) levels_[site] += heap_levels_[site];
}

void SeriesTable::AddHeap(const collectors::Profile& profile, std::vector<double>* levels) {
  const std::optional<size_t> objects = profile.ColumnOf("inuse_objects");
  const std::optional<size_t> bytes = profile.ColumnOf("inuse_space");
  if (!objects || !bytes) return;
  const std::vector<size_t> hashes = HashesOfLocations(profile);
  for (const collectors::Sample& sample : profile.samples) {
    const double count = static_cast<double>(profile.ValuesOf(sample)[*objects]);
    const double size = static_cast<double>(profile.ValuesOf(sample)[*bytes]);
    if (count == 0 && size == 0) continue;
    size_t hash = 0;
    for (const uint32_t location : profile.LocationsOf(sample)) hash = absl::HashOf(hash, hashes[location]);
    if (shared_blocks_) hash = absl::HashOf(hash, size == 16 * count);
    const auto [known, added] = heap_sites_.try_emplace(hash);
    if (added) known->second = HeapSitesOf(profile, sample, count, size);
    if (!known->second) continue;
    levels->resize(sites_.size());
    (*levels)[known->second->objects] += count;
    (*levels)[known->second->bytes] += size;
  }
}

std::vector<Stack> SeriesTable::HookedStacksOf(const collectors::Profile& profile,
                                               const collectors::Sample& sample) const {
  std::vector<Stack> stacks(1);
  bool ended = false;
  for (const collectors::Frame& frame : profile.StackOf(sample)) {
    if (ended) stacks.emplace_back();
    stacks.back().push_back(FrameOf(frame));
    ended = frame.function == "runtime.goexit";
  }
  Stack& stack = stacks.front();
  const auto below = std::find_if(stack.begin(), stack.end(), [this](const Frame& frame) {
    return code_.OwnerOf(frame) != explain::Owner::kAgent;
  });
  stack.erase(stack.begin(), below);
  return stacks;
}

void SeriesTable::AddMaps(const collectors::Profile& profile) {
  for (const collectors::Sample& sample : profile.samples) {
    std::vector<Stack> stacks = HookedStacksOf(profile, sample);
    Stack stack = TrimRoot(std::move(stacks.front()), code_);
    explain::TakeAllocation(&stack);
    if (stack.empty() || IsOwn(stack, code_)) continue;
    Site site = {.family = Family::kHeap, .kind = "entries", .stack = std::move(stack), .container = "map"};
    SetCreators(std::span(stacks).subspan(1), code_, &site);
    Add(site, static_cast<double>(profile.ValuesOf(sample)[0]));
  }
}

void SeriesTable::AddResources(const std::string& kind, const collectors::Profile& profile, bool healed) {
  const std::optional<size_t> bytes = profile.ColumnOf("space");
  for (const collectors::Sample& sample : profile.samples) {
    // The agent's frames stand at the leaf: it is told of the resource by the function that acquired it.
    std::vector<Stack> stacks = HookedStacksOf(profile, sample);
    Stack stack = TrimRoot(std::move(stacks.front()), code_);
    if (IsOwn(stack, code_)) continue;
    const auto values = profile.ValuesOf(sample);
    Site site = {
        .family = Family::kResource, .kind = kind, .stack = std::move(stack), .healed_by_gc = healed};
    SetCreators(std::span(stacks).subspan(1), code_, &site);
    Add(site, static_cast<double>(values[0]));
    if (const auto all = OpenedForCall(site, code_)) Add(*all, static_cast<double>(values[0]));
    if (std::string tries = TriesOf(kind); !tries.empty() && !healed) {
      Site both = site;
      both.kind = std::move(tries);
      Add(both, static_cast<double>(values[0]));
    }
    if (!bytes) continue;
    site.kind = kind + " bytes";
    Add(site, static_cast<double>(values[*bytes]));
  }
}

}  // namespace goleakstress::campaign
