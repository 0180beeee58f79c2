// What an attempt says beside its findings: why nothing was found.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "harness/campaign/attempt.h"
#include "harness/campaign/undecided.h"
#include "harness/campaign/words_of_failure.h"

namespace goleakstress::campaign {
namespace {

constexpr int64_t kCallsToDecide = 84;  // by the shortest plan: until growth is told from none

}  // namespace

std::string Attempt::WhatSettles(const experiment::SiteVerdict& verdict) const {
  return WithBudget(verdict.settle, verdict.enough_calls, verdict.calls, Seconds(job_.budget));
}

bool Attempt::EverMoved(size_t site) const {
  for (size_t row = 1; row < history_.size(); ++row) {
    if (LevelAt(row, site) != LevelAt(0, site)) return true;
  }
  return false;
}

// Names the sites that kept the entry from being clean. Of those that never moved there is nothing to say but
// that more calls would refute a rate.
void Attempt::NoteInconclusive(const std::vector<experiment::SiteVerdict>& verdicts) {
  std::vector<Undecided> undecided;
  for (const experiment::SiteVerdict& verdict : verdicts) {
    if (verdict.verdict != experiment::Verdict::kInconclusive) continue;
    const explain::Site& site = table_.site(static_cast<size_t>(verdict.site));
    if (site.before_jump || site.by_function || !EverMoved(static_cast<size_t>(verdict.site))) continue;
    undecided.push_back({.site = site, .log_e = verdict.log_e_call, .settle = WhatSettles(verdict)});
  }
  std::vector<std::string> notes = NotesOn(std::move(undecided), Context(), job_.code);
  if (notes.empty()) {
    const std::string decided =
        fmt::format("nothing was decided in {} calls and {} snapshots", tally_.made, snapshots());
    notes.push_back(tally_.made < kCallsToDecide
                        ? WithBudget(fmt::format("{}: {} calls would do", decided, kCallsToDecide),
                                     kCallsToDecide, tally_.made, Seconds(job_.budget))
                        : decided + ": a larger -budget would do");
  }
  if (out_of_memory_) {
    notes.insert(
        notes.begin(),
        fmt::format("after {} calls the target's live heap reached three quarters of the cap of {:.1f} GB: a "
                    "larger -memory-cap leaves room for more",
                    tally_.made, 1e-9 * static_cast<double>(job_.program.memory_cap_bytes)));
  }
  notes_.insert(notes_.end(), std::make_move_iterator(notes.begin()), std::make_move_iterator(notes.end()));
}

bool Attempt::hardly_ran() const {
  constexpr int64_t kLeastCalls = 20;
  constexpr double kNearlyAll = 0.9;
  if (only_first_returns_) return true;
  return verdict_ && findings_.empty() && tally_.made >= kLeastCalls &&
         static_cast<double>(Failing(tally_)) >= kNearlyAll * static_cast<double>(tally_.made);
}

void Attempt::NoteFailures() {
  const std::string words = session_ == nullptr ? "" : WordsOfFailure(tally_, session_->OutputTail());
  const std::string example = words.empty() ? "" : ", one with \"" + words + "\"";
  const bool all = Failing(tally_) == tally_.made;
  const std::string_view meaning = all            ? ": what comes after that was not reached"
                                   : hardly_ran() ? ": what comes after that was hardly reached"
                                                  : "";
  std::string note =
      fmt::format("{} of {} calls failed or panicked{}{}", Failing(tally_), tally_.made, example, meaning);
  if (all) note = fmt::format("all {} calls failed or panicked{}{}", tally_.made, example, meaning);
  // Where it is why the entry counts as not run it is told first.
  notes_.insert(hardly_ran() ? notes_.begin() : notes_.end(), std::move(note));
}

}  // namespace goleakstress::campaign
