#include "harness/campaign/smallest_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "harness/campaign/session.h"
#include "harness/campaign/site_gauge.h"
#include "harness/explain/findings.h"
#include "harness/input/generator.h"
#include "harness/input/new_keys.h"
#include "harness/options.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::GrowingSite;
using input::Input;
using input::Sequence;

constexpr int64_t kRepeats = 8;  // of an input, or of a row of them, in one trial
constexpr double kLeastGrowth =
    2;  // of them that must leave something, for there to be anything to make small
constexpr double kSameRate = 0.75;  // of the growth at first counts as the same
constexpr size_t kMostTries = 400;
constexpr size_t kUnrelated = 6;
constexpr int kMostProcesses = 6;
constexpr double kIdle = 120;  // seconds on the target's clock, before what was found counts
// A target that has gathered so much is slow to count.
constexpr double kMostHeld = 3000;

// Calls the target and tells by how much one site grew.
class Trials {
 public:
  Trials(const EntryJob& job, const GrowingSite& grown, Clock::time_point deadline)
      : job_(job), grown_(grown), deadline_(deadline), random_(job.seed) {}

  bool TimeIsOver() const {
    return Clock::now() >= deadline_ || processes_ > kMostProcesses ||
           (job_.interrupted != nullptr && job_.interrupted->load());
  }

  // The growth in kRepeats times the calls, as seen after `idle_seconds`; 0 where there is no telling.
  double Growth(const Sequence& calls, double idle_seconds = 0) {
    if (TimeIsOver()) return 0;
    auto growth = TryGrowth(calls, idle_seconds);
    if (growth.ok()) return *growth;
    session_.reset();  // the target ended, or is not to be relied on
    return 0;
  }

  // What the user gave as examples; none before the first trial.
  Sequence Seeds() const {
    return session_ == nullptr ? Sequence{} : input::SeedsFromProto(session_->ready());
  }

 private:
  absl::StatusOr<double> TryGrowth(const Sequence& calls, double idle_seconds) {
    if (session_ == nullptr || level_ > kMostHeld) {
      if (absl::Status status = StartTarget(); !status.ok()) return status;
    }
    if (idle_seconds > 0) {
      auto before = gauge_->Level(idle_seconds);
      if (!before.ok()) return before.status();
      level_ = *before;
    }
    Sequence all;
    for (int64_t i = 0; i < kRepeats; ++i) {
      for (const Input& input : calls) {
        all.push_back(input);
        // What grows with keys has to see new ones.
        if (grown_.driver == "key") PutNewKey(session_->ready().members(), &keys_, &random_, &all.back());
      }
    }
    auto tally = session_->Calls(all, static_cast<int64_t>(all.size()), deadline_);
    if (!tally.ok()) return tally.status();
    if (tally->ended || tally->cut) return absl::AbortedError("not all calls were made");
    auto after = gauge_->Level(idle_seconds);
    if (!after.ok()) return after.status();
    const double before = std::exchange(level_, *after);
    return *after - before;
  }

  absl::Status StartTarget() {
    ++processes_;
    gauge_.reset();
    session_.reset();
    auto session = Session::Start(job_.program, deadline_, job_.interrupted);
    if (!session.ok()) return session.status();
    session_ = *std::move(session);
    gauge_.emplace(*session_, grown_.site, job_.code);
    // Lazy things come with the first call.
    auto kinds = input::KindsFromProto(session_->ready());
    if (!kinds.ok()) return kinds.status();
    const Input zero = input::ZeroInput(*kinds);
    if (auto tally = session_->Calls({zero}, 2, deadline_); !tally.ok()) return tally.status();
    auto level = gauge_->Level(0);
    if (!level.ok()) return level.status();
    level_ = *level;
    return absl::OkStatus();
  }

  const EntryJob& job_;
  const GrowingSite& grown_;
  const Clock::time_point deadline_;
  input::Random random_;
  input::NewKeys keys_;
  std::unique_ptr<Session> session_;
  std::optional<SiteGauge> gauge_;
  double level_ = 0;
  int processes_ = 0;
};

struct Smallest {
  Sequence calls = {};  // empty: not found
  bool any_input = false;
};

Smallest FindSmallest(const EntryJob& job, const Sequence& pool, const GrowingSite& grown,
                      Clock::time_point deadline) {
  Trials trials(job, grown, deadline);
  Smallest smallest;
  Input best;
  double growth = 0;
  for (const Input& input : pool) {
    const double here = trials.Growth({input});
    if (here > growth || (here > 0 && here == growth && Size(input) < Size(best))) {
      growth = here;
      best = input;
    }
  }
  // Again: the first trial that makes a container large enough to be seen shows all that it held before, too.
  if (growth >= kLeastGrowth) growth = std::min(growth, trials.Growth({best}));
  Sequence start = {best};
  if (growth < kLeastGrowth) {  // none of them alone
    growth = trials.Growth(pool);
    start = pool;
    if (growth < kLeastGrowth) return smallest;
  }
  const auto holds = [&](const Sequence& calls) { return trials.Growth(calls) >= kSameRate * growth; };
  if (start.size() == 1) {
    input::Generator generator(input::KindsOf(best), {}, {}, job.seed);
    const auto random = generator.Take(kUnrelated);
    Sequence unrelated = random.ok() ? *random : Sequence{};
    for (const Input& seed : trials.Seeds()) {  // junk may all go the way of errors
      if (unrelated.size() == 2 * kUnrelated) break;
      if (input::KindsOf(seed) == input::KindsOf(best)) unrelated.push_back(seed);
    }
    const auto small =
        input::Minimise(best, unrelated, [&](const Input& input) { return holds({input}); }, kMostTries);
    smallest = {{small.input}, small.any_input};
  } else {
    smallest.calls = input::Minimise(start, holds, kMostTries).calls;
  }
  // Only the experiment waits as long as it takes; a smaller input might leave only what goes later.
  if (smallest.calls != start && trials.Growth(smallest.calls, kIdle) < kSameRate * growth) {
    if (trials.TimeIsOver()) return {start, false};
    smallest = {start, false};
  }
  return smallest;
}

// The site that a finding is about: of those that it names as members, what lies nearest to the cause.
const GrowingSite* SiteOf(const report::Finding& finding, const std::vector<GrowingSite>& growing) {
  const GrowingSite* chosen = nullptr;
  const auto rank = [](const GrowingSite& grown) {
    return 2 * static_cast<int>(grown.site.family) + (grown.site.kind == "bytes" ? 1 : 0);
  };
  for (const report::Member& member : finding.members()) {
    for (const GrowingSite& grown : growing) {
      // Members are copies: a rate is as good as a name.
      if (grown.companion || explain::NameOf(grown.site) != member.kind() || grown.rate != member.rate())
        continue;
      if (chosen == nullptr || rank(grown) < rank(*chosen)) chosen = &grown;
    }
  }
  return chosen;
}

// A file in the package's testdata names package and entry itself.
std::string ReplayOf(const EntryJob& job, const std::string& path) {
  const std::string in_package = fmt::format("{}/testdata/fuzz/{}/", job.package_dir, job.program.entry);
  if (path.starts_with(in_package) && job.pattern.starts_with('.')) {
    const std::string name = path.substr(job.package_dir.size());
    return fmt::format("goleakstress replay {} -seed {}{}", ShellWord(job.pattern + name), job.seed,
                       job.flags);
  }
  return fmt::format("goleakstress replay {} {} -run '{}' -seed {}{}", ShellWord(path),
                     ShellWord(job.pattern), OnlyEntry(job.program.entry), job.seed, job.flags);
}

}  // namespace

void FindSmallestInputs(const EntryJob& job, const Sequence& pool, const Members& members,
                        const std::vector<GrowingSite>& growing, Clock::time_point deadline,
                        std::vector<report::Finding>* findings) {
  for (report::Finding& finding : *findings) {
    if (!explain::IsLeak(finding.verdict()) || pool.empty()) continue;
    const GrowingSite* grown = SiteOf(finding, growing);
    if (grown == nullptr) continue;
    const Smallest smallest = FindSmallest(job, pool, *grown, deadline);
    finding.set_any_input(smallest.any_input);
    if (smallest.any_input || smallest.calls.empty()) continue;
    finding.set_input(ShowCalls(smallest.calls, members));
    auto path = SaveCalls(job.corpus_dir + "/leaks/" + job.program.entry, smallest.calls);
    // Go reads no row of calls from there.
    if (!job.save_dir.empty() && smallest.calls.size() == 1) {
      if (auto saved = SaveCalls(job.save_dir, smallest.calls); saved.ok()) path = *std::move(saved);
    }
    if (path.ok()) finding.set_reproduce(ReplayOf(job, *path));
  }
}

void NameReplayed(const EntryJob& job, const Members& members, std::vector<report::Finding>* findings) {
  for (report::Finding& finding : *findings) {
    finding.set_input(ShowCalls(job.replay, members));
    finding.set_reproduce(ReplayOf(job, job.replay_file));
  }
}

}  // namespace goleakstress::campaign
