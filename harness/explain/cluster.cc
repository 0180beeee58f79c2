#include "harness/explain/cluster.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

namespace goleakstress::explain {
namespace {

constexpr double kProportional = 0.9;  // correlation of changes from which an orphan may belong to a cluster

// What the rules of cluster.h look at.
struct Links {
  std::string culprit;              // declared function of the first user frame; empty for an orphan
  std::set<std::string> functions;  // all declared user functions of stack and creators
  std::set<std::string> libraries;  // packages of dependencies in stack and creators
  std::string goroutine;  // declared function that the goroutine runs, or in whose goroutine it was allocated
  bool user = false;      // culprit is the user's own, not a dependency's
  bool plain_receive = false;  // the goroutine waits for one channel and nothing else
  bool foreign = false;        // no frame of the user on its stack: the culprit is who started its goroutine
  bool accepted = false;       // a connection that a peer dialled
  bool runs_user = false;      // a goroutine that stands in the user's own code
  bool served = false;  // the goroutine runs user code for a package of the standard library that started it
};

Links LinksOf(const GrowingSite& grown, const Stack& creator, const CodeMap& code) {
  Links links;
  const Site& site = grown.site;
  // The user's frame that started a goroutine says more than the one it is blocked in, if that is a
  // library's.
  const Frame* culprit = Culprit(site.stack, code);
  const Frame* starter = Culprit(creator, code);
  if (starter != nullptr &&
      (site.family == Family::kGoroutine || culprit == nullptr || code.OwnerOf(*culprit) != Owner::kUser)) {
    culprit = starter;
  }
  links.runs_user = site.family == Family::kGoroutine && !site.by_function && !grown.companion &&
                    HasUserFrame(site.stack, code);
  links.foreign = site.family != Family::kGoroutine && starter != nullptr && culprit == starter;
  if (culprit != nullptr) {
    links.culprit = DeclaredFunction(culprit->function);
    links.user = code.OwnerOf(*culprit) == Owner::kUser;
  }
  for (const Stack* stack : {&site.stack, &creator}) {
    for (const Frame& frame : *stack) {
      const Owner owner = code.OwnerOf(frame);
      if (owner == Owner::kUser || owner == Owner::kDependency)
        links.functions.insert(DeclaredFunction(frame.function));
      if (owner == Owner::kDependency) links.libraries.insert(PackageOf(frame.function));
    }
  }
  links.accepted = site.family == Family::kResource &&
                   std::any_of(site.stack.begin(), site.stack.end(), [](const Frame& frame) {
                     return frame.function == "syscall.Accept4" || frame.function == "syscall.Accept";
                   });
  if (site.family == Family::kGoroutine && !site.stack.empty()) {
    links.plain_receive = std::any_of(site.stack.begin(), site.stack.end(), [](const Frame& frame) {
      return frame.function == "runtime.chanrecv1" || frame.function == "runtime.chanrecv2";
    });
    links.served =
        starter == nullptr && culprit != nullptr && code.OwnerOf(site.stack.back()) == Owner::kStandard;
  }
  if (site.family == Family::kGoroutine || site.family == Family::kHeap) {
    // `go f(x)` runs a wrapper of the compiler's, which shows in profiles of the heap alone.
    const auto root = std::find_if(site.stack.rbegin(), site.stack.rend(), [](const Frame& frame) {
      return frame.function.find(".gowrap") == std::string::npos;
    });
    if (root != site.stack.rend()) links.goroutine = root->function;
  }
  return links;
}

// Objects and bytes of one allocation site.
bool SamePlace(const Site& a, const Site& b) {
  return a.family == Family::kHeap && b.family == Family::kHeap &&
         std::equal(a.stack.begin(), a.stack.end(), b.stack.begin(), b.stack.end(),
                    [](const Frame& x, const Frame& y) {
                      return x.line == y.line && x.function == y.function && x.file == y.file;
                    });
}

// What the garbage collector closes holds nothing that stays, but a child that nobody waits for drops its
// handle.
bool MayBelong(const GrowingSite& a, const GrowingSite& b) {
  const auto is_handle = [](const GrowingSite& grown) {
    return grown.site.family == Family::kResource || grown.site.family == Family::kFd;
  };
  return a.site.healed_by_gc == b.site.healed_by_gc || (is_handle(a) && is_handle(b));
}

bool Linked(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb) {
  if (la.culprit.empty() || lb.culprit.empty()) return false;
  if (a.driver != b.driver && !a.companion && !b.companion && !SamePlace(a.site, b.site)) return false;
  if (a.companion && b.companion) return false;  // they join causes, not each other
  if (!MayBelong(a, b)) return false;
  if (la.culprit == lb.culprit) return true;
  const bool heap_a = a.site.family == Family::kHeap;
  const bool heap_b = b.site.family == Family::kHeap;
  if (!heap_a && !heap_b) return false;
  if (heap_a && heap_b) return la.functions.contains(lb.culprit) || lb.functions.contains(la.culprit);
  const Links& heap = heap_a ? la : lb;
  const Links& other = heap_a ? lb : la;
  return heap.functions.contains(other.culprit) ||
         (!heap.goroutine.empty() && heap.goroutine == other.goroutine);
}

// What is kept by something that grows alike goes with it.
bool Keeps(const std::vector<GrowingSite>& sites, size_t keeper, size_t kept) {
  return sites[kept].kept_by == keeper && sites[keeper].driver == sites[kept].driver &&
         !sites[keeper].companion && !sites[kept].companion;
}

// Whether code of a dependency stands on both stacks.
bool ShareLibrary(const Links& a, const Links& b) {
  return std::any_of(a.libraries.begin(), a.libraries.end(),
                     [&b](const std::string& library) { return b.libraries.contains(library); });
}

size_t Find(std::vector<size_t>& parent, size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

// A cause before what it holds. A goroutine that never ends holds the contexts and timers that it would give
// back at its end, so it comes before them; but one that waits for nothing but a ticker is held by the
// ticker.
int RankOf(const GrowingSite& grown, const Links& links) {
  const Site& site = grown.site;
  switch (site.family) {
    case Family::kResource:
      if (site.healed_by_gc) return 9;
      if (site.kind == "context") return 5;
      if (site.kind == "time.timer") return 6;
      if (site.kind == kCMemory) return 7;
      if (site.kind == kCMemoryBytes) return 8;
      return site.kind == "time.ticker" ? 3 : 0;
    case Family::kFd:
      return site.healed_by_gc ? 10 : 1;
    case Family::kGoroutine:
      return links.plain_receive || site.by_function ? 4 : 2;
    case Family::kHeap:
      return 11;
    case Family::kProcess:
      return 12;
  }
  return 13;
}

// Smaller is a better head. Among heap sites the one nearest to the entry: that is where the container grows,
// the values in it were made further down; in one function the later line, for a value is made before it is
// stored.
auto HeadOrder(const GrowingSite& grown, const Links& links) {
  const Site& site = grown.site;
  const bool heap = site.family == Family::kHeap;
  const int line = site.stack.empty() ? 0 : site.stack.front().line;
  return std::make_tuple(RankOf(grown, links), links.foreign || links.accepted, !links.user,
                         links.culprit.empty(), site.by_function,
                         heap ? static_cast<long>(site.stack.size()) : 0L, heap ? -line : 0, -grown.log10_e);
}

// The anchor that a site without one joins: the strongest of those whose growth is proportional, else the
// most alike one for allocations if that is asked for, else sites.size().
template <typename IsAnchor, typename Better>
size_t ClusterToJoin(size_t i, const std::vector<GrowingSite>& sites, const IsAnchor& is_anchor,
                     const Better& better, bool or_most_alike) {
  size_t best = sites.size();
  size_t most_alike = sites.size();
  double likeness = -2;
  for (size_t j = 0; j < sites.size(); ++j) {
    // Whose objects of a shared block stay is chance, and so is what seems to drive them.
    if (!is_anchor(j) || (sites[j].driver != sites[i].driver && !sites[i].site.tiny)) continue;
    if (!MayBelong(sites[i], sites[j])) continue;
    const double correlation = Correlation(sites[i].changes, sites[j].changes);
    if (correlation >= kProportional && (best == sites.size() || better(j, best))) best = j;
    if (correlation > likeness) {
      likeness = correlation;
      most_alike = j;
    }
  }
  return best == sites.size() && or_most_alike ? most_alike : best;
}

// The leaking memory of C that memory outside the Go heap, which is read in large steps, consists of: the
// strongest site where all of them together explain the better part of it; else sites.size().
template <typename Better>
size_t PartOf(const GrowingSite& outside, const std::vector<GrowingSite>& sites, const Better& better) {
  constexpr double kOverhead = 24;  // bytes: what malloc takes for a block besides, of small ones
  constexpr double kBetterPart = 0.5;
  if (outside.site.kind != kOutsideMemory) return sites.size();
  double explained = 0;
  size_t best = sites.size();
  for (size_t j = 0; j < sites.size(); ++j) {
    if (sites[j].companion || sites[j].driver != outside.driver) continue;
    if (sites[j].site.kind == kCMemory) explained += kOverhead * sites[j].rate;
    if (sites[j].site.kind != kCMemoryBytes) continue;
    explained += sites[j].rate;
    if (best == sites.size() || better(j, best)) best = j;
  }
  return explained >= kBetterPart * outside.rate ? best : sites.size();
}

double Gained(const GrowingSite& grown) {
  return std::accumulate(grown.changes.begin(), grown.changes.end(), 0.0);
}

// Among allocations the container tells the line: a map or slice gains many bytes in
// few objects, while what is put into it gains objects. Beside large things the bytes of the map that keeps
// them are few: a word for each is enough where the runtime says that a map or slice grew. `head` where no
// member looks like one. Where a heap dump showed it, what another member keeps alive is none. Of several the
// one nearest to the entry, in one function the later line: a value is made before it is stored. What the
// entry itself allocates (keys, arguments) is passed over where something deeper grows as well.
struct Container {
  size_t head;
  bool found;  // head is a container by its shape
};
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
  const auto place = [](const GrowingSite& grown) {
    Site site = grown.site;
    site.kind.clear();
    return KeyOf(site);
  };
  for (size_t i : members) {
    if (sites[i].site.family != Family::kHeap) continue;
    deepest = std::max(deepest, sites[i].site.stack.size());
    if (sites[i].site.kind == "bytes") {
      all_bytes += Gained(sites[i]);
    } else if (sites[i].site.kind == "objects") {
      objects[place(sites[i])] = Gained(sites[i]);
      most_objects = std::max(most_objects, Gained(sites[i]));
      const bool each = !sites[i].companion && sites[i].rate >= kEachTime;
      if (each && (things == 0 || Gained(sites[i]) < things)) things = Gained(sites[i]);
    }
  }
  const auto rank = [&](size_t i) {
    const Site& site = sites[i].site;
    const auto gained = objects.find(place(sites[i]));
    const double count = gained == objects.end() ? 0 : gained->second;
    const bool counted = site.kind == "entries";  // the map itself says that it gains
    const bool many = Gained(sites[i]) >= kManyBytes * all_bytes;
    const bool word_each = !site.container.empty() && things > 0 && Gained(sites[i]) >= kWord * things;
    const bool container =
        counted || (site.kind == "bytes" && (many || word_each) && count <= kFewObjects * most_objects);
    const bool kept = std::find(members.begin(), members.end(), sites[i].kept_by) != members.end();
    return std::make_tuple(!counted, kept, !container, site.container.empty(),
                           site.stack.size() == 1 && deepest > 1, site.stack.size(),
                           -site.stack.front().line);
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

// The leaking goroutine or resource that most likely holds a cluster of allocations without a container: the
// strongest one whose growth is proportional to theirs. sites.size(): none does.
template <typename Better>
size_t HolderOf(const std::vector<GrowingSite>& sites, const Cluster& heap, const Better& better) {
  size_t best = sites.size();
  for (size_t j = 0; j < sites.size(); ++j) {
    if (sites[j].companion || sites[j].site.healed_by_gc ||
        (sites[j].site.family != Family::kGoroutine && sites[j].site.family != Family::kResource)) {
      continue;
    }
    const bool proportional = std::any_of(heap.members.begin(), heap.members.end(), [&](size_t i) {
      return !sites[i].companion && sites[i].driver == sites[j].driver &&
             Correlation(sites[i].changes, sites[j].changes) >= kProportional;
    });
    if (proportional && (best == sites.size() || better(j, best))) best = j;
  }
  return best;
}

// Goroutines that stay by chance, and in the same batches, stay for one cause: they wait for each other. Two
// chances of their own would differ by as much as binomial counts do. What every call leaves behind goes
// together in any case.
bool StayTogether(const GrowingSite& a, const GrowingSite& b) {
  constexpr double kLeastGained = 3;
  constexpr double kNearlyWhole = 0.02;
  constexpr double kOfTheirVariance = 0.25;
  const auto by_chance = [](const GrowingSite& grown) {
    return std::abs(grown.rate - std::round(grown.rate)) > kNearlyWhole * std::max(1.0, grown.rate) ||
           grown.rate < 0.5;
  };
  if (a.site.family != Family::kGoroutine || b.site.family != Family::kGoroutine || a.companion ||
      b.companion || a.driver != b.driver || a.changes.size() != b.changes.size() ||
      Gained(a) < kLeastGained || !by_chance(a) || !by_chance(b))
    return false;
  double apart = 0;
  for (size_t i = 0; i < a.changes.size(); ++i)
    apart += (a.changes[i] - b.changes[i]) * (a.changes[i] - b.changes[i]);
  const auto variance = [](const GrowingSite& grown) {
    return Gained(grown) * std::max(0.0, 1 - grown.rate);
  };
  return apart <= kOfTheirVariance * (variance(a) + variance(b));
}

// A ticker that the goroutine which waits for it made for itself is nobody else's to stop: that goroutine
// tells the line. `head` where there is none.
size_t MakerOf(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members, size_t head) {
  if (sites[head].site.kind != "time.ticker" || sites[head].site.stack.empty()) return head;
  const auto made = std::find_if(members.begin(), members.end(), [&](size_t i) {
    const Site& site = sites[i].site;
    return site.family == Family::kGoroutine && !site.by_function && !sites[i].companion &&
           !site.stack.empty() && site.stack.back().function == sites[head].site.stack.back().function;
  });
  return made == members.end() ? head : *made;
}

// A connection that a server accepted for itself ends with its handler: where that is the user's and stays,
// it tells the line. `head` where there is none.
size_t HandlerOf(const std::vector<Links>& links, const std::vector<size_t>& members, size_t head) {
  if (!links[head].accepted || !links[head].foreign) return head;
  const auto handler =
      std::find_if(members.begin(), members.end(), [&](size_t i) { return links[i].runs_user; });
  return handler == members.end() ? head : *handler;
}

// The clusters of a union-find forest. Companions alone make none.
template <typename Better>
std::vector<Cluster> Collect(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                             std::vector<size_t>& parent, const Better& better) {
  std::vector<Cluster> clusters;
  std::vector<size_t> cluster_of(sites.size(), sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    const size_t root = Find(parent, i);
    if (cluster_of[root] == sites.size()) {
      cluster_of[root] = clusters.size();
      clusters.push_back({.head = i, .members = {}});
    }
    Cluster& cluster = clusters[cluster_of[root]];
    cluster.members.push_back(i);
    if (better(i, cluster.head)) cluster.head = i;
  }
  for (Cluster& cluster : clusters) {
    cluster.head = MakerOf(sites, cluster.members, cluster.head);
    cluster.head = HandlerOf(links, cluster.members, cluster.head);
  }
  std::vector<Cluster> held;
  std::erase_if(clusters, [&](Cluster& cluster) {
    const Site& head = sites[cluster.head].site;
    if (head.family != Family::kHeap || head.stack.empty()) return false;
    const Container container = ContainerOf(sites, links, cluster.members, cluster.head);
    cluster.head = container.head;
    if (container.found || HolderOf(sites, cluster, better) == sites.size()) return false;
    held.push_back(cluster);
    return true;
  });
  for (const Cluster& heap : held) {
    const size_t holder = HolderOf(sites, heap, better);
    for (Cluster& cluster : clusters) {
      if (std::find(cluster.members.begin(), cluster.members.end(), holder) == cluster.members.end())
        continue;
      cluster.members.insert(cluster.members.end(), heap.members.begin(), heap.members.end());
    }
  }
  std::erase_if(clusters, [&sites](const Cluster& cluster) {
    return std::all_of(cluster.members.begin(), cluster.members.end(),
                       [&sites](size_t i) { return sites[i].companion; });
  });
  return clusters;
}

}  // namespace

double Correlation(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size() || a.size() < 3) return 0;
  const double n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double aa = 0, bb = 0, ab = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double da = a[i] - mean_a;
    const double db = b[i] - mean_b;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

std::vector<Cluster> ClusterSites(const std::vector<GrowingSite>& sites, const std::vector<Stack>& starters,
                                  const CodeMap& code) {
  std::vector<Links> links;
  links.reserve(sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    links.push_back(LinksOf(sites[i], i < starters.size() ? starters[i] : Stack{}, code));
  }
  std::vector<size_t> parent(sites.size());
  std::iota(parent.begin(), parent.end(), size_t{0});
  for (size_t i = 0; i < sites.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (Linked(sites[i], links[i], sites[j], links[j]) || StayTogether(sites[i], sites[j]) ||
          Keeps(sites, i, j) || Keeps(sites, j, i)) {
        parent[Find(parent, i)] = Find(parent, j);
      }
    }
  }
  const auto better = [&](size_t a, size_t b) {
    return HeadOrder(sites[a], links[a]) < HeadOrder(sites[b], links[b]);
  };
  // A handler that waits for a client which never gives up its connection, and the server's end of it: the
  // client holds both.
  const auto is_held_by = [&](size_t i, size_t j) {
    return (links[i].served || links[i].accepted) && !links[j].accepted &&
           sites[j].site.family == Family::kResource && !sites[j].site.healed_by_gc && links[j].user &&
           sites[i].driver == sites[j].driver && !sites[i].companion && !sites[j].companion &&
           Correlation(sites[i].changes, sites[j].changes) >= kProportional;
  };
  for (size_t i = 0; i < sites.size(); ++i) {
    for (size_t j = 0; j < sites.size(); ++j) {
      if (is_held_by(i, j)) {
        parent[Find(parent, i)] = Find(parent, j);
        break;
      }
    }
  }
  // Growth in a goroutine that the user's call started is the other end of what grows at the user's own line,
  // where something does.
  const auto is_anchor = [&](size_t i) {
    return !links[i].culprit.empty() && !links[i].foreign && !sites[i].site.tiny && !sites[i].companion;
  };
  const auto is_anchor_of = [&](size_t i) {
    return [&, i](size_t j) { return is_anchor(j) && links[j].user && ShareLibrary(links[i], links[j]); };
  };
  for (size_t i = 0; i < sites.size(); ++i) {
    // What a library allocates in a goroutine of its own, out of the user's sight.
    if (sites[i].site.family != Family::kHeap || sites[i].companion || links[i].user ||
        links[i].culprit.empty())
      continue;
    const size_t target = ClusterToJoin(i, sites, is_anchor_of(i), better, /*or_most_alike=*/false);
    if (target != sites.size()) parent[Find(parent, i)] = Find(parent, target);
  }
  std::vector<bool> anchored(sites.size());  // by root: the cluster has a site to join
  for (size_t i = 0; i < sites.size(); ++i) {
    if (is_anchor(i)) anchored[Find(parent, i)] = true;
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].companion || anchored[Find(parent, i)]) continue;
    // Whose objects of a shared block stay is chance.
    constexpr double kByChance = 0.5;
    const bool shared = sites[i].site.tiny && sites[i].rate < kByChance;
    size_t target =
        ClusterToJoin(i, sites, is_anchor, better,
                      shared || (sites[i].site.family == Family::kHeap && links[i].culprit.empty()));
    if (target == sites.size()) target = PartOf(sites[i], sites, better);
    if (target != sites.size()) {
      const size_t root = Find(parent, target);
      parent[Find(parent, i)] = root;
      anchored[root] = true;
      continue;
    }
    for (size_t j = 0; j < i; ++j) {  // orphans among themselves
      if (!anchored[Find(parent, j)] && sites[j].driver == sites[i].driver &&
          Correlation(sites[i].changes, sites[j].changes) >= kProportional) {
        parent[Find(parent, i)] = Find(parent, j);
      }
    }
  }
  return Collect(sites, links, parent, better);
}

}  // namespace goleakstress::explain
