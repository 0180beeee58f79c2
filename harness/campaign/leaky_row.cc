#include "harness/campaign/leaky_row.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "collectors/fd_table.h"
#include "harness/campaign/session.h"

namespace goleakstress::campaign {
namespace {

using input::Sequence;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kRounds = 8;
constexpr double kLeftInMost = 6;  // of the rounds
constexpr size_t kMostTries = 1000;
constexpr double kMostHeld = 3000;  // then a fresh target
constexpr seconds kAnswerLimit{20};

class Rows {
 public:
  Rows(const EntryJob& job, Clock::time_point deadline)
      : job_(job), program_(job.program), deadline_(deadline) {
    program_.exact_heap = false;
  }

  bool Leaks(const Sequence& row) {
    if (Clock::now() >= deadline_ || (job_.interrupted != nullptr && job_.interrupted->load())) return false;
    auto left = Left(row);
    if (!left.ok()) session_.reset();
    return left.ok() && *left >= kLeftInMost;
  }

 private:
  absl::StatusOr<double> Left(const Sequence& row) {
    if (session_ == nullptr || held_ > kMostHeld) {
      session_.reset();
      auto session = Session::Start(program_, deadline_, job_.interrupted);
      if (!session.ok()) return session.status();
      session_ = *std::move(session);
    }
    auto before = Held();
    if (!before.ok()) return before.status();
    auto tally = session_->Calls(row, kRounds * static_cast<int64_t>(row.size()), deadline_);
    if (!tally.ok()) return tally.status();
    if (tally->ended || tally->cut) return absl::AbortedError("not all calls were made");
    auto after = Held();
    if (!after.ok()) return after.status();
    held_ = *after;
    return *after - *before;
  }

  absl::StatusOr<double> Held() {
    target::AgentClient& client = session_->client();
    if (auto settled = client.Settle(milliseconds(250), true, kAnswerLimit); !settled.ok())
      return settled.status();
    auto goroutines = client.ReadMetric("goleakstress/goroutines", kAnswerLimit);
    if (!goroutines.ok()) return goroutines.status();
    auto fds = collectors::CountFds(session_->pid());
    if (!fds.ok()) return fds.status();
    return static_cast<double>(*fds) + goroutines->value_or(0);
  }

  const EntryJob& job_;
  TargetProgram program_;
  const Clock::time_point deadline_;
  std::unique_ptr<Session> session_;
  double held_ = 0;
};

}  // namespace

Sequence FindLeakyRow(const EntryJob& job, const Sequence& calls, Clock::time_point deadline) {
  Rows rows(job, deadline);
  if (!rows.Leaks(calls)) return {};
  return input::Minimise(calls, [&](const Sequence& row) { return rows.Leaks(row); }, kMostTries).calls;
}

size_t FirstThatLeaks(const EntryJob& job, const Sequence& inputs, Clock::time_point deadline) {
  Rows rows(job, deadline);
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const input::Input& input) { return rows.Leaks({input}); });
  return static_cast<size_t>(found - inputs.begin());
}

}  // namespace goleakstress::campaign
