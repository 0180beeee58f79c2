#include "harness/campaign/series.h"

#include <algorithm>
#include <optional>
#include <utility>

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

// What the probes add to packages of the standard library is named so; it allocates for itself.
bool IsGlue(const Frame& frame, const explain::CodeMap& code) {
  return frame.function.find("goleakstress") != std::string::npos &&
         code.OwnerOf(frame) == explain::Owner::kStandard;
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

void SeriesTable::AddHeap(const collectors::Profile& profile) {
  const std::optional<size_t> objects = profile.ColumnOf("inuse_objects");
  const std::optional<size_t> bytes = profile.ColumnOf("inuse_space");
  if (!objects || !bytes) return;
  for (const collectors::Sample& sample : profile.samples) {
    const auto values = profile.ValuesOf(sample);
    if (values[*objects] == 0 && values[*bytes] == 0) continue;
    Stack stack = StackOf(profile, sample);
    const explain::Allocation allocation = explain::TakeAllocation(&stack);
    if (stack.empty() || allocation.by_runtime || IsGlue(stack.front(), code_)) continue;
    Site site = {.family = Family::kHeap, .kind = "objects", .stack = std::move(stack)};
    site.container = allocation.container;
    site.tiny = values[*bytes] == 16 * values[*objects];
    if (values[*objects] > 0) {
      site.object_bytes = static_cast<double>(values[*bytes]) / static_cast<double>(values[*objects]);
    }
    Add(site, static_cast<double>(values[*objects]));
    site.kind = "bytes";
    Add(site, static_cast<double>(values[*bytes]));
  }
}

Stack SeriesTable::HookedStackOf(const collectors::Profile& profile, const collectors::Sample& sample) const {
  Stack stack;
  for (const collectors::Frame& frame : profile.StackOf(sample)) {
    stack.push_back(FrameOf(frame));
  }
  const auto below = std::find_if(stack.begin(), stack.end(), [this](const Frame& frame) {
    return code_.OwnerOf(frame) != explain::Owner::kAgent;
  });
  stack.erase(stack.begin(), below);
  return stack;
}

void SeriesTable::AddMaps(const collectors::Profile& profile) {
  for (const collectors::Sample& sample : profile.samples) {
    Stack stack = TrimRoot(HookedStackOf(profile, sample), code_);
    explain::TakeAllocation(&stack);
    if (stack.empty() || IsOwn(stack, code_)) continue;
    Add({.family = Family::kHeap, .kind = "entries", .stack = std::move(stack), .container = "map"},
        static_cast<double>(profile.ValuesOf(sample)[0]));
  }
}

void SeriesTable::AddResources(const std::string& kind, const collectors::Profile& profile, bool healed) {
  const std::optional<size_t> bytes = profile.ColumnOf("space");
  for (const collectors::Sample& sample : profile.samples) {
    // The agent's frames stand at the leaf: it is told of the resource by the function that acquired it.
    Stack stack = TrimRoot(HookedStackOf(profile, sample), code_);
    if (IsOwn(stack, code_)) continue;
    const auto values = profile.ValuesOf(sample);
    Site site = {
        .family = Family::kResource, .kind = kind, .stack = std::move(stack), .healed_by_gc = healed};
    Add(site, static_cast<double>(values[0]));
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
