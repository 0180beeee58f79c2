#include "harness/campaign/session.h"

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/campaign/pool_exhaustion.h"
#include "harness/target/environment.h"

namespace goleakstress::campaign {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers of the agent that need no work of the target.
constexpr seconds kAnswerLimit{20};
constexpr seconds kGrace{5};               // after the deadline; who needs that long is not waited for
constexpr milliseconds kFirstLook{100};    // a run that takes longer is looked at
constexpr milliseconds kWorldLimit{2000};  // a sleeping process that a connection could wake gets so long
// One gets so long that waits for the kernel (a disk, a child process), whose timers are still to fire, or
// that is busy.
constexpr seconds kTimerLimit{10};
constexpr int kTimersOfTime = 5;  // but timers get no more than this part of the time for all calls
constexpr double kMuchLonger =
    100;                          // than the calls before it, a busy one must take to be told from a slow one
constexpr int kLooksPerCall = 8;  // grows with the time the call takes: looking is work for the target
constexpr uint64_t kStackText = 4 << 20;
constexpr size_t kMostNotes = 16;
constexpr size_t kMostHangsKept = 8;
constexpr char kNextTimer[] = "goleakstress/next-timer-seconds";  // below 0: none is set
constexpr uint32_t kBurst = 64;

constexpr double kHangJumps[] = {120, 3600, 90000};  // seconds of the target's clock, one after the other
// Before them the clock is moved by a second at a time, as long as a timer is due within a minute. Half of so
// many steps in each go to the next timer exactly: a call that polls, sends a heartbeat or waits in turns is
// long, and what it does comes in the order of its timers, safety timers last.
constexpr double kShortJump = 1;
constexpr uint64_t kFineSteps = 200;
constexpr int kShortJumps = 600;
// Once a call was seen to end so, the next ones need not wait as long for it.
constexpr Clock::duration kLongWait = milliseconds(200);

bool IsOver(const absl::StatusOr<agent::RunDone>& run) {
  return run.ok() || target::FailureOf(run.status()) != target::CallFailure::kHung;
}

Clock::duration Left(Clock::time_point deadline) {
  return std::max(deadline - Clock::now(), Clock::duration(milliseconds(1)));
}

// A goroutine that waits longer is not elsewhere: "[select, 2 minutes]".
std::string WithoutAges(std::string_view stacks) {
  constexpr std::string_view kUnit = " minutes";
  std::string out;
  size_t copied = 0;
  for (size_t unit = stacks.find(kUnit); unit != std::string_view::npos;
       unit = stacks.find(kUnit, unit + 1)) {
    const size_t comma = stacks.rfind(", ", unit);
    if (comma == std::string_view::npos || comma < copied) continue;
    out += stacks.substr(copied, comma - copied);
    copied = unit + kUnit.size();
  }
  out += stacks.substr(copied);
  return out;
}

}  // namespace

void CallTally::Add(const CallTally& other) {
  made += other.made;
  for (size_t i = 0; i < std::size(outcomes); ++i) outcomes[i] += other.outcomes[i];
  nanoseconds += other.nanoseconds;
  passed_nanoseconds += other.passed_nanoseconds;
  ended = ended || other.ended;
  cut = cut || other.cut;
  for (const agent::CallNote& note : other.notes) {
    if (notes.size() < kMostNotes) notes.push_back(note);
  }
}

std::vector<std::string> TargetEnvironment(const TargetProgram& program) {
  target::Environment env = target::CurrentEnvironment();
  // tracebackancestors: who started the goroutine that started this one.
  // profstackdepth: frames of a stack in the runtime's profiles, as in the agent's (agent/stacks.go).
  std::string godebug = "tracebackancestors=10,profstackdepth=256";
  if (program.exact_heap) godebug += ",memprofilerate=1";
  if (const auto users = target::GetVariable(env, "GODEBUG"); users && !users->empty())
    godebug = *users + "," + godebug;
  target::SetVariable(env, "GODEBUG", godebug);
  // No garbage collection between snapshots but by the memory limit: what only the collector closes is to be
  // seen.
  if (program.exact_heap) target::SetVariable(env, "GOGC", "off");
  if (program.memory_cap_bytes > 0)
    target::SetVariable(env, "GOMEMLIMIT", fmt::format("{}", program.memory_cap_bytes));
  target::SetVariable(env, "TMPDIR", program.temp_dir);
  target::SetVariable(env, "PWD", program.working_dir);
  target::SetVariable(env, "GOLEAKSTRESS_FD", "3");
  target::SetVariable(env, "GOLEAKSTRESS_KIND", fmt::format("{}", static_cast<int>(program.kind)));
  target::SetVariable(env, "GOLEAKSTRESS_ENTRY", program.entry);
  target::SetVariable(env, "GOLEAKSTRESS_USER", absl::StrJoin(program.user_dirs, ":"));
  if (!program.arena.empty()) target::SetVariable(env, "GOLEAKSTRESS_ARENA", program.arena);
  return env;
}

std::vector<std::string> TargetArguments(const TargetProgram& program) {
  switch (program.kind) {
    case agent::ENTRY_MAIN:
      return program.arguments;
    case agent::ENTRY_BENCHMARK:
      return {"-test.run=^$", fmt::format("-test.bench=^{}$", program.entry), "-test.benchtime=1x",
              "-test.timeout=0"};
    default: {
      // A combined entry, FuzzA+FuzzB, takes all of its members.
      std::string names = program.entry;
      std::replace(names.begin(), names.end(), '+', '|');
      return {fmt::format("-test.run=^({})$", names), "-test.timeout=0"};
    }
  }
}

absl::StatusOr<std::unique_ptr<Session>> Session::Start(const TargetProgram& program,
                                                        Clock::time_point deadline,
                                                        const std::atomic<bool>* interrupted) {
  target::Spec spec;
  spec.program = program.binary;
  spec.args = TargetArguments(program);
  spec.env = TargetEnvironment(program);
  spec.working_dir = program.working_dir;
  auto client = target::AgentClient::Start(std::move(spec), interrupted);
  if (!client.ok()) return client.status();
  std::unique_ptr<Session> session(new Session(*std::move(client), interrupted));
  session->client_.AnswerBy(deadline + kGrace);
  session->timer_limit_ =
      std::clamp<Clock::duration>((deadline - Clock::now()) / kTimersOfTime, kWorldLimit, kTimerLimit);
  auto hello = session->client_.WaitHello(Left(deadline));
  if (!hello.ok()) return hello.status();
  session->hello_ = *std::move(hello);
  if (session->hello_.protocol() != 1) {
    return absl::InternalError(
        fmt::format("the agent speaks protocol {}, not 1", session->hello_.protocol()));
  }
  auto ready = session->client_.WaitReady(Left(deadline));
  if (!ready.ok()) {
    const std::string tail = session->OutputTail();
    return absl::Status(ready.status().code(), fmt::format("{}{}{}", std::string(ready.status().message()),
                                                           tail.empty() ? "" : "; it printed: ", tail));
  }
  session->ready_ = *std::move(ready);
  return session;
}

Session::~Session() = default;

bool Session::HasProbe(std::string_view name) const {
  return std::find(hello_.live().begin(), hello_.live().end(), name) != hello_.live().end();
}

absl::StatusOr<agent::RunDone> Session::Run(const std::vector<input::Input>& inputs, int64_t count,
                                            uint32_t burst, Clock::time_point deadline) {
  return StartAndWait(inputs, 0, count, burst, deadline);
}

// The inputs go on where the last run, ended by a call that hung, left off.
absl::StatusOr<agent::RunDone> Session::StartAndWait(const std::vector<input::Input>& inputs, size_t first,
                                                     int64_t count, uint32_t burst,
                                                     Clock::time_point deadline) {
  agent::Run run;
  for (size_t i = 0; i < inputs.size(); ++i) {
    *run.add_inputs() = input::ToProto(inputs[(first + i) % inputs.size()]);
  }
  run.set_count(static_cast<uint64_t>(count));
  run.set_burst(burst);
  run.set_budget_ns(static_cast<uint64_t>(std::chrono::nanoseconds(Left(deadline)).count()));
  run.set_passes_time(passes_time_);
  run.set_real_ns(static_cast<uint64_t>(std::chrono::nanoseconds(passes_after_).count()));
  if (absl::Status status = client_.StartRun(run, kAnswerLimit); !status.ok()) return status;
  return WaitForRun(deadline);
}

absl::StatusOr<CallTally> Session::Calls(const std::vector<input::Input>& inputs, int64_t count,
                                         Clock::time_point deadline) {
  CallTally tally;
  while (tally.made < count && !tally.ended && !tally.cut) {
    auto done = StartAndWait(inputs, static_cast<size_t>(tally.made), count - tally.made, kBurst, deadline);
    if (!done.ok()) return done.status();
    CallTally part;
    part.made = static_cast<int64_t>(done->outcomes().size());
    for (const char outcome : done->outcomes()) {
      if (static_cast<unsigned char>(outcome) < std::size(part.outcomes))
        ++part.outcomes[static_cast<size_t>(outcome)];
    }
    part.passed_nanoseconds = static_cast<int64_t>(done->passed_ns());
    for (const uint64_t ns : done->duration_ns()) part.nanoseconds += static_cast<int64_t>(ns);
    if (part.outcomes[agent::OUTCOME_HUNG] == 0) {
      returned_ += part.made;
      returned_nanoseconds_ += static_cast<double>(part.nanoseconds);
    }
    part.notes.assign(done->notes().begin(), done->notes().end());
    part.ended = done->ended();
    part.cut = Clock::now() >= deadline && tally.made + part.made < count;
    tally.Add(part);
    if (part.made == 0 && !part.cut) part.cut = tally.cut = true;
  }
  return tally;
}

absl::StatusOr<agent::RunDone> Session::WaitForRun(Clock::time_point deadline) {
  Clock::time_point since = Clock::now();  // when the call in progress was first seen
  int64_t calls_made = 0;
  last_look_.clear();
  while (true) {
    const auto patience = std::chrono::duration_cast<milliseconds>((Clock::now() - since) / kLooksPerCall);
    auto done = client_.WaitRun(std::max(kFirstLook, patience));
    if (IsOver(done)) return done;
    auto made = CallsMade();
    if (!made.ok()) return made.status();
    if (*made != calls_made) {  // many quick calls, not a slow one
      calls_made = *made;
      since = Clock::now();
      last_look_.clear();
      continue;
    }
    auto hangs = Examine(Clock::now() - since, calls_made);
    if (!hangs.ok()) return hangs.status();
    if (done_meanwhile_) return *std::exchange(done_meanwhile_, std::nullopt);
    if (*hangs || Clock::now() >= deadline) {
      done = client_.WaitRun(milliseconds(1));
      if (IsOver(done)) return done;
      if (absl::Status status = client_.Abandon(kAnswerLimit); !status.ok()) return status;
      return client_.WaitRun(kAnswerLimit);
    }
  }
}

absl::StatusOr<std::optional<collectors::Profile>> Session::ReadProfile(const std::string& name,
                                                                        seconds limit) {
  auto bytes = client_.ReadProfile(name, limit);
  if (!bytes.ok()) return bytes.status();
  if (!*bytes) return std::nullopt;
  auto profile = collectors::DecodeProfile(**std::move(bytes));
  if (!profile.ok()) return profile.status();
  return *std::move(profile);
}

absl::StatusOr<Clock::duration> Session::LimitOfSleep() {
  auto profile = ReadProfile("goroutine", kAnswerLimit);
  if (!profile.ok()) return profile.status();
  if (!*profile) return kTimerLimit;
  Clock::duration limit{};
  for (const collectors::Frame& frame : (*profile)->frames) {
    if (frame.function.starts_with("syscall.Syscall") || frame.function.starts_with("syscall.RawSyscall") ||
        frame.function == "syscall.wait4" ||
        frame.function == "runtime.cgocall")  // C may compute: Go does not see it
      return kTimerLimit;
    if (frame.function == "internal/poll.runtime_pollWait") limit = kWorldLimit;
  }
  return limit;
}

absl::StatusOr<bool> Session::MovedOn() {
  auto stacks = client_.ReadStacks(kStackText, kAnswerLimit);
  if (!stacks.ok()) return stacks.status();
  // The first one is the agent's own, which reads them.
  const size_t others = stacks->find("\n\n");
  std::string look = others == std::string::npos ? "" : WithoutAges(std::string_view(*stacks).substr(others));
  const bool moved = look != last_look_;
  last_look_ = std::move(look);
  return moved;
}

absl::StatusOr<int64_t> Session::CallsMade() {
  auto made = client_.ReadMetric("goleakstress/calls-made", kAnswerLimit);
  if (!made.ok()) return made.status();
  return static_cast<int64_t>(made->value_or(0));
}

absl::StatusOr<bool> Session::MoveClock(double by, uint64_t fine_steps, int64_t made) {
  const auto total = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(by));
  if (absl::Status status =
          client_.Jump({.total = total, .least = total / 24, .fine = fine_steps}, kAnswerLimit);
      !status.ok())
    return status;
  auto quiet = client_.Settle(milliseconds(20), false, kAnswerLimit);
  if (!quiet.ok()) return quiet.status();
  auto now_made = CallsMade();
  if (!now_made.ok()) return now_made.status();
  auto done = client_.WaitRun(milliseconds(1));
  if (!IsOver(done)) return *now_made != made;
  done_meanwhile_ = std::move(done);
  return true;
}

absl::StatusOr<bool> Session::Examine(Clock::duration taken, int64_t made) {
  auto settled = client_.Settle(milliseconds(20), false, kAnswerLimit);
  if (!settled.ok()) return settled.status();
  Hang hang;
  if (!settled->quiet()) {
    const double usual = returned_ == 0 ? 0 : 1e-9 * returned_nanoseconds_ / static_cast<double>(returned_);
    if (taken < kTimerLimit || usual == 0 || Seconds(taken) < kMuchLonger * usual) return false;
    hang.busy = true;
  } else {
    auto limit = LimitOfSleep();
    if (!limit.ok()) return limit.status();
    if (taken < *limit) return false;
    auto moved = MovedOn();
    if (!moved.ok()) return moved.status();
    if (*moved) return false;
    auto next_timer = client_.ReadMetric(kNextTimer, kAnswerLimit);
    if (!next_timer.ok()) return next_timer.status();
    // Real waits get real time; a test that sleeps for a moment is not to be woken before it.
    const bool timer_due = !*next_timer || (**next_timer >= 0 && **next_timer < 60);
    const Clock::duration limit_of_timers = waits_long_      ? kLongWait
                                            : hangs_.empty() ? timer_limit_
                                                             : Clock::duration(kWorldLimit);
    if (timer_due && taken < limit_of_timers) return false;
    const Clock::time_point begin = Clock::now();
    for (int i = 0; timer_due && HasProbe("clock") && i < kShortJumps && Clock::now() - begin < timer_limit_;
         ++i) {
      auto moved_on = MoveClock(kShortJump, kFineSteps, made);
      if (!moved_on.ok()) return moved_on.status();
      waits_long_ = waits_long_ || *moved_on;
      if (*moved_on) return false;
      hang.virtual_seconds += kShortJump;
    }
    for (const double jump : kHangJumps) {
      if (!HasProbe("clock")) break;
      auto moved_on = MoveClock(jump, 0, made);
      if (!moved_on.ok()) return moved_on.status();
      if (*moved_on) return false;
      hang.virtual_seconds += jump;
    }
    next_timer = client_.ReadMetric(kNextTimer, kAnswerLimit);
    if (!next_timer.ok()) return next_timer.status();
    hang.timers = next_timer->value_or(0) >= 0;
  }
  auto stacks = client_.ReadStacks(kStackText, kAnswerLimit);
  if (!stacks.ok()) return stacks.status();
  if (hangs_.empty()) {
    auto handles = ReadHeldHandles(*this);
    if (!handles.ok()) return handles.status();
    first_hang_ = {.calls_before = returned_ + made, .handles = *std::move(handles)};
  }
  if (hangs_.size() < kMostHangsKept) {
    hang.stacks = *std::move(stacks);
    hangs_.push_back(std::move(hang));
  }
  return true;
}

target::Outcome Session::End() {
  if (client_.Finish(seconds(1)).ok()) {
    if (auto outcome = client_.process().Wait(seconds(2), interrupted_)) return *outcome;
  }
  return client_.process().Kill(milliseconds(100));
}

std::string Session::OutputTail() {
  constexpr size_t kMost = 4096;
  const std::string text = client_.process().Err().Text() + client_.process().Out().Text();
  // How the runtime and the race detector begin their last words; the stacks that follow are long.
  size_t begin = std::string::npos;
  for (const char* word : {"fatal error: ", "panic: ", "SIGSEGV: ", "SIGABRT: ", "WARNING: DATA RACE"}) {
    begin = std::min(begin, text.find(word));
  }
  if (begin == std::string::npos) begin = text.size() > kMost ? text.size() - kMost : 0;
  return text.substr(begin, kMost);
}

}  // namespace goleakstress::campaign
