#include "harness/campaign/sites_apart.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "harness/campaign/site_keepers.h"
#include "harness/explain/groups.h"

namespace goleakstress::campaign {
namespace {

using collectors::Reference;
using explain::Family;
using explain::GrowingSite;

constexpr double kManyObjects = 0.25;  // of a site's: what points to so many of them belongs to it
constexpr double kKeptShare = 0.6;     // of a container's objects belong to globals

bool IsUsersContainer(const GrowingSite& grown, const explain::CodeMap& code) {
  return grown.site.family == Family::kHeap && !grown.site.container.empty() && !grown.companion &&
         !grown.site.stack.empty() && code.OwnerOf(grown.site.stack.front()) == explain::Owner::kUser;
}

bool IsNoMemory(const GrowingSite& grown) {
  return (grown.site.family == Family::kGoroutine || grown.site.family == Family::kResource ||
          grown.site.family == Family::kFd) &&
         !grown.companion;
}

// Whether it was allocated in a call of the line that acquired the handle, or by a package of Go's that
// handed it out: what a server accepted is made elsewhere than where a handler takes it over.
bool IsMadeFor(const GrowingSite& allocation, const GrowingSite& handle, const explain::CodeMap& code) {
  if (handle.site.family == Family::kGoroutine) return false;
  const explain::Frame* const culprit = explain::CulpritOf(handle.site, code);
  const explain::Stack& stack = allocation.site.stack;
  if (culprit != nullptr && stack.size() > 1 &&
      std::any_of(stack.begin() + 1, stack.end(), [culprit](const explain::Frame& frame) {
        return frame.function == culprit->function && frame.line == culprit->line;
      }))
    return true;
  if (code.OwnerOf(stack.front()) != explain::Owner::kStandard) return false;
  const std::string package = explain::PackageOf(stack.front().function);
  const bool descriptor = handle.site.family == Family::kFd || IsDescriptor(handle.site);
  if (descriptor && (package == "net" || package == "os" || package == "internal/poll")) return true;
  return std::any_of(handle.site.stack.begin(), handle.site.stack.end(), [&](const explain::Frame& frame) {
    return code.OwnerOf(frame) == explain::Owner::kStandard && explain::PackageOf(frame.function) == package;
  });
}

// By site: the objects of the allocations that `site_of` gives it.
struct Objects {
  std::vector<double> all, of_globals;
};
Objects CountObjects(const collectors::HeapSummary& heap, const std::vector<size_t>& site_of, size_t sites) {
  Objects objects{std::vector<double>(sites), std::vector<double>(sites)};
  for (const collectors::Holding& holding : heap.holdings) {
    const size_t site = site_of[holding.stack];
    if (site == GrowingSite::kNone) continue;
    objects.all[site] += static_cast<double>(holding.objects);
    if (heap.roots[holding.root].kind == collectors::RootKind::kGlobal)
      objects.of_globals[site] += static_cast<double>(holding.objects);
  }
  return objects;
}

}  // namespace

bool MayBeApart(const std::vector<GrowingSite>& sites, const explain::CodeMap& code) {
  return std::any_of(sites.begin(), sites.end(),
                     [&code](const GrowingSite& grown) { return IsUsersContainer(grown, code); }) &&
         std::any_of(sites.begin(), sites.end(), IsNoMemory);
}

void SetApart(const collectors::HeapSummary& heap, const std::vector<size_t>& site_of,
              const explain::CodeMap& code, std::vector<GrowingSite>* sites) {
  if (!MayBeApart(*sites, code)) return;
  const Objects objects = CountObjects(heap, site_of, sites->size());
  explain::Groups groups(sites->size());
  std::vector<bool> needed(sites->size());  // by a goroutine or a handle
  for (const Reference& reference : heap.references) {
    const size_t to = site_of[reference.to];
    if (to == GrowingSite::kNone || static_cast<double>(reference.objects) < kManyObjects * objects.all[to])
      continue;
    if (reference.from == Reference::kGoroutines) {
      needed[to] = true;
    } else if (const size_t from = site_of[reference.from]; from != GrowingSite::kNone) {
      groups.Join(from, to);
    }
  }
  std::vector<bool> shown(sites->size());  // a global's container
  for (size_t i = 0; i < sites->size(); ++i) {
    const GrowingSite& grown = (*sites)[i];
    if (grown.site.family != Family::kHeap || grown.site.stack.empty()) continue;
    const size_t first = FirstOfStack(*sites, i);
    groups.Join(i, first);
    needed[i] = needed[i] || std::any_of(sites->begin(), sites->end(), [&](const GrowingSite& other) {
                  return IsNoMemory(other) && IsMadeFor(grown, other, code);
                });
    shown[i] = IsUsersContainer(grown, code) && objects.all[first] > 0 &&
               objects.of_globals[first] >= kKeptShare * objects.all[first];
  }
  std::vector<bool> apart(sites->size());  // by group
  for (size_t i = 0; i < sites->size(); ++i) {
    if (shown[i]) apart[groups.Of(i)] = true;
  }
  for (size_t i = 0; i < sites->size(); ++i) {
    if (needed[i]) apart[groups.Of(i)] = false;
  }
  for (size_t i = 0; i < sites->size(); ++i) {
    size_t above = i;  // texts that only the container keeps are not told by their pointers
    for (size_t steps = 0; !apart[groups.Of(above)] && steps < sites->size(); ++steps) {
      if ((*sites)[above].kept_by == GrowingSite::kNone) break;
      above = (*sites)[above].kept_by;
    }
    (*sites)[i].apart = (*sites)[i].site.family == Family::kHeap && apart[groups.Of(above)];
  }
}

}  // namespace goleakstress::campaign
