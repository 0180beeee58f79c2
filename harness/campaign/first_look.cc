#include "harness/campaign/first_look.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "harness/campaign/exhaustion.h"
#include "harness/campaign/series.h"
#include "harness/campaign/snapshot.h"
#include "harness/input/generator.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using std::chrono::seconds;

constexpr int64_t kWarmUp = 8;
constexpr int64_t kCalls = 32;
// What caches gain at first they may not gain for ever: they are followed for as many calls as take so long.
constexpr int64_t kFewestCacheCalls = 64, kMostCacheCalls = 4096;
constexpr std::chrono::milliseconds kCacheTime{300};
constexpr double kOften = 0.5;     // things per call that count as one of every call
constexpr double kIdle = 120;      // seconds on the target's clock before things are counted
constexpr double kRealIdle = 0.1;  // where it cannot be moved

// What is there, in things of any kind.
struct Counts {
  double held = 0;  // goroutines, descriptors, resources
  double objects = 0;
};

class Looker {
 public:
  Looker(Session& session, const explain::CodeMap& code, input::Generator& generator)
      : session_(session), table_(code), generator_(generator) {}

  absl::StatusOr<bool> AnyInputLeavesSomething(Clock::time_point deadline) {
    if (absl::Status status = Call(kWarmUp, deadline); !status.ok()) return status;
    auto before = Count();
    if (!before.ok()) return before.status();
    const Clock::time_point begin = Clock::now();
    if (absl::Status status = Call(kCalls, deadline); !status.ok()) return status;
    const auto taken = Clock::now() - begin;
    auto after = Count();
    if (!after.ok()) return after.status();
    if (after->held - before->held >= kOften * kCalls) return true;
    if (after->objects - before->objects < kOften * kCalls) return false;
    const auto per_call = std::max<Clock::duration>(taken / kCalls, std::chrono::microseconds(1));
    const int64_t more = std::clamp<int64_t>(kCacheTime / per_call, kFewestCacheCalls, kMostCacheCalls);
    if (absl::Status status = Call(more, deadline); !status.ok()) return status;
    auto later = Count();
    if (!later.ok()) return later.status();
    return later->objects - after->objects >= kOften * static_cast<double>(more);
  }

 private:
  absl::Status Call(int64_t count, Clock::time_point deadline) {
    auto inputs = generator_.Take(static_cast<size_t>(count));
    if (!inputs.ok()) return inputs.status();
    return session_.Calls(*inputs, count, deadline).status();
  }

  absl::StatusOr<Counts> Count() {
    auto read = reader_.Read(session_.HasProbe("clock") ? kIdle : kRealIdle);
    if (!read.ok()) return read.status();
    auto objects = session_.client().ReadMetric("/gc/heap/objects:objects", seconds(20));
    if (!objects.ok()) return objects.status();
    Counts counts;
    counts.objects = objects->value_or(0);
    for (size_t id = 0; id < table_.size(); ++id) {
      const explain::Site& site = table_.site(id);
      const bool held = site.family == Family::kFd || site.family == Family::kResource ||
                        (site.family == Family::kGoroutine && site.by_function);
      if (held && !site.before_jump && !CountsTries(site)) counts.held += table_.levels()[id];
    }
    return counts;
  }

  Session& session_;
  SeriesTable table_;
  SnapshotReader reader_{session_, table_};
  input::Generator& generator_;
};

}  // namespace

absl::StatusOr<FirstLook> LookAt(const EntryJob& job, Clock::time_point deadline) {
  TargetProgram program = job.program;
  program.exact_heap = false;
  auto session = Session::Start(program, deadline, job.interrupted);
  if (!session.ok()) return session.status();
  auto kinds = input::KindsFromProto((*session)->ready());
  if (!kinds.ok()) return kinds.status();
  FirstLook look;
  look.kinds = *std::move(kinds);
  look.seeds = input::SeedsFromProto((*session)->ready());
  look.members = (*session)->ready().members();
  if (look.kinds.empty()) return look;
  input::Generator generator(look.kinds, look.seeds, job.dictionary, job.seed);
  auto leaves = Looker(**session, job.code, generator).AnyInputLeavesSomething(deadline);
  // Some input ends the target: which one, exploring will tell.
  if (!leaves.ok() && target::FailureOf(leaves.status()) == target::CallFailure::kDied) return look;
  if (!leaves.ok()) return leaves.status();
  look.any_input_leaves_something = *leaves;
  (*session)->End();
  return look;
}

}  // namespace goleakstress::campaign
