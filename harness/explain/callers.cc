#include "harness/explain/callers.h"

#include <algorithm>

namespace goleakstress::explain {
namespace {

// Behind the frames of the function that is to blame: its callers. The end of the stack: nobody is.
Stack::const_iterator CallersIn(const Stack& stack, const CodeMap& code) {
  const Frame* const culprit = Culprit(stack, code);
  if (culprit == nullptr) return stack.end();
  const std::string function = DeclaredFunction(culprit->function);
  return std::find_if(stack.begin() + (culprit - stack.data()), stack.end(), [&function](const Frame& frame) {
    return DeclaredFunction(frame.function) != function;
  });
}

}  // namespace

Stack StackOfWhatStays(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members, size_t head,
                       const CodeMap& code) {
  constexpr double kMost = 0.5;  // of the entries
  const GrowingSite& map = sites[head];
  const Stack& stack = map.site.stack;
  const auto callers = CallersIn(stack, code);
  if (map.site.kind != "entries" || callers == stack.begin()) return stack;
  const std::string function = DeclaredFunction((callers - 1)->function);
  const GrowingSite* most = nullptr;
  for (size_t i : members) {
    const GrowingSite& kept = sites[i];
    if (kept.site.family != Family::kHeap || kept.site.kind != "objects" || kept.companion ||
        kept.driver != map.driver || kept.rate < kMost * map.rate)
      continue;
    const auto its_callers = CallersIn(kept.site.stack, code);
    if (its_callers == kept.site.stack.begin() || DeclaredFunction((its_callers - 1)->function) != function)
      continue;
    if (std::equal(callers, stack.end(), its_callers, kept.site.stack.end())) return stack;
    if (most == nullptr || kept.rate > most->rate) most = &kept;
  }
  if (most == nullptr) return stack;
  Stack stays(stack.begin(), callers);
  stays.insert(stays.end(), CallersIn(most->site.stack, code), most->site.stack.end());
  return stays;
}

}  // namespace goleakstress::explain
