#include "harness/explain/heads.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

namespace goleakstress::explain {
namespace {

// A cause before what it holds. A goroutine that never ends holds the contexts and timers that it would give
// back at its end, so it comes before them; but one that waits for nothing but a ticker is held by the
// ticker. One that is proven lost waits for none: a ticker that runs would wake it.
int RankOf(const GrowingSite& grown, const Links& links) {
  const Site& site = grown.site;
  switch (site.family) {
    case Family::kResource:
      if (site.healed_by_gc) return 9;
      if (site.kind == "context") return 5;
      if (site.kind == "time.timer") return 6;
      if (site.kind == kCMemory) return 7;
      if (site.kind == kCMemoryBytes) return 8;
      if (site.kind == "time.ticker") return 3;
      return IsDescriptor(site) ? 1 : 0;  // bodies, rows and processes need descriptors
    case Family::kFd:
      return site.healed_by_gc ? 10 : 1;
    case Family::kGoroutine:
      return !grown.proven && (links.plain_receive || site.by_function) ? 4 : 2;
    case Family::kHeap:
      return 11;
    case Family::kProcess:
      return 12;
  }
  return 13;
}

// Smaller is a better head. Of causes that are alike the one that grows faster, then the first in the code:
// the same in every run. Among heap sites the one nearest to the entry: that is where the container grows,
// the values in it were made further down; in one function the later line, for a value is made before it is
// stored.
auto HeadOrder(const GrowingSite& grown, const Links& links) {
  constexpr double kRateSteps = 20;  // per unit: rates that are closer are alike
  const Site& site = grown.site;
  const bool heap = site.family == Family::kHeap;
  const bool guessed =
      links.foreign && site.creators.empty();  // from another goroutine than the one that did
  // A peer in the same process leaks because of what the call does.
  const bool elsewhere = !heap && !links.in_call;
  const bool nowhere = site.stack.empty();  // a line that may be the peer's says more than none
  return std::make_tuple(RankOf(grown, links), nowhere, guessed || links.accepted, !links.user, elsewhere,
                         links.culprit.empty(), site.by_function, heap ? static_cast<long>(links.depth) : 0L,
                         heap ? 0 : -std::lround(kRateSteps * grown.rate), heap ? -links.line : links.line,
                         -grown.log10_e);
}

// Whether whatever keeps the site is kept by it in the end: the links of a chain, of two kinds in turns.
bool KeepEachOther(const std::vector<GrowingSite>& sites, size_t i) {
  size_t above = sites[i].kept_by;
  for (size_t steps = 0; above != GrowingSite::kNone && steps < sites.size(); ++steps) {
    if (sites[above].site.stack == sites[i].site.stack) return true;
    above = sites[above].kept_by;
  }
  return false;
}

}  // namespace

bool IsBetterHead(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb) {
  return HeadOrder(a, la) < HeadOrder(b, lb);
}

size_t LocatedOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                 const std::vector<size_t>& members, size_t head) {
  if (!sites[head].site.stack.empty() || links[head].user) return head;
  size_t located = head;
  for (size_t i : members) {
    const Family family = sites[i].site.family;
    if (sites[i].companion || !links[i].user || (family != Family::kResource && family != Family::kGoroutine))
      continue;
    if (located == head || IsBetterHead(sites[i], links[i], sites[located], links[located])) located = i;
  }
  return located;
}

Container ContainerOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                      const std::vector<size_t>& members, size_t head) {
  constexpr double kFewObjects = 0.25;  // of what the busiest site gains
  constexpr double kManyBytes = 0.02;   // of what all gain
  constexpr double kEachTime = 0.9;     // objects per call or key, of what comes with every one
  constexpr double kWord = 8;           // bytes: the least that a container needs for one thing
  std::map<std::string, double> objects;
  double most_objects = 0;
  double things = 0;  // that are kept: what gains the fewest objects of those with evidence of their own
  double all_bytes = 0;
  size_t deepest = 0;
  for (size_t i : members) {
    if (sites[i].site.family != Family::kHeap) continue;
    deepest = std::max(deepest, links[i].depth);
    if (sites[i].site.kind == "bytes") {
      all_bytes += Gained(sites[i]);
    } else if (sites[i].site.kind == "objects") {
      objects[PlaceOf(sites[i].site)] = Gained(sites[i]);
      most_objects = std::max(most_objects, Gained(sites[i]));
      const bool each = !sites[i].companion && sites[i].rate >= kEachTime;
      if (each && (things == 0 || Gained(sites[i]) < things)) things = Gained(sites[i]);
    }
  }
  const auto rank = [&](size_t i) {
    const Site& site = sites[i].site;
    const auto gained = objects.find(PlaceOf(sites[i].site));
    const double count = gained == objects.end() ? 0 : gained->second;
    const bool counted = site.kind == "entries";  // the map itself says that it gains
    const bool many = Gained(sites[i]) >= kManyBytes * all_bytes;
    const bool word_each = !site.container.empty() && things > 0 && Gained(sites[i]) >= kWord * things;
    const bool container =
        counted || (site.kind == "bytes" && (many || word_each) && count <= kFewObjects * most_objects);
    const auto keeper = std::find(members.begin(), members.end(), sites[i].kept_by);
    // What does not grow itself is no container: a few objects that hold growing slices each.
    const bool kept = keeper != members.end() &&
                      (!sites[*keeper].companion || !sites[*keeper].site.container.empty()) &&
                      !KeepEachOther(sites, i);
    return std::make_tuple(!counted, kept, !container, site.container.empty(),
                           links[i].depth == 1 && deepest > 1, links[i].depth, -links[i].line);
  };
  const bool user = links[head].user;  // a place in his code is not given up for one that he can't change
  for (size_t i : members) {
    if (sites[i].site.family == Family::kHeap && !sites[i].site.stack.empty() && (links[i].user || !user) &&
        rank(i) < rank(head)) {
      head = i;
    }
  }
  return {head, !std::get<2>(rank(head))};
}

size_t MakerOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
               const std::vector<size_t>& members, size_t head) {
  const Site& acquired = sites[head].site;
  const bool thread = acquired.kind.starts_with("thread.");  // is held by being there
  if (acquired.family != Family::kResource || acquired.healed_by_gc || thread || acquired.stack.empty())
    return head;
  const auto made_by = [&](bool by_function) {
    return std::find_if(members.begin(), members.end(), [&](size_t i) {
      const Site& site = sites[i].site;
      return site.family == Family::kGoroutine && site.by_function == by_function && !sites[i].companion &&
             (links[i].runs_user || acquired.kind == "time.ticker") && !site.stack.empty() &&
             site.stack.back().function == acquired.stack.back().function;
    });
  };
  auto made = made_by(false);
  // Who looks after something all the time is met at another place in each snapshot.
  if (made == members.end()) made = made_by(true);
  return made == members.end() ? head : *made;
}

size_t HandlerOf(const std::vector<Links>& links, const std::vector<size_t>& members, size_t head) {
  if (!links[head].accepted || !links[head].foreign) return head;
  const auto handler =
      std::find_if(members.begin(), members.end(), [&](size_t i) { return links[i].runs_user; });
  return handler == members.end() ? head : *handler;
}

size_t AwaitedBy(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members, size_t head) {
  size_t holder = head;
  for (size_t steps = 0; steps < members.size(); ++steps) {
    if (sites[holder].site.family != Family::kGoroutine) return head;
    const auto next = std::find(members.begin(), members.end(), sites[holder].kept_by);
    if (next == members.end()) return holder;
    holder = *next;
  }
  return head;
}

size_t HandedBy(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                const std::vector<size_t>& members, size_t head) {
  if (sites[head].site.family != Family::kHeap || !links[head].foreign) return head;
  size_t handed = head;
  for (size_t i : members) {
    const bool objects = sites[i].site.family == Family::kHeap && !sites[i].companion;
    const bool next = objects && sites[i].kept_by < sites.size() &&
                      sites[sites[i].kept_by].site.stack == sites[head].site.stack;
    if (!next || links[i].foreign || !links[i].user || sites[i].site.kind != "objects") continue;
    if (handed == head || IsBetterHead(sites[i], links[i], sites[handed], links[handed])) handed = i;
  }
  return handed;
}

size_t SteadierOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                  const std::vector<size_t>& members, size_t head) {
  constexpr double kByChance = 0.5;  // per call
  constexpr double kNearly = 0.02;   // of an entry
  if (sites[head].site.family == Family::kHeap || sites[head].companion || sites[head].rate >= kByChance)
    return head;
  const auto steady = std::find_if(members.begin(), members.end(), [&](size_t i) {
    const GrowingSite& grown = sites[i];
    return grown.site.kind == "entries" && !grown.companion && links[i].user &&
           grown.driver == sites[head].driver && grown.rate >= 1 - kNearly &&
           std::abs(grown.rate - std::round(grown.rate)) <= kNearly &&
           grown.rate_high - grown.rate_low <= 2 * kNearly;
  });
  return steady == members.end() ? head : *steady;
}

}  // namespace goleakstress::explain
