#include "harness/campaign/undecided.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace goleakstress::campaign {
namespace {

using explain::CodeMap;
using explain::Family;
using explain::Frame;

constexpr size_t kMost = 3;

std::string PlaceOf(const explain::Site& site, const explain::EntryContext& context, const CodeMap& code) {
  const Frame* where = explain::CulpritOf(site, code);
  if (where == nullptr && !site.stack.empty()) where = &site.stack.front();
  if (where == nullptr) return {};
  return fmt::format(" of {} ({}:{})", where->function, explain::FileName(*where, context, code),
                     where->line);
}

}  // namespace

std::string WithBudget(const std::string& settle, int64_t enough_calls, int64_t made, double budget_seconds) {
  constexpr double kRoom = 1.2;
  if (settle.empty() || enough_calls <= made || made == 0) return settle;
  const double seconds =
      kRoom * budget_seconds * static_cast<double>(enough_calls) / static_cast<double>(made);
  if (seconds <= 120) return fmt::format("{}, -budget {:.0f}s", settle, 10 * std::ceil(seconds / 10));
  return fmt::format("{}, -budget {:.0f}m", settle, std::ceil(seconds / 60));
}

std::vector<std::string> NotesOn(std::vector<Undecided> sites, const explain::EntryContext& context,
                                 const CodeMap& code) {
  const auto order = [&code](const Undecided& undecided) {
    const Family family = undecided.site.family;
    const bool thing = family == Family::kResource || family == Family::kFd || family == Family::kGoroutine;
    return std::tuple(explain::CulpritOf(undecided.site, code) == nullptr, !thing, -undecided.log_e);
  };
  std::multimap<std::tuple<bool, bool, double>, Undecided> sorted;  // stable
  for (Undecided& undecided : sites) sorted.emplace(order(undecided), std::move(undecided));
  std::vector<std::string> notes;
  std::set<std::string> places;
  for (const auto& [key, undecided] : sorted) {
    if (notes.size() == kMost) break;
    const bool only_go = explain::CulpritOf(undecided.site, code) == nullptr;
    // A kind of descriptor has no stack, and says more than a place in Go's own packages.
    if (only_go && !undecided.site.stack.empty() && !notes.empty()) continue;
    const std::string place = PlaceOf(undecided.site, context, code);
    // Objects and bytes of one line are one thing to look at.
    if (!place.empty() && !places.insert(place).second) continue;
    notes.push_back(fmt::format("could not decide on {}{}{}", explain::NameOf(undecided.site), place,
                                undecided.settle.empty() ? "" : ": " + undecided.settle));
  }
  return notes;
}

}  // namespace goleakstress::campaign
