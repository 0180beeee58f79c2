#include "harness/campaign/troubles.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace goleakstress::campaign {
namespace {

constexpr size_t kMostTroubles = 16;
constexpr size_t kMostText = 16 << 10;

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// Two panics are one if they say the same; numbers in them come from the input.
std::string KindOfPanic(const std::string& text) {
  constexpr std::string_view kPrefix = "panic: ";
  std::string line = FirstLine(text);
  if (line.starts_with(kPrefix)) line.erase(0, kPrefix.size());
  return "a call panics: " + line;
}

std::string WithoutDigits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

}  // namespace

void Troubles::Add(std::string what, std::string text, const input::Input& input) {
  const auto known = std::find_if(
      troubles_.begin(), troubles_.end(),
      [kind = WithoutDigits(what)](const Trouble& trouble) { return WithoutDigits(trouble.what) == kind; });
  if (text.size() > kMostText) text.erase(0, text.size() - kMostText);
  if (known == troubles_.end()) {
    if (troubles_.size() < kMostTroubles) troubles_.push_back({std::move(what), std::move(text), input});
  } else if (input::Size(input) < input::Size(known->input)) {
    *known = {std::move(what), std::move(text), input};
  }
}

void Troubles::AddNotes(const std::vector<input::Input>& inputs, const agent::RunDone& done,
                        const std::vector<Hang>& hangs) {
  for (const agent::CallNote& note : done.notes()) {
    if (note.index() >= inputs.size()) continue;
    const input::Input& input = inputs[note.index()];
    if (note.outcome() == agent::OUTCOME_PANICKED) Add(KindOfPanic(note.text()), note.text(), input);
    if (note.outcome() == agent::OUTCOME_EXITED) Add("a call ends the process: " + note.text(), "", input);
  }
  const std::string& outcomes = done.outcomes();
  if (!outcomes.empty() && outcomes.back() == static_cast<char>(agent::OUTCOME_HUNG) &&
      outcomes.size() <= inputs.size()) {
    Add("a call does not return", hangs.empty() ? "" : hangs.back().stacks, inputs[outcomes.size() - 1]);
  }
}

void Troubles::AddCrash(const input::Input& input, const absl::Status& status, const std::string& output) {
  Add(fmt::format("a call ends the process: {}", std::string(status.message())), output, input);
}

void Troubles::Add(const Troubles& others) {
  for (const Trouble& trouble : others.troubles_) Add(trouble.what, trouble.text, trouble.input);
}

std::vector<report::Crash> Troubles::Crashes(const Members& members) const {
  std::vector<report::Crash> crashes;
  for (const Trouble& trouble : troubles_) {
    report::Crash& crash = crashes.emplace_back();
    crash.set_package(package_);
    crash.set_entry(entry_);
    crash.set_what(trouble.what);
    crash.set_text(trouble.text);
    crash.set_input(ShowCalls({trouble.input}, members));
  }
  return crashes;
}

void AddCrashes(std::vector<report::Crash> more, std::vector<report::Crash>* all) {
  for (report::Crash& crash : more) {
    const auto same = [kind = WithoutDigits(crash.what())](const report::Crash& known) {
      return WithoutDigits(known.what()) == kind;
    };
    if (all->size() < kMostTroubles && std::none_of(all->begin(), all->end(), same)) {
      all->push_back(std::move(crash));
    }
  }
}

}  // namespace goleakstress::campaign
