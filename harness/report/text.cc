#include "harness/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/entries.h"
#include "harness/report/escape.h"
#include "harness/report/text_corpora.h"
#include "harness/report/text_finding.h"
#include "harness/report/text_lines.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr size_t kLastColumn = 104;  // where "exit 1" ends
constexpr size_t kCrashLines = 20;   // of a crashed target's output, unless verbose

const Package* FindPackage(const Report& report, const std::string& name) {
  const auto at = std::find_if(report.packages().begin(), report.packages().end(),
                               [&](const Package& p) { return p.import_path() == name; });
  return at == report.packages().end() ? nullptr : &*at;
}

// Probes of the clock and of the schedule are per process: the headline counts what the overlay holds.
std::string ProbeCount(const Report& report) {
  const auto live =
      std::count_if(report.probes().begin(), report.probes().end(), [](const Probe& p) { return p.live(); });
  return fmt::format("probes {}/{} live", live, report.probes_size());
}

class TextWriter {
 public:
  TextWriter(const Report& report, const TextOptions& options)
      : report_(report), options_(options), all_findings_(GroupFindings(report)), lines_(options.colour) {}

  std::string Write() && {
    for (const std::string& name : PackageNames(report_)) AppendPackage(name);
    AppendRest();
    return std::move(lines_).Take();
  }

 private:
  void AppendPackage(const std::string& name) {
    std::vector<SameFinding> findings;
    for (const SameFinding& same : all_findings_) {
      if (same.front()->package() == name) findings.push_back(same);
    }
    Headline(name, findings.empty());
    bool told = false;
    const Package* package = FindPackage(report_, name);
    if (package != nullptr && !package->error().empty()) {
      // Unindented, as go prints it: editors find the places in it.
      lines_.Line(ManyLines(package->error()));
      told = true;
    }
    for (const SameFinding& same : findings) {
      lines_.Gap();
      AppendFinding(&lines_, same, options_.verbose);
      told = true;
      const std::string& verdict = same.front()->verdict();
      (IsLeak(verdict)        ? leaks_
       : verdict == "gc-only" ? closed_by_gc_
                              : suspects_[{SeverityOf(verdict), OneLine(verdict, 40)}]) += 1;
    }
    for (const Entry& entry : report_.entries()) {
      if (entry.package() != name || !(options_.verbose || NeedsMention(entry))) continue;
      lines_.Gap();
      AppendEntry(entry);
      told = true;
    }
    for (const Crash& crash : report_.crashes()) {
      if (crash.package() != name) continue;
      lines_.Gap();
      AppendCrash(crash);
      told = true;
    }
    if (told) lines_.Gap();
    for (const Entry& entry : report_.entries()) {
      if (entry.package() != name || entry.exploration().ended().empty()) continue;
      if (entry.exploration().calls() == 0 && !options_.verbose) continue;
      lines_.Line(fmt::format("EXPLORED  {}  {}", OneLine(entry.name()), Explored(entry)));
      told = true;
    }
    if (told) lines_.Gap();
  }

  void Headline(const std::string& name, bool no_findings) {
    const Package* package = FindPackage(report_, name);
    // One package is called as the user called it.
    const bool as_given = report_.packages_size() == 1 && !report_.target().empty() &&
                          report_.target().find("...") == std::string::npos;
    int entries = 0;
    bool clean = no_findings;
    for (const Entry& entry : report_.entries()) {
      if (entry.package() != name) continue;
      ++entries;
      clean = clean && IsClean(entry);
    }
    std::string line =
        "goleakstress: " + lines_.Paint(Ink::kBold, OneLine(as_given ? report_.target() : name));
    if (package != nullptr && !package->error().empty()) {
      lines_.Line(line + ", " + lines_.Paint(Ink::kRed, "not run"));
      return;
    }
    line += fmt::format(", {}", Count(entries, "entry"));
    if (clean && entries > 0) line += fmt::format(" {}", lines_.Paint(Ink::kGreen, "clean"));
    if (!report_.go_version().empty()) line += fmt::format(", {}", OneLine(report_.go_version()));
    if (package != nullptr) {
      line +=
          package->cached() ? ", cached" : fmt::format(", built in {}", Duration(package->build_seconds()));
    }
    if (report_.probes_size() > 0) line += fmt::format(", {}", ProbeCount(report_));
    lines_.Line(line);
  }

  void AppendEntry(const Entry& entry) {
    std::string word = Upper(OneLine(entry.verdict()));
    if (WasSkipped(entry)) word = "SKIPPED";
    if (word.empty()) word = "NOT RUN";
    // Only findings are headed by the word for a leak.
    const bool told = ToldByFindings(entry);
    std::string line =
        told ? fmt::format("ENTRY  {}  {}", OneLine(entry.name()), OneLine(entry.verdict()))
             : fmt::format("{}  {} ", lines_.Paint(IsClean(entry) ? Ink::kGreen : Ink::kYellow, word),
                           OneLine(entry.name()));
    if (entry.calls() > 0 || !entry.verdict().empty()) {
      line += fmt::format("{} {}, {}, {}", told ? "," : "", Count(entry.calls(), "call"),
                          Count(entry.snapshots(), "snapshot"), Duration(entry.seconds()));
    }
    lines_.Line(line);
    lines_.Labelled("means", EntryMeaning(entry));
    if (options_.verbose || HasTrouble(entry.outcomes())) lines_.Labelled("calls", Trouble(entry.outcomes()));
    for (const std::string& note : entry.notes()) lines_.Labelled("note", OneLine(note, 1000));
    if (!options_.verbose) return;
    lines_.Labelled("how", fmt::format("{}, {}, {} clock, {}, {:.1f} us per call, {:.1f} ms per snapshot",
                                       OneLine(entry.kind()), OneLine(entry.mode()), OneLine(entry.clock()),
                                       Count(entry.processes(), "process"), entry.microseconds_per_call(),
                                       entry.milliseconds_per_snapshot()));
    lines_.Labelled(
        "", fmt::format("horizon {} calls, hold {}, {}", Thousands(entry.horizon()),
                        Duration(entry.hold_seconds()), Count(entry.distinct_inputs(), "distinct input")));
    lines_.Labelled("schedule", OneLine(entry.schedule()));
  }

  void AppendCrash(const Crash& crash) {
    lines_.Line(fmt::format("{}  {}  {}", lines_.Paint(Ink::kRed, "CRASH"), OneLine(crash.entry()),
                            OneLine(crash.what(), 1000)));
    lines_.Labelled("input", InputLine(crash.input()));
    const std::string text = ManyLines(crash.text(), 16 << 10);
    std::string_view head = text;
    if (!options_.verbose) {
      size_t newlines = 0;
      for (size_t i = 0; i < text.size() && newlines < kCrashLines; ++i) {
        if (text[i] == '\n' && ++newlines == kCrashLines) head = head.substr(0, i);
      }
    }
    lines_.Quoted(head);
  }

  void AppendRest() {
    for (const Probe& probe : report_.probes()) {
      if (probe.live()) continue;
      lines_.Line(fmt::format("{}  {}  {}", lines_.Paint(Ink::kYellow, "PROBE LOST"), OneLine(probe.name()),
                              OneLine(probe.lost(), 1000)));
    }
    if (const std::string text = CleanToFewCalls(report_); !text.empty()) lines_.Line(text);
    const bool failed = report_.outcome() == "error";
    for (const std::string& notice : report_.notices()) {
      lines_.Line(fmt::format("{}  {}",
                              failed ? lines_.Paint(Ink::kRed, "ERROR") : lines_.Paint(Ink::kYellow, "NOTE"),
                              ManyLines(notice, 4096)));
    }
    if (report_.interrupted())
      lines_.Line(lines_.Paint(Ink::kYellow, "INTERRUPTED") + "  this report is partial");
    if (options_.verbose) {
      std::string stages;
      for (const Stage& stage : report_.stages()) {
        stages += fmt::format("{}{} {}", stages.empty() ? "" : ", ", OneLine(stage.name()),
                              Duration(stage.seconds()));
      }
      if (!stages.empty()) lines_.Line("stages " + stages);
    }
    lines_.Line(LastLine());
  }

  std::string LastLine() const {
    const auto unclear = std::count_if(report_.entries().begin(), report_.entries().end(),
                                       [](const Entry& e) { return e.verdict() == "inconclusive"; });
    const auto not_run = std::count_if(report_.entries().begin(), report_.entries().end(),
                                       [](const Entry& e) { return e.verdict().empty(); });
    const auto skipped = std::count_if(report_.entries().begin(), report_.entries().end(), WasSkipped);
    const auto unbuilt = std::count_if(report_.packages().begin(), report_.packages().end(),
                                       [](const Package& p) { return !p.error().empty(); });
    std::string text = "nothing was run";
    if (report_.entries_size() + report_.findings_size() > 0) {
      const bool they_fail = report_.gc_only_fails();
      text = Count(leaks_ + (they_fail ? closed_by_gc_ : 0), "leak");
      const std::string by_gc = fmt::format("{} not closed by the program itself", closed_by_gc_);
      if (closed_by_gc_ > 0) text += they_fail ? " (" + by_gc + ")" : ", " + by_gc;
      for (const auto& [verdict, count] : suspects_) text += fmt::format(", {} {}", count, verdict.second);
      text += fmt::format(" in {}", Count(report_.entries_size(), "entry"));
      std::vector<std::string> undecided;
      if (unclear > 0) undecided.push_back(fmt::format("{} inconclusive", unclear));
      if (not_run > 0) undecided.push_back(fmt::format("{} not run", not_run));
      if (skipped > 0) undecided.push_back(fmt::format("{} skipped", skipped));
      if (!undecided.empty()) text += fmt::format(" ({})", fmt::join(undecided, ", "));
    }
    if (unbuilt > 0) text += fmt::format(", {} not run", Count(unbuilt, "package"));
    text += fmt::format(", {}", Duration(report_.seconds()));
    if (report_.entries_size() > 0) text += fmt::format(", seed {}", report_.seed());
    const std::string exit = fmt::format("exit {}", report_.exit_code());
    const size_t used = text.size() + exit.size();
    text.append(used + 3 < kLastColumn ? kLastColumn - used : 3, ' ');
    return text + lines_.Paint(report_.exit_code() == 0 ? Ink::kGreen : Ink::kRed, exit);
  }

  const Report& report_;
  const TextOptions& options_;
  std::vector<SameFinding> all_findings_;
  TextLines lines_;
  int leaks_ = 0;
  int closed_by_gc_ = 0;
  std::map<std::pair<int, std::string>, int> suspects_ = {};  // by verdict, the worst first
};

}  // namespace

std::string TextReport(const Report& report, const TextOptions& options) {
  const std::string corpora = report.has_corpora() ? CorporaText(report.corpora()) : "";
  const bool whole = report.has_corpora() && report.exit_code() == 0;  // there is nothing else to tell
  return whole ? corpora : corpora + TextWriter(report, options).Write();
}

bool WantColour(std::string_view flag, const std::function<const char*(const char*)>& env, bool is_terminal) {
  const auto value = [&env](const char* name) -> std::string_view {
    const char* text = env(name);
    return text == nullptr ? std::string_view() : std::string_view(text);
  };
  if (flag == "always") return true;
  if (flag == "never") return false;
  if (!value("NO_COLOR").empty()) return false;
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    if (!value(name).empty() && value(name) != "0") return true;
  }
  return is_terminal && value("TERM") != "dumb";
}

}  // namespace goleakstress::report
