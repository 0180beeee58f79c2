#include "harness/explain/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <string_view>

#include "harness/explain/callers.h"
#include "harness/explain/cluster.h"
#include "harness/explain/counts.h"
#include "harness/explain/generated.h"
#include "harness/explain/helpers.h"
#include "harness/explain/kinds.h"
#include "harness/explain/release.h"
#include "harness/report/rules.h"

namespace goleakstress::explain {
namespace {

constexpr double kLargestEValue = 1e300;
constexpr size_t kStackFrames = 256;  // of a stack in the report

// A program's own package is called main in it, and by its import path in its tests.
std::string FunctionName(const Frame& frame, const EntryContext& context, const CodeMap& code) {
  constexpr std::string_view kMain = "main.";
  if (!frame.function.starts_with(kMain) || context.package.empty() || code.OwnerOf(frame) != Owner::kUser)
    return frame.function;
  return fmt::format("{}.{}", context.package, frame.function.substr(kMain.size()));
}

void Fill(report::Frame* out, const Frame& frame, const EntryContext& context, const CodeMap& code) {
  out->set_function(FunctionName(frame, context, code));
  out->set_file(FileName(frame, context, code));
  out->set_line(frame.line);
  out->set_user(code.OwnerOf(frame) == Owner::kUser);
}

int Severity(const std::string& verdict) {
  static constexpr std::string_view kOrder[] = {"proven",  "leak",    "exhausted", kGcOnly,
                                                "residue", "growing", "background"};
  const auto at = std::find(std::begin(kOrder), std::end(kOrder), verdict);
  return static_cast<int>(at - std::begin(kOrder));
}

std::string VerdictOf(const GrowingSite& grown) {
  return grown.site.healed_by_gc && IsLeak(grown.verdict) ? kGcOnly : grown.verdict;
}

// What tells one finding from another: the user's function that is to blame, or where a library works for
// itself that library's.
Stack SigningFrames(const report::Finding& finding, const Stack& stack, const Stack& creators,
                    const CodeMap& code) {
  if (finding.culprit().user()) return {{.function = finding.culprit().function()}};
  Stack frames;
  for (const Owner owner : {Owner::kDependency, Owner::kStandard}) {
    if (!frames.empty()) break;
    for (const Stack* part : {&stack, &creators}) {
      std::copy_if(part->begin(), part->end(), std::back_inserter(frames),
                   [&](const Frame& frame) { return code.OwnerOf(frame) == owner; });
    }
  }
  return frames;
}

// The frames of the goroutine that ran the `go` statement.
std::span<const Frame> DirectCreators(const GoroutineDetail& detail) {
  return std::span(detail.creators).first(std::min(detail.direct, detail.creators.size()));
}

// A map that takes the user's helpers (helpers.h) for a library's. Who keeps what he opened, be it on one way
// only, is none.
CodeMap WithHelpers(const std::vector<GrowingSite>& sites, const std::vector<GoroutineDetail>& details,
                    const CodeMap& code, const ReadSource& read) {
  CodeMap blamed = code;
  Functions owners;
  for (size_t i = 0; i < sites.size(); ++i) {
    const Site& site = sites[i].site;
    if (site.family == Family::kGoroutine && !site.by_function) {
      blamed.helpers.merge(RunnersOf(site.stack, DirectCreators(details[i]), code, read));
    } else if (site.family == Family::kResource && !sites[i].companion) {
      const Frame* const owner = OwnerOf(site.stack, Culprit(site.stack, code), site.kind, code, read);
      blamed.helpers.merge(HandersOn(site.stack, owner, code));
      if (owner != nullptr) owners.insert(DeclaredFunction(owner->function));
    }
  }
  std::erase_if(blamed.helpers, [&owners](const std::string& helper) { return owners.contains(helper); });
  return blamed;
}

// The innermost frame of a dependency that stands below `culprit`, a frame of the user; null: none.
const Frame* LibraryBelow(const Stack& stack, const Frame* culprit, const CodeMap& code) {
  for (const Frame& frame : stack) {
    if (&frame == culprit) break;
    if (code.OwnerOf(frame) == Owner::kDependency) return &frame;
  }
  return nullptr;
}

class Builder {
 public:
  Builder(const EntryContext& context, const std::vector<GrowingSite>& sites,
          const std::vector<GoroutineDetail>& details, const CodeMap& code, const CodeMap& blamed)
      : context_(context), sites_(sites), details_(details), code_(code), blamed_(blamed) {}

  report::Finding Build(const Cluster& cluster) const {
    const GrowingSite& place = sites_[cluster.head];   // says where
    const GrowingSite& head = sites_[Proof(cluster)];  // says what and how much
    const GoroutineDetail& detail = details_[cluster.head];
    Kind kind = KindOf(head, detail);
    if (kind.rule == "GLS001" && !place.proven && WakesByTicks(cluster)) kind.rule = "GLS002";
    report::Finding finding;
    finding.set_rule(kind.rule);
    finding.set_class_(kind.leak_class);
    finding.set_kind(kind.kind);
    finding.set_unit(kind.unit);
    finding.set_package(context_.package);
    finding.set_entry(context_.entry);
    finding.set_driver(head.driver);
    finding.set_blocked_on(detail.wait_reason);
    finding.set_only_closed_by_gc(head.site.healed_by_gc);
    finding.set_reproduce(context_.reproduce);
    finding.set_schedule(detail.schedule);
    finding.set_retained_by(
        InWords(detail.lock, code_, [this](const Frame& frame) { return PlaceOf(frame); }));
    SetRates(finding, cluster, Proof(cluster));
    if (!place.site.container.empty()) finding.set_kind(place.site.container);
    SetStacks(finding, cluster);
    SetEvidence(finding, cluster);
    AddMembers(finding, cluster);
    const std::string signature =
        SignatureOf(kind.leak_class, SigningFrames(finding, place.site.stack, detail.creators, code_));
    finding.set_signature(signature);
    finding.set_id(fmt::format("{}-{}", kind.rule, signature.substr(0, 8)));
    finding.set_summary(Summary(finding, kind));
    finding.set_advice(report::AdviceFor(finding));
    return finding;
  }

 private:
  std::string PlaceOf(const Frame& frame) const {
    return fmt::format("{}:{}", FileName(frame, context_, code_), frame.line);
  }

  // The head, or where that is a companion the site with the most evidence.
  size_t Proof(const Cluster& cluster) const {
    if (!sites_[cluster.head].companion) return cluster.head;
    size_t best = cluster.head;
    for (size_t i : cluster.members) {
      if (sites_[i].companion) continue;
      if (sites_[best].companion || sites_[i].log10_e > sites_[best].log10_e) best = i;
    }
    return best;
  }

  void SetRates(report::Finding& finding, const Cluster& cluster, size_t head) const {
    const Counted counted = CountCluster(sites_, cluster.members, sites_[head], code_);
    if (counted.rate != &sites_[head]) {
      finding.set_unit("objects");
      finding.set_kind("heap objects");
    }
    double rate = counted.rate->rate, low = counted.rate->rate_low, high = counted.rate->rate_high;
    for (size_t i : cluster.members) {
      if (i == head || !IsSameFault(i, head)) continue;
      rate += sites_[i].rate;
      low += sites_[i].rate_low;
      high += sites_[i].rate_high;
    }
    finding.set_rate_per_call(rate);
    finding.set_rate_low(low);
    finding.set_rate_high(high);
    finding.set_bytes_per_call(counted.bytes);
  }

  // A goroutine that has a ticker is not blocked for ever.
  bool WakesByTicks(const Cluster& cluster) const {
    constexpr double kNearly = 0.1;
    const GrowingSite& goroutine = sites_[cluster.head];
    const std::string& wait = details_[cluster.head].wait_reason;
    const std::string runs = FunctionThatRuns(goroutine.site.stack);
    // Its own, or as many.
    return (wait == "select" || wait == "chan receive") &&
           std::any_of(cluster.members.begin(), cluster.members.end(), [&](size_t i) {
             const Site& site = sites_[i].site;
             return site.kind == "time.ticker" && !site.healed_by_gc &&
                    (FunctionThatRuns(site.stack) == runs ||
                     std::abs(sites_[i].rate - goroutine.rate) <= kNearly * goroutine.rate);
           });
  }

  // Runs the user's code in a goroutine that a library started by itself, out of a server's loop.
  bool RunsUsers(size_t i) const {
    return sites_[i].site.family == Family::kGoroutine && HasUserFrame(sites_[i].site.stack, code_) &&
           !HasUserFrame(DirectCreators(details_[i]), code_);
  }

  // A goroutine is the fault of whoever started it, everything else of whoever acquired it. Where a library
  // starts goroutines by itself to run the user's code in them, it is that code's. Null: nobody is known.
  const Frame* Blamed(size_t i) const {
    const Site& site = sites_[i].site;
    const GoroutineDetail& detail = details_[i];
    const bool started = site.family == Family::kGoroutine && !RunsUsers(i);
    const Frame* culprit = started ? Culprit(detail.creators, blamed_) : nullptr;
    if (culprit == nullptr) {
      culprit = Culprit(site.stack, site.family == Family::kHeap ? code_ : blamed_);
      if (site.family == Family::kResource)
        culprit = OwnerOf(site.stack, culprit, site.kind, code_, context_.read_source);
    }
    // What a package's own goroutine does is the fault of the user's call that started it.
    if (culprit == nullptr || code_.OwnerOf(*culprit) != Owner::kUser) {
      const Frame* starter = Culprit(detail.creators, blamed_);
      if (starter != nullptr && code_.OwnerOf(*starter) == Owner::kUser) culprit = starter;
    }
    if (culprit == nullptr && !site.stack.empty()) culprit = &site.stack.front();
    return culprit;
  }

  // Things of one kind, no memory but entries of maps, that are the fault of one line.
  bool IsSameFault(size_t i, size_t j) const {
    const GrowingSite &a = sites_[i], &b = sites_[j];
    if (a.site.family != Family::kResource && a.site.family != Family::kGoroutine && a.site.kind != "entries")
      return false;
    // What is counted in two ways, by its tries and by what they led to.
    if (a.site.stack == b.site.stack && a.site.creators == b.site.creators) return false;
    if (a.companion || b.companion || a.site.by_function || b.site.by_function || a.driver != b.driver ||
        a.site.family != b.site.family || a.site.kind != b.site.kind ||
        a.site.healed_by_gc != b.site.healed_by_gc)
      return false;
    const Frame *const one = Blamed(i), *const other = Blamed(j);
    return one != nullptr && other != nullptr && *one == *other;
  }

  void SetStacks(report::Finding& finding, const Cluster& cluster) const {
    const size_t i = cluster.head;
    const GrowingSite& head = sites_[i];
    const GoroutineDetail& detail = details_[i];
    for (const Frame& frame : StackOfWhatStays(sites_, cluster.members, i, code_)) {
      if (finding.stack_size() == static_cast<int>(kStackFrames)) break;
      Fill(finding.add_stack(), frame, context_, code_);
    }
    for (const Frame& frame : detail.creators) {
      if (finding.creator_size() == static_cast<int>(kStackFrames)) break;
      Fill(finding.add_creator(), frame, context_, code_);
    }
    const Frame* const culprit = Blamed(i);
    if (culprit == nullptr) return;
    Fill(finding.mutable_culprit(), *culprit, context_, code_);
    if (code_.OwnerOf(*culprit) != Owner::kUser || RunsUsers(i)) return;
    const bool goroutine = head.site.family == Family::kGoroutine;
    const Frame* library = LibraryBelow(goroutine ? detail.creators : head.site.stack, culprit, code_);
    if (library != nullptr) Fill(finding.mutable_library(), *library, context_, code_);
    SetRelease(finding, head, detail, culprit);
  }

  // `culprit` is a frame of the stack or of the creators.
  void SetRelease(report::Finding& finding, const GrowingSite& head, const GoroutineDetail& detail,
                  const Frame* culprit) const {
    const bool created = std::any_of(detail.creators.begin(), detail.creators.end(),
                                     [culprit](const Frame& frame) { return &frame == culprit; });
    const Stack& chain = created ? detail.creators : head.site.stack;
    if (!created && head.site.family == Family::kHeap && !finding.has_library()) return;
    const Release release = ReleaseOf(chain, culprit, code_, context_.read_source, created);
    finding.set_release(
        release.call == nullptr ? release.how : fmt::format("{} at {}", release.how, PlaceOf(*release.call)));
    finding.set_released(release.done);
  }

  void SetEvidence(report::Finding& finding, const Cluster& cluster) const {
    const GrowingSite* best = &sites_[Proof(cluster)];
    std::string verdict = VerdictOf(*best);
    for (size_t i : cluster.members) {
      if (sites_[i].companion) continue;
      if (sites_[i].log10_e > best->log10_e) best = &sites_[i];
      if (Severity(VerdictOf(sites_[i])) < Severity(verdict)) verdict = VerdictOf(sites_[i]);
      if (sites_[i].proven && Severity(verdict) <= Severity("growing")) verdict = "proven";
    }
    finding.set_verdict(verdict);
    report::Evidence* evidence = finding.mutable_evidence();
    if (verdict == VerdictOf(*best)) evidence->set_settle(best->settle);
    evidence->set_e_value(std::min(kLargestEValue, std::pow(10.0, std::min(best->log10_e, 300.0))));
    evidence->set_factor(best->factor);
    evidence->set_calls(context_.calls);
    evidence->set_snapshots(context_.snapshots);
    if (verdict == "exhausted") {  // no process held more than the limit, nor for long
      evidence->set_exhausted_after(context_.exhausted_after);
      return;
    }
    if (best->log10_e > 0) evidence->set_error_bound(context_.error_bound);
    // It is counted when something else closes it: no level of it was followed, nor held.
    if (sites_[Proof(cluster)].site.healed_by_gc && !IsLeak(verdict)) return;
    evidence->set_hold_seconds(context_.hold_seconds);
    if (best->log10_e > 0) {  // what was shown without odds was not followed to a horizon
      // A structure that takes several calls for each thing it holds was seen with so much less of them.
      const double per_call = finding.unit() == "bytes" ? 1 : std::min(1.0, finding.rate_per_call());
      evidence->set_horizon_entries(static_cast<int>(per_call * context_.horizon_entries));
    }
  }

  void AddMembers(report::Finding& finding, const Cluster& cluster) const {
    for (size_t i : cluster.members) {
      const GrowingSite& member = sites_[i];
      if (member.companion || (member.site.by_function && i != cluster.head)) continue;
      *finding.add_members() = MemberOf(member, details_[i], context_, code_);
    }
  }

  std::string Summary(const report::Finding& finding, const Kind& kind) const {
    const std::string per = finding.driver() == "key"    ? "per distinct input"
                            : finding.driver() == "time" ? "per second"
                                                         : "per call";
    return fmt::format("{} {} {}, {}", fmt::format("{:.3g}", finding.rate_per_call()), finding.unit(), per,
                       kind.kind);
  }

  const EntryContext& context_;
  const std::vector<GrowingSite>& sites_;
  const std::vector<GoroutineDetail>& details_;
  const CodeMap& code_;
  const CodeMap& blamed_;  // takes helpers (helpers.h) for a library's
};

}  // namespace

std::string FileName(const Frame& frame, const EntryContext& context, const CodeMap& code) {
  const std::string& dir = context.relative_to;
  if (!dir.empty() && frame.file.size() > dir.size() + 1 && frame.file.starts_with(dir) &&
      frame.file[dir.size()] == '/') {
    return frame.file.substr(dir.size() + 1);
  }
  for (const std::string& goroot : code.goroots) {
    if (frame.file.starts_with(goroot + "/src/"))
      return code.goroots.back() + frame.file.substr(goroot.size());
  }
  const size_t src = frame.file.rfind("/src/" + PackageOf(frame.function) + "/");
  if (src != std::string::npos && !code.goroots.empty() && code.OwnerOf(frame) == Owner::kStandard) {
    return code.goroots.back() + frame.file.substr(src);
  }
  return frame.file;
}

report::Member MemberOf(const GrowingSite& site, const GoroutineDetail& detail, const EntryContext& context,
                        const CodeMap& code) {
  const auto place = [&](const Frame& frame) {
    return fmt::format("{} {}:{}", FunctionName(frame, context, code), FileName(frame, context, code),
                       frame.line);
  };
  report::Member member;
  member.set_kind(NameOf(site.site));
  member.set_rate(site.rate);
  member.set_accepted(IsAccepted(site.site));
  const Frame* where = Culprit(site.site.stack, code);
  if (where == nullptr && !site.site.stack.empty()) where = &site.site.stack.front();
  if (where != nullptr) member.set_where(place(*where));
  if (const Frame* started = Culprit(detail.creators, code)) member.set_started(place(*started));
  return member;
}

bool IsLeak(std::string_view verdict) {
  return verdict == "leak" || verdict == "proven" || verdict == "exhausted";
}

std::string SignatureOf(const std::string& leak_class, const Stack& frames) {
  // FNV-1a, 64 bits: the same everywhere, and no key is to be kept secret.
  uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ 0xff) * 1099511628211ULL;
  };
  mix(leak_class);
  std::string last;
  int taken = 0;
  for (const Frame& frame : frames) {
    const std::string function = DeclaredFunction(frame.function);
    if (function == last)
      continue;  // a closure and its function count once, however the compiler inlined them
    mix(function);
    last = function;
    if (++taken == 3) break;
  }
  return fmt::format("{:016x}", hash);
}

std::vector<report::Finding> MakeFindings(const EntryContext& context, const std::vector<GrowingSite>& sites,
                                          const std::vector<GoroutineDetail>& details,
                                          const CodeMap& all_code) {
  const CodeMap code = WithGenerated(sites, details, all_code, context.read_source);
  const CodeMap blamed = WithHelpers(sites, details, code, context.read_source);
  std::vector<Stack> starters;
  starters.reserve(details.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    const GoroutineDetail& detail = details[i];
    auto direct = DirectCreators(detail);
    // What a goroutine of a library's goroutine dialled is linked by the user's call behind both.
    if (IsDescriptor(sites[i].site) && !HasUserFrame(direct, code)) direct = detail.creators;
    starters.emplace_back(direct.begin(), direct.end());
  }
  const Builder builder(context, sites, details, code, blamed);
  std::vector<report::Finding> findings;
  for (const Cluster& cluster : ClusterSites(sites, starters, blamed, context.entry))
    findings.push_back(builder.Build(cluster));
  // A finding stays behind those of its severity that came before it.
  std::vector<report::Finding> sorted;
  std::multimap<int, size_t> by_severity;
  for (size_t i = 0; i < findings.size(); ++i) by_severity.emplace(Severity(findings[i].verdict()), i);
  for (const auto& [severity, i] : by_severity) sorted.push_back(std::move(findings[i]));
  return sorted;
}

}  // namespace goleakstress::explain
