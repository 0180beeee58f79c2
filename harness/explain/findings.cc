#include "harness/explain/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <string_view>

#include "harness/explain/cluster.h"
#include "harness/explain/counts.h"
#include "harness/explain/helpers.h"
#include "harness/report/rules.h"

namespace goleakstress::explain {
namespace {

constexpr double kLargestEValue = 1e300;
constexpr size_t kStackFrames = 256;  // of a stack in the report

void Fill(report::Frame* out, const Frame& frame, const EntryContext& context, const CodeMap& code) {
  out->set_function(frame.function);
  out->set_file(FileName(frame, context, code));
  out->set_line(frame.line);
  out->set_user(code.OwnerOf(frame) == Owner::kUser);
}

bool IsBlocked(std::string_view wait_reason) {
  return !wait_reason.empty() && wait_reason != "running" && wait_reason != "runnable" &&
         wait_reason != "sleep" && wait_reason != "syscall";
}

struct Kind {
  std::string rule, leak_class, kind, unit;
};

std::string ResourceName(const std::string& kind) {
  if (kind == "http.body") return "HTTP response body";
  if (kind == "sql.rows") return "database/sql rows";
  if (kind == "sql.stmt") return "database/sql statement";
  if (kind == "sql.tx") return "database/sql transaction";
  if (kind == "sql.conn") return "database/sql connection";
  if (kind == "exec.process") return "child process";
  if (kind == "sql.db") return "database/sql database";
  if (kind == "time.ticker") return "ticker";
  if (kind == "time.timer") return "timer";
  if (kind == "http.transport") return "HTTP transport";
  if (kind == "memory.mapping") return "mapped memory";
  if (kind == kCMemory || kind == kCMemoryBytes) return "C memory";
  if (kind == "thread.locked") return "OS thread";
  if (kind.starts_with("fd.")) return kind.substr(3);
  return kind;
}

// What is counted, in the plural.
std::string UnitOf(const std::string& kind) {
  if (kind == "http.body") return "bodies";
  if (kind == "http.transport") return "transports";
  if (kind == "exec.process") return "processes";
  if (kind == "time.ticker") return "tickers";
  if (kind == "time.timer") return "timers";
  if (kind == "memory.mapping") return "mappings";
  if (kind == kCMemory) return "blocks";
  if (kind == kCMemoryBytes) return "bytes";
  if (kind == "thread.locked") return "threads";
  if (kind == "context") return "contexts";
  return "handles";
}

Kind KindOf(const GrowingSite& head, const GoroutineDetail& detail) {
  const Site& site = head.site;
  const bool background = head.driver == "time";
  switch (site.family) {
    case Family::kResource: {
      std::string rule = "GLS006";
      if (site.kind == "http.body") rule = "GLS005";
      if (site.kind.starts_with("sql.")) rule = "GLS011";
      if (site.kind.starts_with("exec.")) rule = "GLS012";
      if (site.kind.starts_with("time.")) rule = "GLS013";
      if (site.kind.starts_with("thread.")) rule = "GLS010";
      if (site.kind.starts_with("memory.")) rule = "GLS014";
      if (site.kind == "context") rule = "GLS015";
      if (site.kind == "http.transport") rule = "GLS016";
      if (site.healed_by_gc && site.kind != "http.body") rule = "GLS007";
      return {rule, "resource", ResourceName(site.kind), UnitOf(site.kind)};
    }
    case Family::kFd:
      return {site.healed_by_gc ? "GLS007" : "GLS006", "resource", site.kind, "fds"};
    case Family::kGoroutine: {
      const std::string kind = detail.wait_reason.empty() ? "goroutine" : detail.wait_reason;
      if (background) return {"GLS008", "goroutine", kind, "goroutines"};
      return {IsBlocked(detail.wait_reason) ? "GLS001" : "GLS002", "goroutine", kind, "goroutines"};
    }
    case Family::kHeap:
      if (background) return {"GLS008", "cache", "heap " + site.kind, site.kind};
      return {head.driver == "key" ? "GLS003" : "GLS004", "cache", "heap " + site.kind, site.kind};
    case Family::kProcess:
      if (site.kind == "threads") return {"GLS010", "resource", "thread", "threads"};
      if (site.kind == "children") return {"GLS012", "resource", "child process", "processes"};
      return {"GLS014", "resource", site.kind, "bytes"};
  }
  return {};
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
    const Kind kind = KindOf(head, detail);
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
    SetRates(finding, cluster, head);
    if (!place.site.container.empty()) finding.set_kind(place.site.container);
    SetStacks(finding, place, detail);
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

  void SetRates(report::Finding& finding, const Cluster& cluster, const GrowingSite& head) const {
    const Counted counted = CountCluster(sites_, cluster.members, head);
    if (counted.rate != &head) {
      finding.set_unit("objects");
      finding.set_kind("heap objects");
    }
    finding.set_rate_per_call(counted.rate->rate);
    finding.set_rate_low(counted.rate->rate_low);
    finding.set_rate_high(counted.rate->rate_high);
    finding.set_bytes_per_call(counted.bytes);
  }

  void SetStacks(report::Finding& finding, const GrowingSite& head, const GoroutineDetail& detail) const {
    for (const Frame& frame : head.site.stack) {
      if (finding.stack_size() == static_cast<int>(kStackFrames)) break;
      Fill(finding.add_stack(), frame, context_, code_);
    }
    for (const Frame& frame : detail.creators) {
      if (finding.creator_size() == static_cast<int>(kStackFrames)) break;
      Fill(finding.add_creator(), frame, context_, code_);
    }
    // A goroutine is the fault of whoever started it, everything else of whoever acquired it. Where a library
    // starts goroutines by itself, out of a server's loop, to run the user's code in them, it is that code's.
    const bool goroutine = head.site.family == Family::kGoroutine;
    const bool runs_users =
        goroutine && HasUserFrame(head.site.stack, code_) && !HasUserFrame(DirectCreators(detail), code_);
    const Frame* culprit = goroutine && !runs_users ? Culprit(detail.creators, blamed_) : nullptr;
    if (culprit == nullptr) {
      const CodeMap& whose = head.site.family == Family::kHeap ? code_ : blamed_;
      culprit = Culprit(head.site.stack, whose);
      if (head.site.family == Family::kResource)
        culprit = OwnerOf(head.site.stack, culprit, head.site.kind, code_, context_.read_source);
    }
    // What a package's own goroutine does is the fault of the user's call that started it.
    if (culprit == nullptr || code_.OwnerOf(*culprit) != Owner::kUser) {
      const Frame* starter = Culprit(detail.creators, blamed_);
      if (starter != nullptr && code_.OwnerOf(*starter) == Owner::kUser) culprit = starter;
    }
    if (culprit == nullptr && !head.site.stack.empty()) culprit = &head.site.stack.front();
    if (culprit == nullptr) return;
    Fill(finding.mutable_culprit(), *culprit, context_, code_);
    if (code_.OwnerOf(*culprit) != Owner::kUser || runs_users) return;
    const Frame* library = LibraryBelow(goroutine ? detail.creators : head.site.stack, culprit, code_);
    if (library != nullptr) Fill(finding.mutable_library(), *library, context_, code_);
  }

  void SetEvidence(report::Finding& finding, const Cluster& cluster) const {
    const GrowingSite* best = &sites_[Proof(cluster)];
    std::string verdict = VerdictOf(*best);
    for (size_t i : cluster.members) {
      if (sites_[i].companion) continue;
      if (sites_[i].log10_e > best->log10_e) best = &sites_[i];
      if (Severity(VerdictOf(sites_[i])) < Severity(verdict)) verdict = VerdictOf(sites_[i]);
      if (details_[i].proven && Severity(verdict) <= Severity("growing")) verdict = "proven";
    }
    finding.set_verdict(verdict);
    report::Evidence* evidence = finding.mutable_evidence();
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
    return fmt::format("{} {}:{}", frame.function, FileName(frame, context, code), frame.line);
  };
  report::Member member;
  member.set_kind(NameOf(site.site));
  member.set_rate(site.rate);
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
                                          const std::vector<GoroutineDetail>& details, const CodeMap& code) {
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
