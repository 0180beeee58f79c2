// experiment_table [RUNS [virtual|real|1024|256 [PREFIX]]]: the archetype table as markdown, by default 200
// runs of each archetype with the clock moved by the probe; PREFIX picks archetypes. Exits with 1 when any
// run of a non-leak was called `leak`. experiment_table RUNS ladders: what a `leak` certifies, and the
// smallest leaks found.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
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

void RunAll(std::vector<Row>& rows, const Plan& plan, size_t runs) {
  for (Row& row : rows) row.trials.resize(runs);
  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t job = next++; job < rows.size() * runs; job = next++) {
      Row& row = rows[job / runs];
      const uint64_t run = job % runs;
      const auto world = row.archetype.make(TrialSeed(2 * row.stream, run));
      row.trials[run] = RunTrial(*world, plan, TrialSeed(2 * row.stream + 1, run));
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
}

// One line of a ladder: the share of `leak` for each value of a parameter.
void Ladder(const std::string& title, const Plan& plan, size_t runs, const std::vector<double>& values,
            const std::function<std::unique_ptr<World>(double, uint64_t)>& make) {
  std::vector<Row> rows;
  for (double value : values) {
    rows.push_back(
        {{fmt::format("{:g}", value), 'X', Driver::kNone, [=](uint64_t s) { return make(value, s); }},
         5000 + rows.size(),
         {}});
  }
  RunAll(rows, plan, runs);
  std::string line = fmt::format("| {} |", title);
  for (const Row& row : rows) {
    const auto leaks = std::count_if(row.trials.begin(), row.trials.end(),
                                     [](const Trial& t) { return t.verdict.verdict == Verdict::kLeak; });
    line += fmt::format(" {}: {:.3f},", row.archetype.name,
                        static_cast<double>(leaks) / static_cast<double>(runs));
  }
  line.back() = ' ';
  fmt::print("{}|\n", line);
}

int RunLadders(size_t runs) {
  const Plan plan, real = RealTime(Plan()), small = Plan::ForHorizon(1024);
  fmt::print("| share of `leak` | at each value |\n|---|---|\n");
  const auto cache = [](double load) {
    return [load](double capacity, uint64_t s) {
      return MakeBoundedCache(s, static_cast<int64_t>(capacity), {.load_sd = load});
    };
  };
  const std::vector<double> capacities = {500, 1000, 2000, 4000, 5000, 6000, 7000, 8000, 9000, 12000, 20000};
  Ladder("cache of so many keys", plan, runs, capacities, cache(0));
  Ladder("the same, load sd 15", plan, runs, capacities, cache(15));
  Ladder("the same, horizon 1024", small, runs, {50, 100, 200, 400, 600, 800, 900, 1000, 1200, 2000},
         cache(0));
  Ladder("flushed every so many calls", plan, runs, {16, 64, 256, 1000, 2000, 4000, 6000, 8000},
         [](double period, uint64_t s) { return MakeFlushed(s, static_cast<int64_t>(period)); });
  Ladder("released after so many seconds, hold 25 h", plan, runs,
         {1, 60, 119, 300, 600, 3000, 20000, 80000, 200000},
         [](double seconds, uint64_t s) { return MakeReleased(s, seconds); });
  Ladder("the same in real time, hold 100 s", real, runs, {1, 5, 20, 60, 99, 200},
         [](double seconds, uint64_t s) { return MakeReleased(s, seconds); });
  for (double jitter : {0, 1, 5}) {
    Ladder(fmt::format("leak in one of so many calls, jitter {}", jitter), plan, runs,
           {1, 16, 64, 128, 256, 512, 1024},
           [jitter](double rare, uint64_t s) { return MakePerCall(s, 1, 1 / rare, {.jitter = jitter}); });
  }
  Ladder("one unit per so many calls in load sd 32", plan, runs, {1, 4, 8, 16, 32, 64},
         [](double rare, uint64_t s) {
           return MakePerCall(s, 1 / rare, 1, {.load_sd = 32, .resolution = 1.0 / 64});
         });
  return 0;
}

int RunTable(size_t runs, std::string_view mode, std::string_view prefix) {
  Plan plan;
  if (mode == "real") {
    plan = RealTime(plan);
  } else if (mode != "virtual") {
    plan = Plan::ForHorizon(std::atoi(std::string(mode).c_str()));
  }
  std::vector<Row> rows;
  uint64_t stream = 0;
  for (const Archetype& a : AllArchetypes()) {
    ++stream;
    if (a.name.starts_with(prefix)) rows.push_back({a, stream, {}});
  }
  RunAll(rows, plan, runs);

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
      // A shorter horizon does not promise to tell the larger of these caches from leaks.
      false_alarms += kind == 'N' && t.verdict.verdict == Verdict::kLeak && plan.horizon >= Plan().horizon;
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
  using namespace goleakstress::experiment;
  const auto runs = static_cast<size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 200);
  const std::string_view mode = argc > 2 ? argv[2] : "virtual";
  return mode == "ladders" ? RunLadders(runs) : RunTable(runs, mode, argc > 3 ? argv[3] : "");
}
