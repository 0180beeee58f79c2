#include "harness/explain/counts.h"

#include <algorithm>

#include "harness/explain/links.h"

namespace goleakstress::explain {
namespace {

constexpr double kAsOften = 0.5;
constexpr double kLeastStack = 2048;  // bytes: what a goroutine begins with (stackMin of Go's runtime)

bool CountsObjects(const GrowingSite& grown) {
  return !grown.companion && grown.site.family == Family::kHeap && grown.site.kind == "objects";
}

// Whether it is allocated in the line, or in a call from there.
bool IsMadeAt(const GrowingSite& grown, const Frame* line) {
  const Stack& stack = grown.site.stack;
  return line != nullptr && std::find(stack.begin(), stack.end(), *line) != stack.end();
}

double BytesOf(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members,
               const GrowingSite& head) {
  const double gained = Gained(head);
  double bytes = 0;
  for (size_t i : members) {
    const GrowingSite& member = sites[i];
    if (member.site.family == Family::kGoroutine && !member.site.by_function && !member.companion)
      bytes += kLeastStack * member.rate;
    if (!IsBytes(member.site)) continue;
    if (!member.companion) {
      bytes += member.rate;
    } else if (gained > 0) {
      bytes += Gained(member) / gained * head.rate;
    }
  }
  return bytes;
}

}  // namespace

Counted CountCluster(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members,
                     const GrowingSite& head, const CodeMap& code) {
  Counted counted = {.rate = &head, .bytes = BytesOf(sites, members, head)};
  if (head.site.family != Family::kHeap || head.site.kind == "entries") return counted;
  const Frame* const line = Culprit(head.site.stack, code);
  double most = 0;
  for (size_t i : members) {
    if (CountsObjects(sites[i])) most = std::max(most, sites[i].rate);
  }
  // What the head's own line leaves with every call tells more than what more of comes elsewhere.
  const auto often = [&](const GrowingSite& grown) {
    return CountsObjects(grown) &&
           grown.rate >= kAsOften * (IsMadeAt(grown, line) ? std::min(most, 1.0) : most);
  };
  const auto better = [&](const GrowingSite& a, const GrowingSite& b) {
    if (often(a) != often(b)) return often(a);
    const bool here = IsMadeAt(a, line), there = IsMadeAt(b, line);
    return here != there ? here : a.log10_e > b.log10_e;
  };
  for (size_t i : members) {
    if (often(sites[i]) && better(sites[i], *counted.rate)) counted.rate = &sites[i];
  }
  return counted;
}

}  // namespace goleakstress::explain
