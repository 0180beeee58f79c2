#include "harness/report/text_finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/report/escape.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr size_t kChainLinks = 6;       // functions named in one chain of callers
constexpr size_t kCommandBytes = 4096;  // of a line that is to be pasted: better long than cut

using Frames = google::protobuf::RepeatedPtrField<Frame>;

// "fetch.Start < fetch.Handle < fetch.FuzzFetch": the user's own functions, or a library's where there is
// none of them, the nearest first, each once.
std::string Chain(const Frames& frames) {
  std::string chain, last;
  size_t links = 0;
  const bool users = FirstUserFrame(frames) != nullptr;
  for (const Frame& frame : frames) {
    std::string function = ShortFunction(frame.function());
    if (!(users ? frame.user() : IsLibrarys(frame)) || function == last) continue;
    if (links == kChainLinks) return chain + " < ...";
    if (links++ > 0) chain += " < ";
    chain += OneLine(function);
    last = std::move(function);
  }
  return chain;
}

// The innermost frame of a library inside of the user's code; null: there is none.
const Frame* FirstOfLibrary(const Frames& stack) {
  for (const Frame& frame : stack) {
    if (frame.user()) break;
    if (IsLibrarys(frame)) return &frame;
  }
  return nullptr;
}

// What a library's goroutine is at: its own frame, else the operation of Go's packages. How the runtime puts
// it to sleep, or a probe takes note, tells nothing.
const Frame* FirstBeyondRuntime(const Frames& stack) {
  if (const Frame* const library = FirstOfLibrary(stack)) return library;
  for (const Frame& frame : stack) {
    if (!frame.function().starts_with("runtime.") && !frame.function().starts_with("internal/runtime/") &&
        frame.function().find(".goleakstress") == std::string::npos) {
      return &frame;
    }
  }
  return stack.empty() ? nullptr : &stack.Get(0);
}

std::string By(const std::string& chain) { return chain.empty() ? "" : " by " + chain; }

// Where it waits or was acquired, and who called.
std::string Where(const Finding& finding) {
  const Frame* user = FirstUserFrame(finding.stack());
  if (finding.class_() == "goroutine") {
    std::string text;
    const bool runs = finding.blocked_on() == "running" || finding.blocked_on() == "runnable";
    if (!finding.blocked_on().empty() && !runs) {
      const std::string inside = WaitsInside(finding);
      text = inside.empty() ? "waits in " + OneLine(finding.blocked_on())
                            : fmt::format("waits in {} ({})", OneLine(inside), OneLine(finding.blocked_on()));
    }
    const Frame* at = user != nullptr ? user : FirstBeyondRuntime(finding.stack());
    const Frame* library = user != nullptr ? FirstOfLibrary(finding.stack()) : nullptr;
    if (library != nullptr)
      text += (text.empty() ? "runs at " : " at ") + OneLine(PlaceOf(*library)) + ", called";
    if (at != nullptr) text += (text.empty() ? "runs at " : " at ") + OneLine(PlaceOf(*at));
    const Frame* start = FirstUserFrame(finding.creator());
    if (start == nullptr) start = FirstOfLibrary(finding.creator());
    if (start != nullptr) {
      text += (text.empty() ? "started at " : ", started at ") + OneLine(PlaceOf(*start)) +
              By(Chain(finding.creator()));
      if (start->user() && !finding.creator(0).user()) {
        text += ", with the go statement at " + OneLine(PlaceOf(finding.creator(0)));
      }
    }
    return text;
  }
  const bool container = finding.kind() == "map" || finding.kind() == "slice";
  const char* how = finding.class_() != "cache" ? "acquired" : container ? "grows" : "allocated";
  const std::string at_user =
      user == nullptr ? "" : fmt::format("at {}{}", OneLine(PlaceOf(*user)), By(Chain(finding.stack())));
  // Without a frame of the user a library did it in a goroutine of its own.
  const Frame* library = finding.has_library() ? &finding.library()
                         : user == nullptr     ? FirstBeyondRuntime(finding.stack())
                                               : nullptr;
  if (library == nullptr) return user == nullptr ? "" : fmt::format("{} {}", how, at_user);
  return fmt::format("{} at {} by {}{}{}", how, OneLine(PlaceOf(*library)),
                     OneLine(ShortFunction(library->function())), user == nullptr ? "" : ", called ",
                     at_user);
}

bool IsHang(const Finding& finding) { return finding.rule() == "GLS009"; }

// Whether a call waits for what the finding keeps from a pool.
bool IsPool(const Finding& finding) {
  return finding.class_() == "resource" && !finding.blocked_on().empty();
}

std::string RateWithError(const Finding& finding) {
  if ((finding.rate_low() == 0 && finding.rate_high() == 0) || IsHang(finding)) return {};
  const double half = std::max(0.0, (finding.rate_high() - finding.rate_low()) / 2);
  const bool bytes = finding.unit() == "bytes";
  return fmt::format("rate {} +- {}",
                     bytes ? Bytes(finding.rate_per_call()) : Amount(finding.rate_per_call()),
                     bytes ? Bytes(half) : Amount(half));
}

std::string HowSure(const Finding& finding) {
  const Evidence& evidence = finding.evidence();
  std::string text =
      fmt::format("{}, {}", Count(evidence.calls(), "call"), Count(evidence.snapshots(), "snapshot"));
  if (evidence.e_value() > 1) {
    text += evidence.e_value() >= 1e300 ? ", e > 1e+300"
            : evidence.e_value() < 1000 ? fmt::format(", e = {:.0f}", evidence.e_value())
                                        : fmt::format(", e = {:.0e}", evidence.e_value());
  }
  // Only these words come with a bound; the others describe.
  const bool bounded =
      IsLeak(finding.verdict()) || finding.verdict() == "gc-only" || finding.verdict() == "background";
  if (bounded && evidence.error_bound() > 0) {
    text += fmt::format(" (false alarm < {:.2g} %)", 100 * evidence.error_bound());
  }
  if (const std::string rate = RateWithError(finding); !rate.empty()) text += ", " + rate;
  return text;
}

// To which size and age the growth was followed: what the verdict does not say more than.
std::string Horizons(const Finding& finding) {
  const Evidence& evidence = finding.evidence();
  std::vector<std::string> parts;
  if (evidence.horizon_entries() > 0) {
    parts.push_back(fmt::format("not bounded below ~{} entries", Thousands(evidence.horizon_entries())));
  }
  if (evidence.hold_seconds() > 0) {
    parts.push_back(fmt::format("still there after {}", Duration(evidence.hold_seconds())));
  }
  if (evidence.exhausted_after() > 0) {
    parts.push_back(fmt::format("ran out after {}", Count(evidence.exhausted_after(), "call")));
  }
  if (finding.verdict() == "gc-only") parts.emplace_back("counted when closed so, not while it is open");
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Who closes what the program does not. A body's context ends with it at the latest where that is collected.
const char* WhoCloses(const Finding& finding) {
  return finding.rule() == "GLS005" ? "the end of its request's context or a time-out"
                                    : "the garbage collector";
}

std::string Meaning(const Finding& finding) {
  const std::string& verdict = finding.verdict();
  if (finding.entry() == "main" && finding.class_() == "cache" &&
      finding.retained_by().starts_with("global ")) {
    return "main is called again and again in one process: this is a leak where each call does a piece of "
           "work, and mere set-up where a program makes one";
  }
  if (IsHang(finding) || IsPool(finding)) return finding.summary();
  if (verdict == "proven") {
    if (finding.class_() == "goroutine")
      return "the Go runtime itself says so: nothing that can still run can wake it";
    return finding.only_closed_by_gc() ? fmt::format("nothing but {} closes it", WhoCloses(finding))
                                       : "the Go runtime says of goroutines that wait with it: nothing that "
                                         "can still run can wake them";
  }
  if (verdict == "gc-only")
    return fmt::format("nobody closes it but {}: bounded, yet until then it counts against limits",
                       WhoCloses(finding));
  if (verdict == "exhausted")
    return "grew with the calls until a limit of the process or its user was reached";
  if (verdict == "residue") return "most of it is released late, but some stays";
  if (verdict == "growing") return "grows with the calls, but was not followed far enough to call it a leak";
  if (verdict == "background") return "grows with time, with calls or without";
  return {};
}

// "goroutine, fd socket, 7 sites in all": what grows together with it. No rates: sites overlap (a goroutine
// is counted where it was started and where it waits), and a sum over them would be false.
std::string With(const Finding& finding) {
  std::vector<std::string> kinds;
  for (const Member& member : finding.members()) {
    const bool seen = std::find(kinds.begin(), kinds.end(), member.kind()) != kinds.end();
    if (!seen) kinds.push_back(member.kind());
  }
  if (kinds.size() < 2) return {};
  for (std::string& kind : kinds) kind = OneLine(kind, 60);
  const size_t named = std::min<size_t>(kinds.size(), 8);
  return fmt::format("{}{}, {} in all",
                     fmt::join(kinds.begin(), kinds.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                     named < kinds.size() ? ", ..." : "", Count(finding.members_size(), "site"));
}

}  // namespace

std::string InputLine(std::string_view text) {
  constexpr std::string_view kHead = "go test fuzz v1";
  const char* between =
      text.starts_with(kHead) ? ", " : ", then ";  // arguments, or calls of a combined entry
  std::string line;
  bool first = true;
  while (!text.empty() && line.size() < 300) {
    const std::string_view argument = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), argument.size() + 1));
    if (argument == kHead) {
      if (!line.empty()) line += ", then ";
      first = true;
      continue;
    }
    line += (first ? "" : between) + OneLine(argument, 200);
    first = false;
  }
  return line;
}

namespace {

void AppendStack(TextLines* lines, std::string_view label, const Frames& frames) {
  for (int i = 0; i < frames.size(); ++i) {
    const Frame& frame = frames[i];
    lines->Labelled(i == 0 ? label : "", fmt::format("{}  {}", OneLine(frame.function()),
                                                     OneLine(frame.file().empty() ? "" : PlaceOf(frame))));
  }
}

// "app.Drain drain.go:17" of "example.com/app.Drain drain.go:17".
std::string ShortPlace(std::string_view place) {
  const size_t space = std::min(place.find(' '), place.size());
  if (space == place.size()) return OneLine(ShortFunction(place));
  return OneLine(ShortFunction(place.substr(0, space))) + " " + OneLine(ShortFile(place.substr(space + 1)));
}

std::string StartedAt(const Member& member) {
  return member.started().empty() ? "" : fmt::format(", started at {}", ShortPlace(member.started()));
}

// The goroutines that a hung call waits with: who stands where, and how many of them.
void AppendWaiters(TextLines* lines, const Finding& finding) {
  constexpr size_t kMost = 6;
  std::vector<std::pair<std::string, int>> waiters;
  for (const Member& member : finding.members()) {
    if (member.started().empty()) continue;  // the call itself
    std::string waiter =
        fmt::format("{} at {}{}", OneLine(member.kind()), ShortPlace(member.where()), StartedAt(member));
    const auto same = std::find_if(waiters.begin(), waiters.end(),
                                   [&](const auto& known) { return known.first == waiter; });
    if (same == waiters.end()) {
      waiters.emplace_back(std::move(waiter), 1);
    } else {
      ++same->second;
    }
  }
  int more = 0;
  for (size_t i = 0; i < waiters.size(); ++i) {
    const auto& [waiter, count] = waiters[i];
    if (i >= kMost) {
      more += count;
    } else {
      lines->Labelled("and", count == 1 ? waiter : fmt::format("{} ({} of them)", waiter, count));
    }
  }
  if (more > 0) lines->Labelled("and", Count(more, "more goroutine"));
}

// Other lines at which things of the same kind leak, of one cause, the fastest first.
void AppendOtherLines(TextLines* lines, const Finding& finding) {
  constexpr size_t kMost = 3;
  const std::string culprit = fmt::format(" {}:{}", finding.culprit().file(), finding.culprit().line());
  const auto place_of = [](const Member& member) -> std::string_view {
    return member.started().empty() ? member.where() : member.started();
  };
  std::string_view kind;
  for (const Member& member : finding.members()) {
    if (finding.class_() != "cache" && place_of(member).ends_with(culprit) &&
        (member.kind() == "goroutines") == (finding.class_() == "goroutine") &&
        !member.kind().starts_with("heap ") && !member.kind().starts_with("map "))
      kind = member.kind();
  }
  std::map<std::string_view, double> rates;
  for (const Member& member : finding.members()) {
    if (member.kind() == kind && !member.accepted() && !place_of(member).ends_with(culprit))
      rates[place_of(member)] += member.rate();
  }
  std::vector<std::pair<double, std::string_view>> sorted;
  for (const auto& [place, rate] : rates) sorted.emplace_back(-rate, place);
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < std::min(kMost, sorted.size()); ++i)
    lines->Labelled("and", fmt::format("{} {} at {}", Amount(-sorted[i].first), PerWhat(finding),
                                       ShortPlace(sorted[i].second)));
  if (sorted.size() > kMost)
    lines->Labelled("and", Count(static_cast<int>(sorted.size() - kMost), "more line"));
}

void AppendDetails(TextLines* lines, const Finding& finding) {
  for (int i = 0; i < finding.members_size(); ++i) {
    const Member& member = finding.members(i);
    lines->Labelled(i == 0 ? "members" : "",
                    fmt::format("{} {:.4g} {}  {}{}", OneLine(member.kind()), member.rate(), PerWhat(finding),
                                OneLine(member.where()), StartedAt(member)));
  }
  AppendStack(lines, "stack", finding.stack());
  AppendStack(lines, "creator", finding.creator());
  lines->Labelled("signature", OneLine(finding.signature()));
}

std::string KeptBy(const Finding& finding) {
  if (finding.retained_by().empty() || !(finding.retained_bytes_per_call() > 0))
    return OneLine(finding.retained_by());
  return fmt::format("{}: {} and {} objects more per call", OneLine(finding.retained_by()),
                     Bytes(finding.retained_bytes_per_call()), Amount(finding.retained_objects_per_call()));
}

}  // namespace

void AppendFinding(TextLines* lines, const SameFinding& same, bool verbose) {
  const Finding& finding = *same.front();
  const Ink ink = IsLeak(finding.verdict()) ? Ink::kRed : Ink::kYellow;
  std::string head = lines->Paint(ink, OneLine(Upper(finding.verdict()))) + "  " + OneLine(finding.class_());
  if (!finding.kind().empty() && finding.kind() != finding.blocked_on() && finding.kind() != finding.class_())
    head += fmt::format(" ({})", OneLine(finding.kind()));
  head += "  " + OneLine(RateText(finding));
  for (const std::string& part : {OneLine(finding.culprit().file().empty() ? "" : PlaceOf(finding.culprit())),
                                  OneLine(ShortFunction(finding.culprit().function()))}) {
    if (!part.empty()) head += fmt::format("  {}", lines->Paint(Ink::kBold, part));
  }
  if (!finding.id().empty())
    head += fmt::format("  {}", lines->Paint(Ink::kDim, fmt::format("[{}]", OneLine(finding.id()))));
  lines->Line(head);

  lines->Labelled("where", Where(finding));
  if (finding.rule() == "GLS009") {
    AppendWaiters(lines, finding);
  } else {
    AppendOtherLines(lines, finding);
  }
  lines->Labelled("kept by", KeptBy(finding));
  if (finding.only_closed_by_gc() && finding.verdict() != "proven" && finding.verdict() != "gc-only") {
    lines->Labelled("note", fmt::format("only {} closes it", WhoCloses(finding)));
  }
  lines->Labelled("means", OneLine(Meaning(finding)));
  lines->Labelled("evidence", HowSure(finding));
  lines->Labelled("", Horizons(finding));
  lines->Labelled("decide", OneLine(finding.evidence().settle()));
  if (finding.rule() != "GLS009") lines->Labelled("with", With(finding));
  lines->Labelled("seen in", EntriesOf(same));
  lines->Labelled("input", finding.any_input() ? "any input" : InputLine(finding.input()));
  lines->Labelled("schedule", OneLine(finding.schedule()));
  if (verbose) AppendDetails(lines, finding);
  lines->Labelled("again", OneLine(finding.reproduce(), kCommandBytes));
  lines->Labelled("fix", OneLine(finding.advice(), 1000));
}

}  // namespace goleakstress::report
