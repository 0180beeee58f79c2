#include "harness/explain/site.h"

#include <fmt/format.h>

#include <algorithm>

namespace goleakstress::explain {

std::string KeyOf(const Site& site) {
  std::string key =
      fmt::format("{}|{}|{}{}{}{}", static_cast<int>(site.family), site.kind, site.by_function ? 'f' : '-',
                  site.before_jump ? 'j' : '-', site.healed_by_gc ? 'g' : '-', site.total ? 't' : '-');
  for (const Frame& frame : site.stack)
    fmt::format_to(std::back_inserter(key), "\n{}:{}", frame.function, frame.line);
  for (const Frame& frame : site.creators)
    fmt::format_to(std::back_inserter(key), "\n<{}:{}", frame.function, frame.line);
  return key;
}

std::string PlaceOf(const Site& site) {
  Site place = site;
  place.kind.clear();
  return KeyOf(place);
}

bool IsBytes(const Site& site) {
  return site.family == Family::kHeap ? site.kind == "bytes" : site.kind == kCMemoryBytes;
}

bool IsDescriptor(const Site& site) {
  return site.family == Family::kResource && site.kind.starts_with("fd.");
}

bool NeedsDescriptor(const Site& site) {
  const auto begins = [&site](std::string_view kind) { return site.kind.starts_with(kind); };
  return IsDescriptor(site) ||
         (site.family == Family::kResource && (begins("http.") || begins("sql.") || begins("exec.")));
}

bool IsAccepted(const Site& site) {
  return site.family == Family::kResource &&
         std::any_of(site.stack.begin(), site.stack.end(), [](const Frame& frame) {
           return frame.function == "syscall.Accept4" || frame.function == "syscall.Accept";
         });
}

const Frame* CulpritOf(const Site& site, const CodeMap& code) {
  const Frame* const culprit = Culprit(site.stack, code);
  if (culprit != nullptr && code.OwnerOf(*culprit) == Owner::kUser) return culprit;
  const Frame* const starter = Culprit(site.creators, code);
  const bool users = starter != nullptr && code.OwnerOf(*starter) == Owner::kUser;
  return users || culprit == nullptr ? starter : culprit;
}

std::string NameOf(const Site& site) {
  std::string name = site.kind;
  if (site.family == Family::kFd) name = site.kind.empty() ? "fds" : "fd " + site.kind;
  if (site.family == Family::kGoroutine) name = "goroutines";
  if (site.family == Family::kHeap) name = (site.kind == "entries" ? "map " : "heap ") + site.kind;
  if (site.healed_by_gc) name += " gc-closed";
  if (site.before_jump) name += " right after the calls";
  return name;
}

}  // namespace goleakstress::explain
