#include "harness/explain/links.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace goleakstress::explain {
namespace {

// Objects and bytes of one allocation site.
bool SamePlace(const Site& a, const Site& b) {
  return a.family == Family::kHeap && b.family == Family::kHeap &&
         std::equal(a.stack.begin(), a.stack.end(), b.stack.begin(), b.stack.end(),
                    [](const Frame& x, const Frame& y) {
                      return x.line == y.line && x.function == y.function && x.file == y.file;
                    });
}

// Whether the function is of the entry's: of "FuzzA+FuzzB", of one of them.
bool IsOfEntry(std::string_view function, std::string_view entry) {
  const std::string declared = DeclaredFunction(function);
  const std::string_view name = NameWithin(declared);
  for (size_t begin = 0; begin < entry.size();) {
    const size_t end = std::min(entry.find('+', begin), entry.size());
    if (entry.substr(begin, end - begin) == name) return true;
    begin = end + 1;
  }
  return false;
}

// Whether the stack goes through the very call that acquired the resource: a database's statement takes
// memory of its own.
bool PassesThrough(const Stack& stack, const Site& acquired, const Links& links) {
  const auto acquirer = std::find_if(
      acquired.stack.begin(), acquired.stack.end(),
      [&links](const Frame& frame) { return DeclaredFunction(frame.function) == links.culprit; });
  return acquired.family == Family::kResource && acquirer != acquired.stack.end() && links.user &&
         std::any_of(stack.begin(), stack.end(), [acquirer](const Frame& frame) {
           return frame.function == acquirer->function && frame.line == acquirer->line;
         });
}

// Whether the goroutine was started in the very call that returned the resource to the culprit: what is
// returned has to be closed, and ends it.
bool StartedWith(const Links& goroutine, const Site& acquired, const Links& links) {
  return acquired.family == Family::kResource && links.handed_on &&
         std::any_of(acquired.stack.begin(), acquired.stack.end(), [&](const Frame& frame) {
           return DeclaredFunction(frame.function) == links.culprit &&
                  goroutine.starting.contains({frame.function, frame.line});
         });
}

}  // namespace

Links LinksOf(const GrowingSite& grown, const Stack& creator, const CodeMap& code, std::string_view entry) {
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
    links.line = culprit->line;
    links.user = code.OwnerOf(*culprit) == Owner::kUser;
    links.of_entry = links.user && IsOfEntry(culprit->function, entry);
  }
  links.depth =
      static_cast<size_t>(std::count_if(site.stack.begin(), site.stack.end(), [&code](const Frame& frame) {
        const Owner owner = code.OwnerOf(frame);
        return owner == Owner::kUser || owner == Owner::kDependency;
      }));
  const auto outermost = std::find_if(site.stack.rbegin(), site.stack.rend(), [&code](const Frame& frame) {
    return code.OwnerOf(frame) == Owner::kUser;
  });
  if (outermost != site.stack.rend()) links.outermost = DeclaredFunction(outermost->function);
  for (const Stack* stack : {&site.stack, &creator}) {
    for (const Frame& frame : *stack) {
      const Owner owner = code.OwnerOf(frame);
      if (owner == Owner::kUser || owner == Owner::kDependency)
        links.functions.insert(DeclaredFunction(frame.function));
      links.in_call = links.in_call || (owner == Owner::kUser && IsOfEntry(frame.function, entry));
      if (owner == Owner::kDependency) links.libraries.insert(PackageOf(frame.function));
    }
  }
  if (site.family == Family::kGoroutine) {
    for (const Frame& frame : creator) {
      if (code.OwnerOf(frame) == Owner::kUser) links.starting.emplace(frame.function, frame.line);
    }
  }
  links.handed_on = site.family == Family::kResource && links.user && !links.foreign &&
                    std::any_of(site.stack.data(), culprit, [&code](const Frame& frame) {
                      return code.helpers.contains(DeclaredFunction(frame.function));
                    });
  const auto goes_through = [&site](std::string_view function) {
    return std::any_of(site.stack.begin(), site.stack.end(),
                       [function](const Frame& frame) { return frame.function == function; });
  };
  links.accepted = IsAccepted(site);
  links.of_transport =
      site.kind == "fd.socket" && std::any_of(site.stack.begin(), site.stack.end(), [](const Frame& frame) {
        return frame.function.starts_with("net/http.(*Transport).");
      });
  links.hijacked = goes_through("net/http.(*response).Hijack");
  if (site.family == Family::kGoroutine && !site.stack.empty()) {
    links.awaits_io = goes_through("internal/poll.runtime_pollWait");
    links.plain_receive = goes_through("runtime.chanrecv1") || goes_through("runtime.chanrecv2");
    links.served =
        starter == nullptr && culprit != nullptr && code.OwnerOf(site.stack.back()) == Owner::kStandard;
  }
  if (site.family == Family::kGoroutine || site.family == Family::kHeap) {
    links.goroutine = FunctionThatRuns(site.stack);
  }
  return links;
}

bool MayBelong(const GrowingSite& a, const GrowingSite& b) {
  const auto is_handle = [](const GrowingSite& grown) {
    return grown.site.family == Family::kResource || grown.site.family == Family::kFd;
  };
  return a.site.healed_by_gc == b.site.healed_by_gc || (is_handle(a) && is_handle(b));
}

Tie TieOf(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb) {
  if (la.culprit.empty() || lb.culprit.empty()) return Tie::kNone;
  if (a.driver != b.driver && !a.companion && !b.companion && !SamePlace(a.site, b.site)) return Tie::kNone;
  if (a.companion && b.companion) return Tie::kNone;  // they join causes, not each other
  if (!MayBelong(a, b) || a.apart != b.apart) return Tie::kNone;
  if (la.culprit == lb.culprit) return Tie::kCulprit;
  const bool heap_a = a.site.family == Family::kHeap;
  const bool heap_b = b.site.family == Family::kHeap;
  if (!heap_a && !heap_b) {
    const bool one_call = PassesThrough(a.site.stack, b.site, lb) ||
                          PassesThrough(b.site.stack, a.site, la) || StartedWith(la, b.site, lb) ||
                          StartedWith(lb, a.site, la);
    return one_call ? Tie::kCalls : Tie::kNone;
  }
  if (heap_a != heap_b && !la.goroutine.empty() && la.goroutine == lb.goroutine) return Tie::kCulprit;
  // What is no memory is called by nobody here: causes are told apart by their culprits.
  const auto called = [](const Links& inner, const Links& outer) {
    if (!inner.functions.contains(outer.culprit)) return Tie::kNone;
    return inner.outermost == outer.culprit ? Tie::kEntry : Tie::kCalls;
  };
  return std::max(heap_a ? called(la, lb) : Tie::kNone, heap_b ? called(lb, la) : Tie::kNone);
}

bool AreRivals(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb) {
  const auto ticks_on = [](const GrowingSite& ticker, const GrowingSite& goroutine) {
    return ticker.site.kind == "time.ticker" && goroutine.proven;
  };
  if (ticks_on(a, b) || ticks_on(b, a)) return la.user && lb.user && la.culprit != lb.culprit;
  return a.site.family == Family::kResource && b.site.family == Family::kResource && !a.companion &&
         !b.companion && a.site.kind == b.site.kind && la.user && lb.user && la.culprit != lb.culprit &&
         !la.functions.contains(lb.culprit) && !lb.functions.contains(la.culprit);
}

bool AreApart(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb) {
  return la.user && lb.user && la.culprit != lb.culprit && a.site.kind != "context" &&
         b.site.kind != "context";
}

bool Keeps(const std::vector<GrowingSite>& sites, size_t keeper, size_t kept) {
  if (sites[kept].companion) return false;
  if (sites[keeper].companion) return sites[kept].kept_by == keeper && !sites[keeper].site.container.empty();
  return sites[kept].held_by == keeper ||
         (sites[kept].kept_by == keeper && sites[keeper].driver == sites[kept].driver);
}

bool IsCountOf(const Site& count, const Site& handle) {
  if (count.family != Family::kFd || !IsDescriptor(handle)) return false;
  const std::string_view kind = std::string_view(handle.kind).substr(handle.kind.find('.') + 1);
  return count.kind.starts_with(kind) && (count.kind.size() == kind.size() || count.kind[kind.size()] == '.');
}

bool StartedBeside(const GrowingSite& goroutine, const Links& lg, const GrowingSite& handle,
                   const Links& lh) {
  return goroutine.site.family == Family::kGoroutine && !lg.user && !lg.culprit.empty() &&
         IsDescriptor(handle.site) && lh.foreign && lh.user && lh.functions.contains(lg.culprit);
}

bool ShareLibrary(const Links& a, const Links& b) {
  return std::any_of(a.libraries.begin(), a.libraries.end(),
                     [&b](const std::string& library) { return b.libraries.contains(library); });
}

double Gained(const GrowingSite& grown) {
  return std::accumulate(grown.changes.begin(), grown.changes.end(), 0.0);
}

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

}  // namespace goleakstress::explain
