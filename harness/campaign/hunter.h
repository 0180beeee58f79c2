// One libFuzzer and one instrumented target in lock-step, and what several such pairs have in common.
#ifndef HARNESS_CAMPAIGN_HUNTER_H_
#define HARNESS_CAMPAIGN_HUNTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "absl/status/status.h"
#include "harness/campaign/explore.h"
#include "harness/campaign/first_look.h"
#include "harness/campaign/session.h"
#include "harness/campaign/troubles.h"
#include "harness/input/fuzz_source.h"

namespace goleakstress::campaign {

// Says only whether two are the same.
uint64_t PlaceOf(const input::FuzzSource::Leaky& leaky);

// How sure a hunt is of what it found: the heap alone moves for many reasons.
enum class Found { kNothing, kHint, kForSure };

// The best of these, without places that are known.
Found BestOf(const std::vector<input::FuzzSource::Leaky>& all, const std::set<uint64_t>& known);

// What the hunters of one hunt tell each other: they end together. Thread-safe.
class HuntTeam {
 public:
  struct State {
    int64_t calls = 0;
    Found found = Found::kNothing;
    int64_t found_after = 0;   // calls until that was found; 0: nothing was
    Clock::time_point news{};  // when something new was found last
    std::string ended = {};    // why the hunt is over; empty: it goes on
  };
  // A hunter made so many calls since it told last.
  State Tell(int64_t calls, Found found, bool news);
  State state() const;
  void End(std::string why);  // the first reason stands

 private:
  mutable std::mutex mutex_;
  State state_;
};

// Over as many target processes as it takes. Not thread-safe; each hunter of a team may have its own thread.
class Hunter {
 public:
  // Of the team's hunters, counted from 0. All that is pointed to has to outlive it.
  struct Number {
    int index = 0;
    int of = 1;
  };
  Hunter(const EntryJob& job, const HuntOptions& options, const FirstLook& look, Clock::time_point deadline,
         Number number, HuntTeam* team);

  // Lays out arena and seeds. To be called for one hunter after the other.
  absl::Status Prepare(const std::string& binary);
  // Hunts until the team's hunt is over, or this hunter cannot go on. `tell` is called every now and then.
  // The processes are of the calling thread, and end before it returns. Pre: prepared.
  absl::Status Run(const std::function<void()>& tell);

  const input::FuzzSource* source() const { return source_.get(); }  // null: it was not prepared
  const Troubles& troubles() const { return troubles_; }
  const std::unordered_set<uint64_t>& distinct() const { return distinct_; }  // hashes of inputs

 private:
  absl::Status StartTarget();
  absl::Status Loop(const std::function<void()>& tell);
  absl::Status Step();
  absl::Status Lost(size_t ended);
  bool Interrupted() const { return job_.interrupted != nullptr && job_.interrupted->load(); }

  const EntryJob& job_;
  const HuntOptions& options_;
  const FirstLook& look_;
  const Clock::time_point deadline_;
  const Number number_;
  HuntTeam* const team_;
  TargetProgram program_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<input::FuzzSource> source_;
  Troubles troubles_;
  std::unordered_set<uint64_t> distinct_;
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_HUNTER_H_
