#include "harness/explain/kinds.h"

namespace goleakstress::explain {
namespace {

bool IsBlocked(std::string_view wait_reason) {
  return !wait_reason.empty() && wait_reason != "running" && wait_reason != "runnable" &&
         wait_reason != "sleep" && wait_reason != "syscall";
}

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

}  // namespace

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

}  // namespace goleakstress::explain
