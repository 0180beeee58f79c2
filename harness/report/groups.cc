#include "harness/report/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>
#include <tuple>

#include "harness/report/escape.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

double Ordered(double value) { return std::isnan(value) ? 0 : value; }  // what is no number has no order

// FuzzA+FuzzB: what an entry by itself shows is easier to follow.
bool IsCombined(std::string_view entry) { return entry.find('+') != entry.npos; }

// Worst verdict first, then the strongest evidence, then the fastest growth; names make the order the same
// whatever order the findings came in.
bool Worse(const Finding* a, const Finding* b) {
  const auto key = [](const Finding& f) {
    return std::tuple(SeverityOf(f.verdict()), IsCombined(f.entry()), -Ordered(f.evidence().e_value()),
                      -Ordered(f.rate_per_call()), std::string_view(f.package()), std::string_view(f.id()),
                      std::string_view(f.entry()), f.culprit().line());
  };
  return key(*a) < key(*b);
}

std::string_view ImportPathOf(std::string_view function) {
  const size_t slash = function.substr(0, function.find_first_of("[(")).rfind('/');
  return function.substr(0, function.find('.', slash == function.npos ? 0 : slash));
}

// Go's own packages have no dot in the first element of their path.
bool IsOfGo(std::string_view import_path) {
  return import_path.substr(0, import_path.find('/')).find('.') == import_path.npos;
}

bool IsProbe(std::string_view function) { return function.find(".goleakstress") != function.npos; }

// Whether all names in "(*PipeWriter).Write" are exported.
bool IsPublic(std::string_view names) {
  bool within = false;
  for (const char c : names) {
    const bool of_name = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (of_name && !within && std::isupper(static_cast<unsigned char>(c)) == 0) return false;
    within = of_name;
  }
  return true;
}

}  // namespace

bool IsSameLeak(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.signature(), f.package(), f.class_(), f.culprit().file());
  };
  const bool same_thing = a.class_() != "resource" || (a.rule() == b.rule() && a.kind() == b.kind());
  return !a.signature().empty() && key(a) == key(b) && a.culprit().line() == b.culprit().line() && same_thing;
}

std::vector<SameFinding> GroupFindings(const Report& report) {
  std::vector<SameFinding> groups;
  for (const Finding& finding : report.findings()) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const SameFinding& group) {
      return IsSameLeak(*group.front(), finding);
    });
    if (same == groups.end()) {
      groups.push_back({&finding});
    } else {
      same->push_back(&finding);
    }
  }
  for (SameFinding& group : groups) std::sort(group.begin(), group.end(), Worse);
  std::sort(groups.begin(), groups.end(),
            [](const SameFinding& a, const SameFinding& b) { return Worse(a.front(), b.front()); });
  return groups;
}

std::vector<std::string> PackageNames(const Report& report) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Package& package : report.packages()) add(package.import_path());
  for (const Entry& entry : report.entries()) add(entry.package());
  for (const Finding& finding : report.findings()) add(finding.package());
  for (const Crash& crash : report.crashes()) add(crash.package());
  return names;
}

std::string EntriesOf(const SameFinding& same) {
  std::string entries;
  std::set<std::string_view> named;
  for (const Finding* finding : same) {
    if (!named.insert(finding->entry()).second) continue;
    fmt::format_to(std::back_inserter(entries), "{}{}", entries.empty() ? "" : ", ",
                   OneLine(finding->entry()));
  }
  return entries;
}

std::string SentenceOf(const SameFinding& same) {
  const Finding& finding = *same.front();
  std::string kind = finding.kind();
  if (finding.class_() == "goroutine") {
    kind = finding.blocked_on().empty() ? "goroutine" : "goroutine in " + finding.blocked_on();
  }
  return fmt::format("{}: {}, {}, seen in {}", OneLine(finding.verdict()), OneLine(kind),
                     OneLine(RateText(finding)), EntriesOf(same));
}

bool IsLibrarys(const Frame& frame) {
  const size_t slash = frame.function().find('/');
  return !frame.user() && slash != std::string::npos && frame.function().find('.') < slash;
}

const Frame* FirstUserFrame(const google::protobuf::RepeatedPtrField<Frame>& frames) {
  const auto at = std::find_if(frames.begin(), frames.end(), [](const Frame& f) { return f.user(); });
  return at == frames.end() ? nullptr : &*at;
}

std::string WaitsInside(const Finding& finding) {
  if (finding.blocked_on().starts_with("sync.") || finding.blocked_on() == "sleep") return {};
  const Frame* inside = nullptr;
  for (const Frame& frame : finding.stack()) {
    const std::string_view function = frame.function();
    const std::string_view package = ImportPathOf(function);
    if (inside == nullptr && !frame.user() &&
        (package == "runtime" || package.starts_with("internal/") || IsProbe(function)))
      continue;
    if (frame.user() || !IsOfGo(package) ||
        (inside != nullptr && package != ImportPathOf(inside->function())))
      break;
    inside = &frame;
    if (IsPublic(function.substr(package.size()))) break;
  }
  return inside == nullptr ? "" : ShortFunction(inside->function());
}

bool WaitsInUsers(const Finding& finding) {
  for (const Frame& frame : finding.stack()) {
    if (frame.user()) return true;
    if (!IsOfGo(ImportPathOf(frame.function()))) return false;
  }
  return false;
}

}  // namespace goleakstress::report
