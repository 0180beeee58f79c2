// experiment_table [RUNS [virtual|real|1024|256 [PREFIX]]]: the archetype table as markdown, by default 200
// runs of each archetype with the clock moved by the probe. Exits with 1 when any run of a non-leak was
// called `leak`.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/experiment/trial.h"

namespace goleakstress::experiment {
namespace {

constexpr int kThreads = 2;

struct Row {
  Archetype archetype;
  uint64_t stream;
  std::vector<Trial> trials;
};

template <typename F>
auto Median(const std::vector<Trial>& trials, F&& of) {
  std::vector<decltype(of(trials[0]))> values;
  for (const Trial& t : trials) values.push_back(of(t));
  std::sort(values.begin(), values.end());
  return values.empty() ? decltype(of(trials[0])){} : values[values.size() / 2];
}

bool Found(Verdict v) { return IsGrowth(v) || v == Verdict::kDecelerating; }

void Print(const Row& row) {
  const double n = static_cast<double>(row.trials.size());
  std::map<Verdict, int> count;
  int right = 0;
  std::vector<Trial> alarmed;
  for (const Trial& t : row.trials) {
    ++count[t.verdict.verdict];
    right += Found(t.verdict.verdict) && t.verdict.driver == row.archetype.driver;
    if (t.first_alarm_calls > 0) alarmed.push_back(t);
  }
  std::vector<std::pair<int, Verdict>> others;
  for (const auto& [verdict, times] : count) {
    if (verdict != Verdict::kLeak) others.emplace_back(-times, verdict);
  }
  std::sort(others.begin(), others.end());
  std::string other;
  for (const auto& [times, verdict] : others) {
    other += fmt::format("{}{} {:.2f}", other.empty() ? "" : ", ", Name(verdict), -times / n);
  }
  std::string alarm = "-";
  if (!alarmed.empty()) {
    alarm = fmt::format("{:.2f} at {}/{}", static_cast<double>(alarmed.size()) / n,
                        Median(alarmed, [](const Trial& t) { return t.first_alarm_calls; }),
                        Median(alarmed, [](const Trial& t) { return t.first_alarm_snapshots; }));
  }
  fmt::print("| {} | {:.3f} | {} | {} | {} | {}/{} |\n", row.archetype.name, count[Verdict::kLeak] / n, other,
             row.archetype.kind == 'L' ? fmt::format("{:.2f}", right / n) : "", alarm,
             Median(row.trials, [](const Trial& t) { return t.calls; }),
             Median(row.trials, [](const Trial& t) { return t.snapshots; }));
}

int Run(int runs, std::string_view mode, std::string_view prefix) {
  Plan plan;
  if (mode == "real") {
    plan = RealTime(plan);
  } else if (mode != "virtual") {
    plan = Plan::ForHorizon(std::atoi(std::string(mode).c_str()));
  }
  std::vector<Row> rows;
  uint64_t stream = 0;
  for (const auto& list : {DesignArchetypes(), HeldOutArchetypes(), NewArchetypes()}) {
    for (const Archetype& a : list) {
      ++stream;
      if (a.name.starts_with(prefix))
        rows.push_back({a, stream, std::vector<Trial>(static_cast<size_t>(runs))});
    }
  }
  std::atomic<size_t> next = 0;
  const size_t jobs = rows.size() * static_cast<size_t>(runs);
  auto work = [&] {
    for (size_t job = next++; job < jobs; job = next++) {
      Row& row = rows[job / static_cast<size_t>(runs)];
      const uint64_t run = job % static_cast<size_t>(runs);
      const auto world = row.archetype.make(TrialSeed(2 * row.stream, run));
      row.trials[run] = RunTrial(*world, plan, TrialSeed(2 * row.stream + 1, run));
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  threads.clear();

  fmt::print(
      "| archetype | leak | otherwise | driver right | first alarm, calls/snapshots | verdict, "
      "calls/snapshots |\n");
  fmt::print("|---|---|---|---|---|---|\n");
  int false_alarms = 0;
  std::map<char, std::pair<int, int>> leaks, growth;  // by kind: how many, of how many
  for (const Row& row : rows) {
    Print(row);
    const char kind = row.archetype.kind;
    for (const Trial& t : row.trials) {
      leaks[kind].first += t.verdict.verdict == Verdict::kLeak;
      growth[kind].first += Found(t.verdict.verdict);
      ++leaks[kind].second;
      ++growth[kind].second;
      false_alarms += kind == 'N' && t.verdict.verdict == Verdict::kLeak;
    }
  }
  fmt::print("\n");
  for (const auto& [kind, share] : leaks) {
    fmt::print("{}: `leak` {:.4f}, any growth word {:.4f}, of {} runs\n", kind,
               share.first / static_cast<double>(share.second),
               growth[kind].first / static_cast<double>(share.second), share.second);
  }
  return false_alarms > 0 ? 1 : 0;
}

}  // namespace
}  // namespace goleakstress::experiment

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200;
  return goleakstress::experiment::Run(runs, argc > 2 ? argv[2] : "virtual", argc > 3 ? argv[3] : "");
}
