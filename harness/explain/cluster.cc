#include "harness/explain/cluster.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "harness/explain/groups.h"
#include "harness/explain/heads.h"
#include "harness/explain/links.h"

namespace goleakstress::explain {
namespace {

constexpr double kProportional = 0.9;  // correlation of changes from which an orphan may belong to a cluster

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

// The resource whose memory is what grows outside the Go heap, which is read in large steps, from who knows
// where: memory of C, where all of it together explains the better part, else the strongest of another kind.
// sites.size(): there is none.
template <typename Better>
size_t PartOf(const GrowingSite& outside, const std::vector<GrowingSite>& sites, const Better& better) {
  constexpr double kOverhead = 24;  // bytes: what malloc takes for a block besides, of small ones
  constexpr double kBetterPart = 0.5;
  if (outside.site.kind != kOutsideMemory) return sites.size();
  double explained = 0;
  size_t best = sites.size(), other = sites.size();
  for (size_t j = 0; j < sites.size(); ++j) {
    const Site& site = sites[j].site;
    if (sites[j].companion || sites[j].driver != outside.driver || site.family != Family::kResource) continue;
    if (site.kind == kCMemory) {
      explained += kOverhead * sites[j].rate;
    } else if (site.kind == kCMemoryBytes) {
      explained += sites[j].rate;
      if (best == sites.size() || better(j, best)) best = j;
    } else if (!site.healed_by_gc && (other == sites.size() || better(j, other))) {
      other = j;
    }
  }
  return explained >= kBetterPart * outside.rate ? best : other;
}

// The resource for whose descriptor the goroutine most likely waits. sites.size(): none is known.
template <typename Better>
size_t DescriptorOf(size_t goroutine, const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                    const Better& better) {
  const auto related = [&](size_t j) {
    return std::any_of(
        links[j].functions.begin(), links[j].functions.end(), [&](const std::string& function) {
          return function != links[j].outermost && links[goroutine].functions.contains(function);
        });
  };
  size_t best = sites.size();
  for (size_t j = 0; j < sites.size(); ++j) {
    if (sites[j].companion || sites[j].site.healed_by_gc || !links[j].user ||
        !NeedsDescriptor(sites[j].site) || sites[j].driver != sites[goroutine].driver ||
        Correlation(sites[goroutine].changes, sites[j].changes) < kProportional)
      continue;
    const bool first = best == sites.size();
    if (first || (related(j) != related(best) ? related(j) : better(j, best))) best = j;
  }
  return best;
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

// Sites that the code links, the closest ties first. What several causes have in common joins the first of
// them.
Groups GroupsByCode(const std::vector<GrowingSite>& sites, const std::vector<Links>& links) {
  Groups groups(sites.size());
  std::vector<std::vector<size_t>> causes(sites.size());  // by root: what is no memory and has a culprit
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].site.family != Family::kHeap && !sites[i].companion && !links[i].culprit.empty())
      causes[i].push_back(i);
  }
  const auto any = [&causes](size_t a, size_t b, const auto& are_two) {
    return std::any_of(causes[a].begin(), causes[a].end(), [&](size_t i) {
      return std::any_of(causes[b].begin(), causes[b].end(), [&](size_t j) { return are_two(i, j); });
    });
  };
  const auto are_rivals = [&](size_t i, size_t j) {
    return AreRivals(sites[i], links[i], sites[j], links[j]);
  };
  const auto differ = [&](size_t i, size_t j) { return links[i].culprit != links[j].culprit; };
  const auto are_apart = [&](size_t i, size_t j) { return AreApart(sites[i], links[i], sites[j], links[j]); };
  struct Pair {
    size_t i;
    size_t j;
    bool by_memory;  // only a heap dump links them
  };
  std::map<Tie, std::vector<Pair>> pairs;
  for (size_t i = 0; i < sites.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      Tie tie = TieOf(sites[i], links[i], sites[j], links[j]);
      bool by_memory = false;
      if (tie < Tie::kCalls && (Keeps(sites, i, j) || Keeps(sites, j, i))) {
        tie = Tie::kCalls;
        by_memory = sites[i].site.family == Family::kHeap || sites[j].site.family == Family::kHeap;
      }
      if (StayTogether(sites[i], sites[j])) tie = Tie::kCulprit;
      if (tie != Tie::kNone) pairs[tie].push_back({i, j, by_memory});
    }
  }
  for (const Tie tie : {Tie::kCulprit, Tie::kCalls, Tie::kEntry}) {
    for (const auto& [i, j, by_memory] : pairs[tie]) {
      const size_t a = groups.Of(i), b = groups.Of(j);
      if (a == b || (tie != Tie::kCulprit && any(a, b, are_rivals)) ||
          (tie == Tie::kEntry && any(a, b, differ)) || (by_memory && any(a, b, are_apart)))
        continue;
      groups.Join(a, b);
      causes[b].insert(causes[b].end(), causes[a].begin(), causes[a].end());
    }
  }
  return groups;
}

// A cluster for each group. Companions alone make none.
template <typename Better>
std::vector<Cluster> Collect(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                             Groups& groups, const Better& better) {
  std::vector<Cluster> clusters;
  std::vector<size_t> cluster_of(sites.size(), sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    const size_t root = groups.Of(i);
    if (cluster_of[root] == sites.size()) {
      cluster_of[root] = clusters.size();
      clusters.push_back({.head = i, .members = {}});
    }
    Cluster& cluster = clusters[cluster_of[root]];
    cluster.members.push_back(i);
    if (better(i, cluster.head)) cluster.head = i;
  }
  for (Cluster& cluster : clusters) {
    cluster.head = LocatedOf(sites, links, cluster.members, cluster.head);
    cluster.head = MakerOf(sites, links, cluster.members, cluster.head);
    cluster.head = HandlerOf(links, cluster.members, cluster.head);
    cluster.head = AwaitedBy(sites, cluster.members, cluster.head);
    cluster.head = SteadierOf(sites, links, cluster.members, cluster.head);
  }
  std::vector<Cluster> held;
  std::erase_if(clusters, [&](Cluster& cluster) {
    const Site& head = sites[cluster.head].site;
    if (head.family != Family::kHeap || head.stack.empty()) return false;
    const Container container = ContainerOf(sites, links, cluster.members, cluster.head);
    cluster.head = HandedBy(sites, links, cluster.members, container.head);
    if (container.found || sites[cluster.head].apart || HolderOf(sites, cluster, better) == sites.size())
      return false;
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
                                  const CodeMap& code, std::string_view entry) {
  std::vector<Links> links;
  links.reserve(sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    links.push_back(LinksOf(sites[i], i < starters.size() ? starters[i] : Stack{}, code, entry));
  }
  Groups groups = GroupsByCode(sites, links);
  const auto better = [&](size_t a, size_t b) {
    return IsBetterHead(sites[a], links[a], sites[b], links[b]);
  };
  const auto grow_together = [&sites](size_t i, size_t j) {
    return !sites[i].companion && !sites[j].companion && sites[i].driver == sites[j].driver &&
           Correlation(sites[i].changes, sites[j].changes) >= kProportional;
  };
  // A handler that waits for a client which never gives up its connection, and the server's end of it: the
  // client holds both.
  const auto is_held_by = [&](size_t i, size_t j) {
    const auto is_servers_end = [&links](size_t k) { return links[k].accepted || links[k].hijacked; };
    return (links[i].served || is_servers_end(i)) && !is_servers_end(j) &&
           sites[j].site.family == Family::kResource && !sites[j].site.healed_by_gc && links[j].user &&
           grow_together(i, j);
  };
  // An idle connection stays until its transport is told; one whose body is open stays for the body's sake.
  const auto serves_body = [&](size_t i) {
    for (size_t k = 0; k < sites.size(); ++k) {
      if (sites[k].site.kind == "http.body" && !sites[k].site.healed_by_gc && !sites[k].companion &&
          links[k].user && groups.Of(k) == groups.Of(i))
        return true;
    }
    return false;
  };
  // A transport is made in one place and used in another.
  const auto is_transports = [&](size_t i, size_t j) {
    return links[i].of_transport && sites[j].site.kind == "http.transport" && MayBelong(sites[i], sites[j]) &&
           grow_together(i, j) && !serves_body(i);
  };
  const auto is_beside = [&](size_t i, size_t j) {
    return StartedBeside(sites[i], links[i], sites[j], links[j]) && MayBelong(sites[i], sites[j]) &&
           grow_together(i, j);
  };
  for (size_t i = 0; i < sites.size(); ++i) {
    for (size_t j = 0; j < sites.size(); ++j) {
      if (is_held_by(i, j) || is_transports(i, j) || is_beside(i, j)) {
        groups.Join(i, j);
        break;
      }
    }
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    if (!links[i].awaits_io || sites[i].companion) continue;
    const size_t target = DescriptorOf(i, sites, links, better);
    if (target != sites.size()) groups.Join(i, target);
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].companion) continue;
    constexpr double kAtMost = 1.1;  // of what the kernel counts: none of what the agent missed a close of
    const auto is_counted = [&](size_t j) {
      return IsCountOf(sites[i].site, sites[j].site) && !sites[j].companion &&
             sites[j].rate <= kAtMost * sites[i].rate;
    };
    const size_t target = ClusterToJoin(i, sites, is_counted, better, /*or_most_alike=*/false);
    if (target != sites.size()) groups.Join(i, target);
  }
  // Growth in a goroutine that the user's call started is the other end of what grows at the user's own line,
  // where something does.
  const auto is_anchor = [&](size_t i) {
    return !links[i].culprit.empty() && !links[i].foreign && !sites[i].site.tiny && !sites[i].companion;
  };
  const auto is_better_anchor = [&](size_t a, size_t b) {
    const auto is_entrys = [&](size_t k) {
      return sites[k].site.family == Family::kHeap && links[k].of_entry;
    };
    return is_entrys(a) != is_entrys(b) ? is_entrys(b) : better(a, b);
  };
  const auto is_anchor_of = [&](size_t i) {
    return [&, i](size_t j) { return is_anchor(j) && links[j].user && ShareLibrary(links[i], links[j]); };
  };
  for (size_t i = 0; i < sites.size(); ++i) {
    // What a library allocates in a goroutine of its own, out of the user's sight.
    if (sites[i].site.family != Family::kHeap || sites[i].companion || links[i].user ||
        links[i].culprit.empty())
      continue;
    const size_t target = ClusterToJoin(i, sites, is_anchor_of(i), is_better_anchor, /*or_most_alike=*/false);
    if (target != sites.size()) groups.Join(i, target);
  }
  std::vector<bool> anchored(sites.size());  // by root: the cluster has a site to join
  for (size_t i = 0; i < sites.size(); ++i) {
    if (is_anchor(i)) anchored[groups.Of(i)] = true;
  }
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].companion || anchored[groups.Of(i)]) continue;
    // Whose objects of a shared block stay is chance.
    constexpr double kByChance = 0.5;
    const bool shared = sites[i].site.tiny && sites[i].rate < kByChance;
    size_t target =
        ClusterToJoin(i, sites, is_anchor, is_better_anchor,
                      shared || (sites[i].site.family == Family::kHeap && links[i].culprit.empty()));
    if (target == sites.size()) target = PartOf(sites[i], sites, better);
    if (target != sites.size()) {
      groups.Join(i, target);
      anchored[groups.Of(target)] = true;
      continue;
    }
    for (size_t j = 0; j < i; ++j) {  // orphans among themselves
      if (!anchored[groups.Of(j)] && sites[j].driver == sites[i].driver &&
          Correlation(sites[i].changes, sites[j].changes) >= kProportional) {
        groups.Join(i, j);
      }
    }
  }
  return Collect(sites, links, groups, better);
}

}  // namespace goleakstress::explain
