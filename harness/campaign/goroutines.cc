#include "harness/campaign/goroutines.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "collectors/goroutine_text.h"

namespace goleakstress::campaign {
namespace {

using explain::CodeMap;
using explain::Family;
using explain::GoroutineDetail;
using explain::GrowingSite;
using explain::Site;
using explain::Stack;

explain::Frame ToFrame(const collectors::Frame& frame) {
  return {explain::AsPrinted(frame.function), std::string(frame.file), static_cast<int>(frame.line)};
}

template <typename Frames>
Stack ToStack(const Frames& frames) {
  Stack stack;
  for (const auto& frame : frames) {
    stack.push_back(ToFrame(frame));
  }
  return stack;
}

// The text hides frames of the runtime that the profile shows: both are compared without them.
Stack WithoutRuntime(Stack stack) {
  std::erase_if(stack, [](const explain::Frame& frame) { return explain::IsRuntimes(frame.function); });
  return stack;
}

bool SameStack(const Stack& a, const Stack& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const explain::Frame& x, const explain::Frame& y) {
                      return x.function == y.function && x.line == y.line;
                    });
}

bool Belongs(const Site& site, const Stack& trimmed) {
  if (trimmed.empty() || site.stack.empty()) return false;
  if (site.family != Family::kGoroutine)
    return explain::FunctionThatRuns(site.stack) == explain::FunctionThatRuns(trimmed);
  if (site.by_function) return site.stack.front().function == trimmed.back().function;
  return SameStack(WithoutRuntime(site.stack), WithoutRuntime(trimmed));
}

bool WaitsForLock(std::string_view state) {
  return state.starts_with("sync.Mutex.") || state.starts_with("sync.RWMutex.");
}

// The lock for which it waits; null: it waits for none, or nobody knows who took it.
const collectors::TakenLock* LockOf(const collectors::Goroutine& goroutine,
                                    const collectors::GoroutineDump& dump) {
  const auto lock = std::find_if(dump.locks.begin(), dump.locks.end(),
                                 [&goroutine](const auto& taken) { return taken.waiter == goroutine.id; });
  return WaitsForLock(goroutine.state) && lock != dump.locks.end() ? &*lock : nullptr;
}

// Who took the lock for which it waits.
explain::LockTaker LockTakerOf(const collectors::Goroutine& goroutine,
                               const collectors::GoroutineDump& dump) {
  const collectors::TakenLock* const lock = LockOf(goroutine, dump);
  if (lock == nullptr) return {};
  explain::LockTaker taker{.took = ToStack(lock->frames), .same = lock->taker == goroutine.id};
  if (const collectors::Goroutine* const now = collectors::FindGoroutine(dump, lock->taker)) {
    taker.state = now->state;
    taker.at = ToStack(now->frames);
  } else if (dump.cut) {
    return {};  // it may be in the part that is not there
  }
  return taker;
}

// Another one of the sites to which a goroutine belongs that has to go on before this one can: who took the
// lock for which it waits, or of a WaitGroup one that it started itself and that is still there.
size_t AwaitedSiteOf(const collectors::Goroutine& goroutine, const collectors::GoroutineDump& dump,
                     size_t own, const std::vector<GrowingSite>& sites, const CodeMap& code) {
  const collectors::TakenLock* const lock = LockOf(goroutine, dump);
  const bool group = lock == nullptr && WaitsForGroup(ToStack(goroutine.frames));
  std::vector<const collectors::Goroutine*> awaited;
  if (group) {
    for (const collectors::Goroutine& other : dump.goroutines) {
      if (other.parent_id == goroutine.id) awaited.push_back(&other);
    }
    for (const collectors::AlikeGoroutine& other : dump.alike) {
      if (other.parent_id == goroutine.id) awaited.push_back(collectors::FindGoroutine(dump, other.like));
    }
  } else if (lock != nullptr) {
    awaited.push_back(collectors::FindGoroutine(dump, lock->taker));
  }
  for (const collectors::Goroutine* const other : awaited) {
    if (other == nullptr) continue;
    const Stack trimmed = TrimRoot(ToStack(other->frames), code);
    for (size_t i = 0; i < sites.size(); ++i) {
      const Site& site = sites[i].site;
      if (i != own && site.family == Family::kGoroutine && !site.by_function && Belongs(site, trimmed))
        return i;
    }
  }
  return GrowingSite::kNone;
}

// With the creation chain: the `go` statement first, then the callers of the function that holds it, then the
// same for the goroutine that ran them.
GoroutineDetail Describe(const collectors::Goroutine& goroutine, const collectors::GoroutineDump& dump,
                         const CodeMap& code) {
  GoroutineDetail detail;
  Stack creators;
  std::optional<collectors::Frame> go_statement = goroutine.created_by;
  bool direct = true;
  for (const collectors::Ancestor& ancestor : goroutine.ancestors) {
    Stack stack = WithoutRuntime(ToStack(ancestor.frames));
    // Its first frame is the function of the `go` statement at the return address: the statement's own line
    // is better known.
    if (go_statement && !stack.empty() && stack.front().function == go_statement->function) {
      stack.erase(stack.begin());
    }
    if (go_statement) creators.push_back(ToFrame(*go_statement));
    creators.insert(creators.end(), stack.begin(), stack.end());
    if (std::exchange(direct, false)) detail.direct = creators.size();
    go_statement = ancestor.created_by;
  }
  if (go_statement) creators.push_back(ToFrame(*go_statement));
  if (direct) detail.direct = creators.size();
  detail.creators = TrimRoot(std::move(creators), code);
  detail.wait_reason = goroutine.state;
  detail.lock = LockTakerOf(goroutine, dump);
  return detail;
}

// Only who started it.
GoroutineDetail DescribeStarter(const collectors::Goroutine& goroutine, const collectors::GoroutineDump& dump,
                                const CodeMap& code) {
  GoroutineDetail detail = Describe(goroutine, dump, code);
  detail.wait_reason.clear();
  detail.lock = {};
  return detail;
}

}  // namespace

bool WaitsForGroup(const Stack& stack) {
  return std::any_of(stack.begin(), stack.end(),
                     [](const explain::Frame& frame) { return frame.function == "sync.(*WaitGroup).Wait"; });
}

bool IsForeign(const Site& site, const CodeMap& code) {
  return site.family != Family::kGoroutine && !site.stack.empty() && !HasUserFrame(site.stack, code);
}

std::vector<GoroutineDetail> DescribeGoroutines(std::string_view text, const std::vector<GrowingSite>& sites,
                                                const CodeMap& code) {
  std::vector<GoroutineDetail> details(sites.size());
  std::vector<size_t> open;  // sites without an example that names the user
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].site.before_jump) continue;
    details[i].creators = sites[i].site.creators;
    details[i].direct = sites[i].site.direct;
    if (!details[i].creators.empty()) continue;
    if (sites[i].site.family == Family::kGoroutine || IsForeign(sites[i].site, code)) open.push_back(i);
  }
  const collectors::GoroutineDump dump = collectors::ParseGoroutineText(std::string(text));
  // Who started such a goroutine last: a call did, what was there before the calls began did not.
  std::erase_if(open, [&](size_t i) {
    const Site& site = sites[i].site;
    if (site.family == Family::kGoroutine) return false;
    const auto start = std::find_if(dump.starts.begin(), dump.starts.end(), [&site](const auto& started) {
      if (started.frames.empty()) return false;
      const std::string function = ToFrame(started.frames.front()).function;
      return function == site.stack.back().function || function == explain::FunctionThatRuns(site.stack);
    });
    if (start == dump.starts.end()) return false;
    details[i] = DescribeStarter(*start, dump, code);
    return true;
  });
  std::vector<bool> described(sites.size());
  // The youngest last: what was there before the calls began is no example. Nor is one whose text is cut.
  for (auto goroutine = dump.goroutines.rbegin(); goroutine != dump.goroutines.rend() && !open.empty();
       ++goroutine) {
    // A text that is cut between two lines says nobody created its last goroutine.
    if (!goroutine->created_by && goroutine == dump.goroutines.rbegin()) continue;
    const Stack trimmed = TrimRoot(ToStack(goroutine->frames), code);
    if (IsOwn(trimmed, code)) continue;
    std::erase_if(open, [&](size_t i) {
      if (!Belongs(sites[i].site, trimmed)) return false;
      const bool goroutines = sites[i].site.family == Family::kGoroutine;
      GoroutineDetail detail =
          goroutines ? Describe(*goroutine, dump, code) : DescribeStarter(*goroutine, dump, code);
      if (goroutines) detail.awaited_site = AwaitedSiteOf(*goroutine, dump, i, sites, code);
      const bool users =
          HasUserFrame(detail.creators, code) || (goroutines && HasUserFrame(sites[i].site.stack, code));
      if (users || !described[i]) details[i] = std::move(detail);
      described[i] = true;
      return users;
    });
  }
  return details;
}

void DescribeKeepers(std::string_view text, const std::vector<GrowingSite>& sites,
                     const std::vector<uint64_t>& keepers, const CodeMap& code,
                     std::vector<GoroutineDetail>* details) {
  if (std::all_of(keepers.begin(), keepers.end(), [](uint64_t id) { return id == 0; })) return;
  const collectors::GoroutineDump dump = collectors::ParseGoroutineText(std::string(text));
  for (size_t i = 0; i < sites.size(); ++i) {
    if (keepers[i] == 0 || !sites[i].site.creators.empty() || !IsForeign(sites[i].site, code)) continue;
    const collectors::Goroutine* const keeper =
        collectors::FindGoroutine(dump, static_cast<int64_t>(keepers[i]));
    if (keeper == nullptr) continue;
    GoroutineDetail detail = DescribeStarter(*keeper, dump, code);
    if (!HasUserFrame(detail.creators, code)) continue;
    (*details)[i] = std::move(detail);
  }
}

std::vector<double> CountLeaked(const collectors::Profile& profile, const std::vector<GrowingSite>& sites,
                                const CodeMap& code) {
  std::vector<double> leaked(sites.size());
  for (const collectors::Sample& sample : profile.samples) {
    const Stack trimmed = TrimRoot(ToStack(profile.StackOf(sample)), code);
    if (IsOwn(trimmed, code)) continue;
    for (size_t i = 0; i < sites.size(); ++i) {
      if (sites[i].site.family == Family::kGoroutine && Belongs(sites[i].site, trimmed)) {
        leaked[i] += static_cast<double>(profile.ValuesOf(sample)[0]);
      }
    }
  }
  return leaked;
}

bool WaitForEachOther(std::string_view text, const CodeMap& code) {
  const collectors::GoroutineDump dump = collectors::ParseGoroutineText(std::string(text));
  return std::none_of(dump.goroutines.begin(), dump.goroutines.end(), [&code](const auto& goroutine) {
    if (IsOwn(TrimRoot(ToStack(goroutine.frames), code), code)) return false;
    const std::string_view state = goroutine.state;
    return state == "running" || state == "runnable" || state == "syscall" || state == "IO wait" ||
           state == "sleep";
  });
}

namespace {

// Whether the call waits for an answer over the network: its innermost frame of the user's called a package
// of net.
bool WaitsForPeer(const Stack& stack, std::string_view state, const CodeMap& code) {
  if (state == "IO wait") return true;
  for (const explain::Frame& frame : stack) {
    if (code.OwnerOf(frame) == explain::Owner::kUser) return false;
    if (frame.function.starts_with("net/http.") || frame.function.starts_with("net.")) return true;
  }
  return false;
}

// Whether it keeps a peer waiting: a lock is nobody's place to be idle, and a request is being served.
bool KeepsPeerWaiting(const Stack& stack, std::string_view state, const CodeMap& code) {
  const explain::Frame* const culprit = explain::Culprit(stack, code);
  if (culprit == nullptr || code.OwnerOf(*culprit) != explain::Owner::kUser ||
      culprit->file.ends_with("_test.go"))
    return false;
  const bool serves = std::any_of(stack.begin(), stack.end(), [](const explain::Frame& frame) {
    return frame.function == "net/http.(*conn).serve";
  });
  return WaitsForLock(state) || (serves && state != "running" && state != "runnable" && state != "IO wait");
}

}  // namespace

HungGoroutines HungCall(std::string_view text, const CodeMap& code) {
  const collectors::GoroutineDump dump = collectors::ParseGoroutineText(std::string(text));
  HungGoroutines hung;
  int64_t call = 0;
  // The call is the goroutine with a frame of the user above our own plumbing or above package testing's; the
  // youngest one, for earlier calls may have left others.
  for (auto goroutine = dump.goroutines.rbegin(); goroutine != dump.goroutines.rend() && call == 0;
       ++goroutine) {
    const Stack whole = ToStack(goroutine->frames);
    const Stack trimmed = TrimRoot(whole, code);
    if (IsOwn(trimmed, code) || trimmed.back() == whole.back() || explain::Culprit(trimmed, code) == nullptr)
      continue;
    call = goroutine->id;
    hung.sites.push_back({.family = Family::kGoroutine, .stack = WithoutRuntime(trimmed)});
    hung.details.push_back(
        {.wait_reason = std::string(goroutine->state), .lock = LockTakerOf(*goroutine, dump)});
  }
  for (const collectors::Goroutine& goroutine : dump.goroutines) {
    const bool started = goroutine.parent_id == call ||
                         std::any_of(goroutine.ancestors.begin(), goroutine.ancestors.end(),
                                     [call](const collectors::Ancestor& a) { return a.id == call; });
    const Stack trimmed = TrimRoot(ToStack(goroutine.frames), code);
    if (call == 0 || !started || IsOwn(trimmed, code)) continue;
    hung.sites.push_back({.family = Family::kGoroutine, .stack = WithoutRuntime(trimmed)});
    hung.details.push_back(Describe(goroutine, dump, code));
  }
  if (call == 0 || !WaitsForPeer(hung.sites[0].stack, hung.details[0].wait_reason, code)) return hung;
  for (const collectors::Goroutine& goroutine : dump.goroutines) {
    Stack stack = WithoutRuntime(TrimRoot(ToStack(goroutine.frames), code));
    if (goroutine.id == call || IsOwn(stack, code) || !KeepsPeerWaiting(stack, goroutine.state, code))
      continue;
    hung.sites.insert(hung.sites.begin(), {.family = Family::kGoroutine, .stack = std::move(stack)});
    hung.details.insert(hung.details.begin(), Describe(goroutine, dump, code));
    break;
  }
  return hung;
}

}  // namespace goleakstress::campaign
