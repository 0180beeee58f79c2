#include "harness/report/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/report/escape.h"
#include "harness/report/words.h"

namespace goleakstress::report {

bool HasTrouble(const Outcomes& outcomes) {
  return outcomes.failed() > 0 || outcomes.panicked() > 0 || outcomes.exited() > 0 || outcomes.hung() > 0 ||
         outcomes.crashed() > 0;
}

std::string Trouble(const Outcomes& outcomes) {
  std::string text;
  const auto add = [&text](int count, std::string_view what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", Thousands(count), what);
  };
  add(outcomes.failed(), "failed");
  add(outcomes.panicked(), "panicked");
  add(outcomes.exited(), "called os.Exit");
  add(outcomes.hung(), "hung");
  add(outcomes.crashed(), "crashed the process");
  add(outcomes.skipped(), "skipped");
  return text;
}

bool WasSkipped(const Entry& entry) {
  return entry.calls() > 0 && entry.outcomes().skipped() >= entry.calls();
}

bool ToldByFindings(const Entry& entry) {
  return IsLeak(entry.verdict()) || entry.verdict() == "gc-only" || entry.verdict() == "growing" ||
         entry.verdict() == "residue" || entry.verdict() == "background";
}

bool IsClean(const Entry& entry) { return IsQuiet(entry.verdict()) && !WasSkipped(entry); }

bool NeedsMention(const Entry& entry) {
  return (!IsClean(entry) && !ToldByFindings(entry)) || entry.notes_size() > 0 ||
         HasTrouble(entry.outcomes());
}

namespace {

// Calls that say something of the entry.
int SeenFor(const Entry& entry) { return std::min(entry.calls(), entry.horizon()); }

}  // namespace

std::string CleanToFewCalls(const Report& report) {
  constexpr int kUsualHorizon = 1024;
  constexpr size_t kMostNamed = 8;
  std::vector<const Entry*> entries;
  bool same = true;
  for (const Entry& entry : report.entries()) {
    if (!IsClean(entry) || entry.horizon() <= 0 || SeenFor(entry) >= kUsualHorizon) continue;
    entries.push_back(&entry);
    same = same && SeenFor(entry) == SeenFor(*entries.front());
  }
  if (entries.empty()) return {};
  std::string names;
  for (size_t i = 0; i < std::min(entries.size(), kMostNamed); ++i) {
    names += (i == 0 ? "" : ", ") + OneLine(entries[i]->name(), 60);
    if (!same) names += fmt::format(" ({})", SeenFor(*entries[i]));
  }
  if (entries.size() > kMostNamed) names += fmt::format(" and {} more", entries.size() - kMostNamed);
  return fmt::format("clean to {} only: {} (a longer -budget looks further)",
                     same ? Count(SeenFor(*entries.front()), "call") : "few calls", names);
}

std::string Explored(const Entry& entry) {
  const Exploration& explored = entry.exploration();
  std::string text;
  if (explored.calls() > 0) {
    text = fmt::format("{}, {} of {} reached, ", Count(explored.distinct_inputs(), "distinct input"),
                       Thousands(explored.edges_reached()), Count(explored.edges_present(), "edge"));
  }
  text += fmt::format("{} of {}", Duration(explored.seconds()), Duration(entry.seconds()));
  if (explored.turns() > 0) text += fmt::format(" in {}", Count(explored.turns() + 1, "turn"));
  if (explored.minimise_seconds() >= 0.05) {
    text += fmt::format(" and {} to make the input small", Duration(explored.minimise_seconds()));
  }
  return text + ": " + OneLine(explored.ended());
}

std::string EntryMeaning(const Entry& entry) {
  if (entry.verdict() == "delayed") {
    return fmt::format("what its calls leave behind is released later, within {}",
                       Duration(entry.hold_seconds()));
  }
  if (entry.verdict() == "decelerating") return "grows with the calls, but slower and slower";
  if (WasSkipped(entry)) return "every call skipped itself: nothing was tested";
  return {};
}

}  // namespace goleakstress::report
