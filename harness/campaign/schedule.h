// Which of the interleavings that Go's scheduler allows are tried. A leak that needs a rare one shows in one
// of 10,000 calls on a stock schedule, and in every second call where the scheduler picks at random and
// channel operations and locks yield; another needs one processor, or four; and one that a goroutine causes
// which has not begun to run yet is found on the stock schedule alone.
#ifndef HARNESS_CAMPAIGN_SCHEDULE_H_
#define HARNESS_CAMPAIGN_SCHEDULE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {

// Where goroutines yield. More yields show more interleavings; where one of them ends the process, fewer of
// them may still show what stays behind in others.
enum class Yields { kEverywhere, kAtChannels, kNowhere };

// The next one to try where this one ends the process; kNowhere is followed by itself.
Yields Fewer(Yields yields);

struct Schedule {
  uint32_t processors = 0;       // GOMAXPROCS; 0: left as it is
  bool random = false;           // what is runnable is picked at random
  uint64_t yield_odds = 0;       // one of so many channel operations yields; 0: none
  uint64_t lock_yield_odds = 0;  // one of so many times that a lock is asked for yields; 0: none
};

// The schedules that every batch is divided among in equal shares, so that one batch is like the other: Go's
// own, and random ones on different numbers of processors. The last has the target's own number of
// processors: snapshots are read under it. `probe`: whether picks and yields can be set.
std::vector<Schedule> Portfolio(uint32_t own_processors, bool probe, Yields yields);

// As Go schedules by itself.
Schedule Stock(uint32_t own_processors);

absl::Status Apply(const Schedule& schedule, uint64_t seed, target::AgentClient* client);

// "random picks, 1 in 4 channel operations and locks yields, GOMAXPROCS 1, 4, 2; 1 in 4 calls on Go's own"
std::string Describe(const std::vector<Schedule>& portfolio);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SCHEDULE_H_
