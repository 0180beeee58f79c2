#include "harness/report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/report/entries.h"
#include "harness/report/escape.h"
#include "harness/report/groups.h"
#include "harness/report/text_finding.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr size_t kBodyBytes = 16 << 10;  // readers choke on megabytes of text

std::string Xml(std::string_view escaped) {
  std::string out;
  for (const char c : escaped) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string XmlLine(std::string_view text) { return Xml(OneLine(text)); }

// What a test case says beside its name; one outcome at most, the worst.
struct Case {
  std::string name, tag = {}, type = {}, message = {}, body = {};
  double seconds = 0;
};

Case CaseOf(const Report& report, const std::vector<SameFinding>& groups, const Entry& entry) {
  Case out{.name = entry.name(), .seconds = entry.seconds()};
  TextLines lines(false);
  size_t findings = 0;
  const Finding* worst = nullptr;
  for (const SameFinding& same : groups) {
    for (const Finding* finding : same) {
      if (finding->package() != entry.package() || finding->entry() != entry.name()) continue;
      lines.Gap();
      AppendFinding(&lines, {finding}, false);
      ++findings;
      if (worst == nullptr) worst = finding;
    }
  }
  for (const Crash& crash : report.crashes()) {
    if (crash.package() != entry.package() || crash.entry() != entry.name()) continue;
    lines.Gap();
    lines.Line(fmt::format("CRASH  {}", OneLine(crash.what())));
    lines.Quoted(ManyLines(crash.text(), 2048));
  }
  for (const std::string& note : entry.notes()) lines.Line(fmt::format("NOTE  {}", OneLine(note)));
  out.body = std::move(lines).Take();
  const bool all_skipped = WasSkipped(entry);
  if (worst != nullptr &&
      (IsLeak(worst->verdict()) || (worst->verdict() == "gc-only" && report.gc_only_fails()))) {
    out.tag = "failure";
    out.type = worst->rule();
    out.message = SentenceOf({worst});
    if (findings > 1) out.message += fmt::format(", and {} more", findings - 1);
  } else if (entry.verdict().empty()) {
    const bool told = entry.notes_size() > 0;  // it could not be, and that is no one's fault
    out.tag = told ? "skipped" : "error";
    if (!told) out.type = "not run";
    out.message = told ? "not run: " + OneLine(entry.notes(0)) : "not run";
  } else if (worst != nullptr) {
    out.tag = "skipped";
    out.message = SentenceOf({worst});
  } else if (entry.verdict() == "inconclusive" || all_skipped) {
    out.tag = "skipped";
    out.message = all_skipped ? "every call skipped itself" : "inconclusive";
    if (entry.notes_size() > 0) out.message += ": " + OneLine(entry.notes(0));
  }
  return out;
}

void AppendCase(std::string* out, const std::string& package, const Case& test) {
  *out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", XmlLine(package),
                      XmlLine(test.name), std::max(0.0, test.seconds));
  if (test.tag.empty()) {
    *out += "/>\n";
    return;
  }
  const std::string type = test.type.empty() ? "" : fmt::format(" type=\"{}\"", XmlLine(test.type));
  *out += fmt::format(">\n      <{0} message=\"{1}\"{2}>{3}</{0}>\n    </testcase>\n", test.tag,
                      XmlLine(test.message), type, Xml(ManyLines(test.body, kBodyBytes)));
}

int CountTag(const std::vector<Case>& cases, std::string_view tag) {
  return static_cast<int>(
      std::count_if(cases.begin(), cases.end(), [tag](const Case& test) { return test.tag == tag; }));
}

}  // namespace

std::string JunitReport(const Report& report) {
  const std::vector<SameFinding> groups = GroupFindings(report);
  std::string suites;
  int tests = 0, failures = 0, errors = 0;
  for (const std::string& name : PackageNames(report)) {
    std::vector<Case> cases;
    for (const Package& package : report.packages()) {
      if (package.import_path() != name || package.error().empty()) continue;
      cases.push_back({.name = "build",
                       .tag = "error",
                       .type = "build",
                       .message = "does not build",
                       .body = ManyLines(package.error())});
    }
    double seconds = 0;
    for (const Entry& entry : report.entries()) {
      if (entry.package() != name) continue;
      cases.push_back(CaseOf(report, groups, entry));
      seconds += std::max(0.0, entry.seconds());
    }
    const int failed = CountTag(cases, "failure"), broken = CountTag(cases, "error");
    suites += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\">\n",
        XmlLine(name), cases.size(), failed, broken, CountTag(cases, "skipped"), seconds);
    for (const Case& test : cases) AppendCase(&suites, name, test);
    suites += "  </testsuite>\n";
    tests += static_cast<int>(cases.size());
    failures += failed;
    errors += broken;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"goleakstress\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n{}"
      "</testsuites>\n",
      tests, failures, errors, std::max(0.0, report.seconds()), suites);
}

}  // namespace goleakstress::report
