#include "harness/report/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/report/groups.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr std::array kRules = {
    Rule{"GLS001", "goroutine blocked for ever",
         "give the {wait} a way out: select on ctx.Done() as well, or make sure that its other side always "
         "comes, for {who}"},
    Rule{"GLS002", "goroutine that never ends",
         "give the loop of {who} an end: return on ctx.Done(), and cancel that "
         "context when its caller is done"},
    Rule{"GLS003", "cache grows per distinct input",
         "bound what is kept at {at}{root}: evict by size or age, or delete the entry when its last user is "
         "gone"},
    Rule{"GLS004", "memory retained per call",
         "drop the reference to what is allocated at {at}{root} when the call is over, or reuse it"},
    Rule{"GLS005", "HTTP response body not closed",
         "close the body: `defer resp.Body.Close()` after the error check at {at}"},
    Rule{"GLS006", "file descriptor not closed",
         "close the {kind}: `defer x.Close()` after the error check at {at}, or in the Close of what keeps "
         "it, on every path"},
    Rule{
        "GLS007", "closed only by the garbage collector",
        "close the {kind} yourself: `defer x.Close()` after the error check at {at}, or in the Close of what "
        "keeps it; until the next garbage collection it counts against the limit"},
    Rule{"GLS008", "grows with time, not with calls",
         "look for a ticker, a poll or a background loop behind what grows at {at}{root}: one that adds "
         "something on every round and never drops it"},
    Rule{"GLS009", "call that hangs",
         "bound the {wait} at {at}: pass a context with a deadline, and take locks in one order"},
    Rule{"GLS010", "operating system thread leak",
         "end the goroutine that took its thread by runtime.LockOSThread, and look for cgo calls and system "
         "calls at {at} that never return"},
    Rule{"GLS011", "database/sql handle not closed", ""},
    Rule{"GLS012", "child process not waited for",
         "call cmd.Wait() for every cmd.Start() at {at}, and kill the process through exec.CommandContext"},
    Rule{"GLS013", "timer or ticker not stopped",
         "stop the {kind} that is made at {at}: t.Stop() on every path, and end the goroutine that waits for "
         "it, "
         "if there is one"},
    Rule{"GLS014", "memory outside the Go heap grows",
         "free what C, mmap or a stack holds at {at}: pair every C.malloc with C.free and every Mmap with "
         "Munmap"},
    Rule{"GLS015", "context never cancelled",
         "cancel the context: `defer cancel()` after it is derived at {at}, or in the Close of what keeps "
         "cancel; until then its parent keeps it"},
    Rule{"GLS016", "HTTP transport for every call",
         "make one transport, or one http.Client, and share it, rather than one for every call at {at}; or "
         "call "
         "its CloseIdleConnections when it is used no more"},
};

// Empty where no line is known.
std::string Place(const Finding& finding) {
  const Frame& frame = finding.culprit();
  return frame.file().empty() ? frame.function() : PlaceOf(frame);
}

// What a goroutine waits for decides what helps it.
std::string_view AdviceByWait(std::string_view wait) {
  if (wait.find("(no cases)") != std::string_view::npos || wait.find("nil chan") != std::string_view::npos) {
    return "nothing can ever wake {who}: it waits in {wait}";
  }
  if (wait.starts_with("chan send")) {
    return "let the send give up: give the channel room for one value (make(chan T, 1)), or select on "
           "ctx.Done() as well, in {who}; if it is a semaphore, give the slot back on every path";
  }
  if (wait.starts_with("chan receive")) {
    return "let the receive end: close the channel when the last sender is done, or select on ctx.Done() as "
           "well, in {who}";
  }
  if (wait.starts_with("select")) {
    return "end {who}: call what its select waits for (Close, Stop, cancel), or add "
           "`case <-ctx.Done(): return` and cancel that context when its caller is done";
  }
  if (wait.find("WaitGroup") != std::string_view::npos) {
    return "call wg.Done() on every path (`defer wg.Done()` first in the goroutine) and wg.Add before the go "
           "statement; {who} waits for that";
  }
  if (wait.find("Cond") != std::string_view::npos) {
    return "signal the condition on every path (Broadcast when closing); {who} waits for that";
  }
  if (wait.find("Mutex") != std::string_view::npos || wait.starts_with("semacquire")) {
    return "unlock on every path (`defer mu.Unlock()`) and take locks in one order; {who} waits "
           "for one";
  }
  if (wait == "coroutine") {
    return "call the stop function that iter.Pull returns beside next when the loop is left early: `defer "
           "stop()`, for {who}";
  }
  if (wait.starts_with("IO wait")) {
    return "close the connection or set a deadline on it when its user is done, for {who}";
  }
  return {};
}

bool HasMember(const Finding& finding, std::string_view kind) {
  return std::any_of(finding.members().begin(), finding.members().end(),
                     [kind](const Member& member) { return member.kind() == kind; });
}

// Nobody adds a case to a function of Go's own library.
std::string_view AdviceForWait(const Finding& finding) {
  const std::string& wait = finding.blocked_on();
  const bool on_channel = wait == "select" || wait == "chan send" || wait == "chan receive";
  if (on_channel && !WaitsInside(finding).empty()) {
    return "end {who}: it waits in {inside} for the other side, which must go on or close its end on every "
           "path (of a pipe: `defer r.Close()`, `defer w.Close()`); or give the call a context or a "
           "deadline, "
           "where it takes one";
  }
  if (finding.retained_by().ends_with("by the same goroutine")) {
    return "do not take a lock that the same goroutine holds (nor for reading: who waits to write comes "
           "first): {who} waits for itself";
  }
  if ((wait == "chan receive" || wait == "select") && HasMember(finding, "context")) {
    return "cancel the context that is derived for {who} on every path (`defer cancel()`), if that is what "
           "it waits for, or end what else it waits for";
  }
  return AdviceByWait(wait);
}

std::string_view AdviceForDatabase(std::string_view kind) {
  if (kind.find("transaction") != std::string_view::npos) {
    return "end the transaction: `defer tx.Rollback()` after the error check at {at} (it does nothing after "
           "a Commit)";
  }
  if (kind.find("statement") != std::string_view::npos) {
    return "close the statement: `defer stmt.Close()` after the error check at {at}, or prepare it once";
  }
  if (kind.find("database/sql database") != std::string_view::npos) {
    return "open the database once and share it (sql.DB is a pool), or `defer db.Close()` after the error "
           "check at {at}";
  }
  if (kind.find("connection") != std::string_view::npos) {
    return "give the connection back: `defer conn.Close()` after the error check at {at}";
  }
  return "close the rows: `defer rows.Close()` after the error check at {at}";
}

// What gives up what a call left behind, by the source, or else what such a thing usually has.
std::string_view ReleaseOf(const Finding& finding) {
  if (!finding.release().empty()) return finding.release();
  if (finding.rule() == "GLS015")
    return "the cancel function that this call returns, or Close, Stop or Done of what it returns";
  if (finding.class_() == "goroutine") return "what that call has for it (Close, Stop, Shutdown, cancel)";
  if (finding.class_() == "cache") return "what it has for it (Close, Remove, Unsubscribe...)";
  return "Close of what that call returns or belongs to";
}

// What a library acquired its caller may have no hand on.
std::string_view AdviceForLibrary(const Finding& finding) {
  const std::string& leak_class = finding.class_();
  if (finding.released() && leak_class != "cache") {
    return "{library} forgets it: it stays although what the call at {at} returns is given up ({release}), "
           "or where that call fails and there is nothing to give up; upgrade the library, or make the call "
           "once and share what it returns";
  }
  if (finding.rule() == "GLS015") {
    return "{library} makes the context for the call at {at}: call {release}; if that is done already the "
           "library forgets it: upgrade it";
  }
  if (leak_class == "goroutine") {
    return "{library} starts a goroutine for the call at {at}, and it never ends: end it by {release}, "
           "if that is not called yet; if it is, the library "
           "forgets it: upgrade it, or make the call once and share what it returns";
  }
  if (leak_class == "cache") {
    return "what the call at {at} adds at {library} stays{root}: let the library drop it by {release}, or "
           "upgrade the library";
  }
  return "{library} opens the {kind} for the call at {at}: give it up by {release}, if "
         "that is not called yet; if it is, the library forgets it: upgrade it, or make the call once and "
         "share what it returns";
}

// A library's line is to blame where no one of the user's is known to lead there.
std::string_view AdviceWithoutCaller(const Finding& finding) {
  if (finding.class_() == "goroutine") {
    return "upgrade the library: {who} never ends, and no line of the target is seen to lead there; look at "
           "what {entry} hands to the library, as a function to call later";
  }
  return "upgrade the library: what it takes at {at} stays{root}, and no line of the target is seen to lead "
         "there; look at what {entry} hands to the library, as a function to call later";
}

// What a container of Go's own library has to take out what the user put in.
std::string_view AdviceForContainer(const Finding& finding) {
  constexpr std::pair<std::string_view, std::string_view> kContainers[] = {
      {"os/signal.Notify",
       "call `signal.Stop(c)` when the channel given at {at} is done with, in general "
       "`defer signal.Stop(c)` right after it"},
      {"sync.(*Map).",
       "delete the key when its use is over (`defer m.Delete(key)`), or bound the map that "
       "grows at {at}{root}"},
      {"container/list.(*List).",
       "remove the element when its use is over (`l.Remove(e)`), or bound the list "
       "that grows at {at}{root}"}};
  for (const Frame& frame : finding.stack()) {
    if (frame.user()) break;
    for (const auto& [function, advice] : kContainers)
      if (frame.function().starts_with(function)) return advice;
  }
  if (finding.kind() == "map") {
    return "delete the key when its use is over (`defer delete(m, key)`), or bound the map that grows at "
           "{at}{root}: evict by size or age";
  }
  return {};
}

// Who is left with something that another function of the user's acquired has it as that one's result, be it
// in a type of its own.
bool IsHandedOn(const Finding& finding) {
  const Frame* const acquirer = FirstUserFrame(finding.stack());
  return finding.class_() == "resource" && finding.culprit().user() && acquirer != nullptr &&
         (acquirer->function() != finding.culprit().function() ||
          acquirer->line() != finding.culprit().line());
}

// Whether what the first of the user's frames called was context.AfterFunc.
bool IsAfterFunc(const Finding& finding) {
  std::string_view called;
  for (const Frame& frame : finding.stack()) {
    if (frame.user()) return called == "context.AfterFunc";
    called = frame.function();
  }
  return false;
}

// The goroutine of the user's code, by its place among the members, that a hung call waits for and that is
// stuck at something else than the end of others; null: there is none.
const Member* StuckPartner(const Finding& finding) {
  for (const Member& member : finding.members()) {
    const std::string_view file = std::string_view(member.where()).substr(member.where().rfind(' ') + 1);
    const bool users = !file.starts_with('/') && file.find('@') == std::string_view::npos;
    if (!member.started().empty() && users && member.kind().find("WaitGroup") == std::string::npos)
      return &member;
  }
  return nullptr;
}

std::string_view AdviceForHang(const Finding& finding) {
  const Frame* const waits = FirstUserFrame(finding.stack());
  if (waits != nullptr && finding.culprit().user() &&
      (waits->line() != finding.culprit().line() || waits->file() != finding.culprit().file())) {
    return "give back on every path what is locked at {at} (`defer` its Unlock, Close or Rollback right "
           "after it): its "
           "goroutine has ended, and whoever takes the lock next waits for ever";
  }
  if (StuckPartner(finding) != nullptr) {
    return "look at {partner} first: {who} waits for a goroutine that is stuck there; give it a way out "
           "(select on ctx.Done() as well), and give back on every path what it waits for: a slot, a lock, a "
           "value";
  }
  return AdviceForWait(finding);
}

// A ticker's channel is never closed.
bool WaitsForTicks(const Finding& finding) {
  return finding.blocked_on() == "chan receive" && HasMember(finding, "time.ticker");
}

// A pool of Go's own library knows whatever it has handed out, and forgets it when that is closed.
bool IsKeptByItsPool(const Finding& finding) {
  constexpr std::array<std::string_view, 3> kPools = {"sql.DB)", "http.Transport)", "http.Client)"};
  return std::any_of(kPools.begin(), kPools.end(), [&finding](std::string_view pool) {
    return finding.retained_by().ends_with(pool) && finding.retained_by().find('[') == std::string::npos;
  });
}

// A goroutine of the user's may be one that who got its owner forgets to end.
std::string_view BeforeAdvice(const Finding& finding) {
  if (finding.class_() != "goroutine" || finding.has_library() || finding.rule() == "GLS009" ||
      finding.release().empty())
    return {};
  return finding.released() ? "{release} is called and does not end it: "
                            : "call {release} when its use is over; if that is done, or does not end it: ";
}

std::string_view TemplateFor(const Rule& rule, const Finding& finding) {
  std::string_view special;
  // A library may well run the user's functions in its goroutines.
  const bool waits_in_users = finding.class_() == "goroutine" && WaitsInUsers(finding);
  if (finding.has_library() && !waits_in_users) return AdviceForLibrary(finding);
  if (IsLibrarys(finding.culprit()) && !waits_in_users && rule.id != "GLS009")
    return AdviceWithoutCaller(finding);
  const bool handed_on = IsHandedOn(finding);
  if (finding.class_() == "cache") special = AdviceForContainer(finding);
  if (finding.class_() == "cache" && finding.retained_by().starts_with("finalizer ")) {
    return "let the finalizer run: what is allocated at {at} is kept by the object of {finalizer}, and leads "
           "back to it; break that circle, or use runtime.AddCleanup, which needs none";
  }
  if (rule.id == "GLS009") special = AdviceForHang(finding);
  if (rule.id == "GLS015" && IsAfterFunc(finding) && !handed_on) {
    return "call the stop function that context.AfterFunc returns at {at} when its use is over, in general "
           "`defer stop()`; until then the context that it waits for keeps it";
  }
  if (rule.id == "GLS001") {
    special = WaitsForTicks(finding) ? std::string_view(FindRule("GLS002")->advice) : AdviceForWait(finding);
  }
  if (rule.id == "GLS011") special = AdviceForDatabase(finding.kind());
  // "Closed only by the garbage collector" says no more about a body or rows than how they are closed.
  if (rule.id == "GLS007" && finding.kind().find("body") != std::string::npos) {
    special = FindRule("GLS005")->advice;
  }
  if (rule.id == "GLS007" && finding.kind().find("sql") != std::string::npos) {
    special = AdviceForDatabase(finding.kind());
  }
  const bool to_close =
      rule.id == "GLS005" || rule.id == "GLS006" || rule.id == "GLS007" || rule.id == "GLS011";
  if (rule.id == "GLS015" && handed_on) {
    return "cancel the context that is derived at {acquired} for the call at {at}: by the cancel function or "
           "the Close that this returns, on every path, and in that Close";
  }
  if (rule.id == "GLS013" && handed_on) {
    return "stop the {kind} that is made at {acquired} for the call at {at}, on every path, and end the "
           "goroutine that waits for it, if there is one";
  }
  if (to_close && finding.retained_by().starts_with("global ") && !IsKeptByItsPool(finding)) {
    return "close it and forget it{root} when its last user is done; it is acquired at {acquired}";
  }
  if (to_close && handed_on) {
    return "close what the call at {at} returns, on every path (`defer x.{closer}` after its error check): "
           "it holds the {kind} acquired at {acquired}";
  }
  return special.empty() ? rule.advice : special;
}

}  // namespace

std::span<const Rule> Rules() { return kRules; }

const Rule* FindRule(std::string_view id) {
  const auto* rule = std::find_if(kRules.begin(), kRules.end(), [id](const Rule& r) { return r.id == id; });
  return rule == kRules.end() ? nullptr : rule;
}

std::string AdviceFor(const Finding& finding) {
  const Rule* rule = FindRule(finding.rule());
  if (rule == nullptr) return {};
  const std::string_view release = ReleaseOf(finding);
  const std::string_view closer =
      finding.release().empty() ? "Close()" : release.substr(0, release.find(' '));
  // Nothing may be left at all.
  if (finding.verdict() == "residue" && finding.rate_low() <= 0 && finding.rate_high() > 0) return {};
  const bool hang = rule->id == "GLS009";
  const std::string place = Place(finding);
  const std::string at = place.empty() ? "" : " at " + place;
  const std::string who = hang ? "the call" + at : "the goroutine" + (at.empty() ? "" : " started" + at);
  const std::string library = PlaceOf(finding.library());
  const Frame* const acquirer = FirstUserFrame(finding.stack());
  const std::string acquired = acquirer == nullptr ? "" : PlaceOf(*acquirer);
  const Member* const partner = hang ? StuckPartner(finding) : nullptr;
  const std::string stuck =
      partner == nullptr ? "" : ShortFile(partner->where().substr(partner->where().rfind(' ') + 1));
  const std::string inside = WaitsInside(finding);
  const std::string root =
      finding.retained_by().empty() ? "" : fmt::format(" (kept by {})", finding.retained_by());
  const std::pair<std::string_view, std::string_view> values[] = {
      {" at {at}", at},  // without a place nothing is said of one
      {"{who}", who},
      {"{library}", library},
      {"{release}", release},
      {"{closer}", closer},
      {"{acquired}", acquired},
      {"{partner}", stuck},
      {"{root}", root},
      {"{finalizer}", finding.retained_by()},
      {"{inside}", inside},
      {"{entry}", finding.entry()},
      {"{kind}", finding.kind().empty() ? "descriptor" : std::string_view(finding.kind())},
      {"{wait}", finding.blocked_on().empty() ? "wait" : std::string_view(finding.blocked_on())}};
  // In one pass: a name of the target may hold any text, even a placeholder.
  std::string text;
  const std::string advice = std::string(BeforeAdvice(finding)) + std::string(TemplateFor(*rule, finding));
  std::string_view rest = advice;
  while (!rest.empty()) {
    const auto* value = std::find_if(std::begin(values), std::end(values),
                                     [rest](const auto& pair) { return rest.starts_with(pair.first); });
    if (value == std::end(values)) {
      text += rest.front();
      rest.remove_prefix(1);
    } else {
      text += value->second;
      rest.remove_prefix(value->first.size());
    }
  }
  return text;
}

}  // namespace goleakstress::report
