// One target process that serves one entry: started, called, settled, read, ended.
#ifndef HARNESS_CAMPAIGN_SESSION_H_
#define HARNESS_CAMPAIGN_SESSION_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/pprof_profile.h"
#include "harness/input/value.h"
#include "harness/proto/agent.pb.h"
#include "harness/target/agent_client.h"

namespace goleakstress::campaign {

using Clock = std::chrono::steady_clock;

inline double Seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

// What is started. All paths absolute.
struct TargetProgram {
  std::string binary = {};
  std::string working_dir = {};
  std::string temp_dir = {};  // TMPDIR of the target
  agent::EntryKind kind = agent::ENTRY_UNKNOWN;
  std::string entry = {};
  std::vector<std::string> arguments = {};  // of a main
  uint64_t memory_cap_bytes = 0;            // GOMEMLIMIT; 0: none
  bool exact_heap = true;                   // memprofilerate=1, and no garbage collection unless asked for
  std::vector<std::string> user_dirs = {};  // explain::CodeMap's
  std::string arena = {};                   // of the fuzz engine (input/fuzz_arena.h); empty: none
};

// How the calls of a session ended.
struct CallTally {
  int64_t made = 0;
  int64_t outcomes[6] = {};                 // by agent::Outcome
  int64_t nanoseconds = 0;                  // sum over the calls
  int64_t passed_nanoseconds = 0;           // of the target's clock, by which it was moved meanwhile
  bool ended = false;                       // the entry cannot be called again in this process
  bool cut = false;                         // the time was over before all calls were made
  std::vector<agent::CallNote> notes = {};  // the first few

  void Add(const CallTally& other);
};

// Open handles of one kind: by site what calls that are over have left, and in the column "own" what the
// call in progress holds.
struct HeldHandles {
  std::string kind = {};  // Site::kind
  collectors::Profile profile = {};
};

// A call that did not return: who waited where.
struct Hang {
  std::string stacks = {};     // text of all goroutines, with ancestors
  bool busy = false;           // it ran, it did not wait
  double virtual_seconds = 0;  // it did not return within, on the target's clock
  bool timers = true;          // some are still set, or it is not known
};

// What there was at the first hang.
struct FirstHang {
  int64_t calls_before = 0;  // that returned
  std::vector<HeldHandles> handles = {};
};

// Errors of every call say what happened to the target; target::FailureOf tells them apart. Not thread-safe.
class Session {
 public:
  // Starts the process and waits for the agent's greeting and the entry. A few seconds after the deadline
  // nothing is waited for any more.
  static absl::StatusOr<std::unique_ptr<Session>> Start(const TargetProgram& program,
                                                        Clock::time_point deadline,
                                                        const std::atomic<bool>* interrupted);
  ~Session();

  const agent::Hello& hello() const { return hello_; }
  const agent::Ready& ready() const { return ready_; }
  bool HasProbe(std::string_view name) const;
  pid_t pid() { return client_.process().pid(); }
  target::AgentClient& client() { return client_; }

  // Makes calls with inputs[i % size] until all are made, the deadline has passed, one hung (its outcome is
  // then the last one, and it was given up) or one ended the entry. `burst`: the target settles after so
  // many.
  absl::StatusOr<agent::RunDone> Run(const std::vector<input::Input>& inputs, int64_t count, uint32_t burst,
                                     Clock::time_point deadline);
  // Makes `count` calls with inputs[i % size], or without input. Calls that hang are given up and counted;
  // after the first of them no longer waits are made than it takes to see that the process sleeps.
  absl::StatusOr<CallTally> Calls(const std::vector<input::Input>& inputs, int64_t count,
                                  Clock::time_point deadline);
  // Whether the clock is moved to the next timer while a call waits for timers alone, when it has taken that
  // long; so it is, where the clock can be moved, until it is told otherwise.
  void PassTime(bool pass, Clock::duration after = {}) {
    passes_time_ = pass;
    passes_after_ = after;
  }
  const std::vector<Hang>& hangs() const { return hangs_; }
  const FirstHang& first_hang() const { return first_hang_; }

  // The decoded profile of that name; none where the target has no such profile.
  absl::StatusOr<std::optional<collectors::Profile>> ReadProfile(const std::string& name,
                                                                 std::chrono::seconds limit);

  // Lets the target end by itself and kills it after two seconds. Returns how it ended.
  target::Outcome End();
  // The last words of a crash, from their beginning, or the last bytes of what it printed.
  std::string OutputTail();

 private:
  Session(target::AgentClient client, const std::atomic<bool>* interrupted)
      : client_(std::move(client)), interrupted_(interrupted) {}
  absl::StatusOr<agent::RunDone> StartAndWait(const std::vector<input::Input>& inputs, size_t first,
                                              int64_t count, uint32_t burst, Clock::time_point deadline);
  absl::StatusOr<agent::RunDone> WaitForRun(Clock::time_point deadline);
  absl::StatusOr<int64_t> CallsMade();  // of the run in progress
  // Moves the clock by so many seconds. True: the call after `made` of its run has returned.
  absl::StatusOr<bool> MoveClock(double by, uint64_t fine_steps, int64_t made);
  // Looks at a call that takes long, the one after `made` of its run. True: it hangs, and hangs() has it.
  absl::StatusOr<bool> Examine(Clock::duration taken, int64_t made);
  // How long a call may take while the whole process sleeps, by what could wake it from outside.
  absl::StatusOr<Clock::duration> LimitOfSleep();
  // Whether any goroutine is elsewhere than at the last look: many that take turns may all sleep when looked
  // at.
  absl::StatusOr<bool> MovedOn();

  target::AgentClient client_;
  const std::atomic<bool>* interrupted_;
  agent::Hello hello_;
  agent::Ready ready_;
  std::vector<Hang> hangs_ = {};
  FirstHang first_hang_ = {};
  std::optional<absl::StatusOr<agent::RunDone>> done_meanwhile_;  // the run, while its call was examined
  bool passes_time_ = true;
  Clock::duration passes_after_{};
  bool waits_long_ = false;        // a call has returned while its clock was moved a little at a time
  std::string last_look_ = {};     // the stacks of all goroutines
  Clock::duration timer_limit_{};  // how long the first sleeping call waits for its timers in real time
  int64_t returned_ = 0;           // calls, and how long they took
  double returned_nanoseconds_ = 0;
};

// The environment of a target: ours, with what the agent and the runtime need.
std::vector<std::string> TargetEnvironment(const TargetProgram& program);
// The arguments that make a test binary run just this entry.
std::vector<std::string> TargetArguments(const TargetProgram& program);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SESSION_H_
