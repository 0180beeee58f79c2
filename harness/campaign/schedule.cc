#include "harness/campaign/schedule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace goleakstress::campaign {
namespace {

// With random picks it makes interleavings that are seen once in 10,000 calls common, at three times the cost
// of a channel operation.
constexpr uint64_t kYieldOdds = 4;
constexpr uint32_t kProcessors[] = {1, 4};  // besides the target's own number
constexpr std::chrono::seconds kAnswerLimit{20};

}  // namespace

Yields Fewer(Yields yields) { return yields == Yields::kEverywhere ? Yields::kAtChannels : Yields::kNowhere; }

std::vector<Schedule> Portfolio(uint32_t own_processors, bool probe, Yields yields) {
  const Schedule own = {.processors = own_processors,
                        .random = probe,
                        .yield_odds = probe && yields != Yields::kNowhere ? kYieldOdds : 0,
                        .lock_yield_odds = probe && yields == Yields::kEverywhere ? kYieldOdds : 0};
  std::vector<Schedule> portfolio;
  if (probe) portfolio.push_back(Stock(own_processors));
  for (const uint32_t processors : kProcessors) {
    if (processors == own_processors) continue;
    portfolio.push_back(own);
    portfolio.back().processors = processors;
  }
  portfolio.push_back(own);
  return portfolio;
}

Schedule Stock(uint32_t own_processors) { return {.processors = own_processors}; }

absl::Status Apply(const Schedule& schedule, uint64_t seed, target::AgentClient* client) {
  agent::Tune tune;
  tune.set_gomaxprocs(schedule.processors);
  tune.set_random(schedule.random ? 1 : 2);
  tune.set_yield_seed(seed | 1);
  tune.set_yield_odds(schedule.yield_odds);
  tune.set_lock_yield_odds(schedule.lock_yield_odds);
  return client->Tune(tune, kAnswerLimit);
}

std::string Describe(const std::vector<Schedule>& portfolio) {
  const Schedule& any = portfolio.back();
  std::vector<uint32_t> processors;
  for (const Schedule& schedule : portfolio) {
    if (schedule.random == any.random) processors.push_back(schedule.processors);
  }
  const std::string spread = fmt::format("GOMAXPROCS {}", fmt::join(processors, ", "));
  if (!any.random) return "stock, " + spread;
  const std::string yields = any.yield_odds == 0
                                 ? ""
                                 : fmt::format("1 in {} channel operations{} yields, ", any.yield_odds,
                                               any.lock_yield_odds == 0 ? "" : " and locks");
  return fmt::format("random picks, {}{}; 1 in {} calls on Go's own", yields, spread, portfolio.size());
}

}  // namespace goleakstress::campaign
