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
#include "harness/input/distinct_counter.h"
#include "harness/input/fuzz_source.h"
#include "harness/input/minimise.h"

namespace goleakstress::campaign {

// Says only whether two are the same.
uint64_t PlaceOf(const input::FuzzSource::Leaky& leaky);

// How sure a hunt is of what it found: the heap alone moves for many reasons.
enum class Found { kNothing, kHint, kForSure };

// What this one says: nothing where its place is known, or its input (by its hash) refuted.
Found FoundBy(const input::FuzzSource::Leaky& leaky, const std::set<uint64_t>& known,
              const std::unordered_set<uint64_t>& refuted);
// The best of these.
Found BestOf(const std::vector<input::FuzzSource::Leaky>& all, const std::set<uint64_t>& known,
             const std::unordered_set<uint64_t>& refuted);

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
  using Teller = std::function<void(const char* stage)>;
  absl::Status Run(const Teller& tell);
  // After the hunt, where no input leaks by itself: whether a row() does.
  bool LookForRow(const Teller& tell);

  const input::FuzzSource* source() const { return source_.get(); }  // null: it was not prepared
  const Troubles& troubles() const { return troubles_; }
  const input::DistinctCounter& distinct() const { return distinct_; }
  // An input leaks by itself, in the plain target as well.
  bool leak_holds() const { return leak_holds_; }
  // Hashes of inputs that left something for a moment only.
  const std::unordered_set<uint64_t>& refuted() const { return refuted_; }
  // Calls that leak as a row, where no input does so by itself; empty: none is known.
  const input::Sequence& row() const { return row_; }
  uint64_t row_place() const { return row_place_; }

 private:
  absl::Status StartTarget();
  absl::Status Loop(const Teller& tell);
  absl::Status Step();
  absl::Status Lost(size_t ended);
  bool SeemsToLeak(const input::FuzzSource::Leaky& leaky) const;
  // Whether one of those that seem to leak does so in the plain target, where goroutines get time to end.
  // Those that do not are no reason to stop, though the experiment will see them.
  bool LeakHolds();
  // Looks for a row that leaks in those that left something, or in all that was called before an input did
  // so that was not enough by itself.
  bool FindRow(bool in_rows, const Teller& tell);
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
  input::DistinctCounter distinct_;
  bool leak_holds_ = false;
  std::unordered_set<uint64_t> refuted_ = {};
  std::unordered_set<uint64_t> rows_tried_ = {};  // hashes
  input::Sequence row_ = {};
  uint64_t row_place_ = 0;
  Clock::duration row_time_{};  // was spent in vain
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_HUNTER_H_
