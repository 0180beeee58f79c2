#include "harness/campaign/pool_exhaustion.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>

#include "collectors/goroutine_text.h"
#include "harness/campaign/series.h"

namespace goleakstress::campaign {
namespace {

// How Go's library has it: the function that waits until somebody gives a connection back, and the one that
// opens more of them in a goroutine of its own (Go 1.23 to 1.27).
struct Pool {
  std::string_view package, waits, opens;
};
constexpr std::array<Pool, 2> kPools = {
    {{"database/sql", "database/sql.(*DB).conn", "database/sql.(*DB).openNewConnection"},
     {"net/http", "net/http.(*Transport).getConn", "net/http.(*Transport).dialConnFor"}}};

struct Kind {
  std::string_view name, package;
};
constexpr std::array<Kind, 4> kKinds = {{{"sql.rows", "database/sql"},
                                         {"sql.tx", "database/sql"},
                                         {"sql.conn", "database/sql"},
                                         {"http.body", "net/http"}}};

constexpr char kHeldPrefix[] = "goleakstress.held.";  // agent/profiles.go
constexpr double kSeveral = 2;                        // what one call needs for all others is one

bool IsIn(std::string_view function, std::string_view declared) {
  return explain::DeclaredFunction(function) == declared;
}

bool Opens(const collectors::Goroutine& goroutine, const Pool& pool) {
  return std::any_of(goroutine.frames.begin(), goroutine.frames.end(),
                     [&pool](const collectors::Frame& frame) { return IsIn(frame.function, pool.opens); });
}

std::string_view PackageOf(std::string_view kind) {
  const auto* known =
      std::find_if(kKinds.begin(), kKinds.end(), [kind](const Kind& k) { return k.name == kind; });
  return known == kKinds.end() ? std::string_view() : known->package;
}

}  // namespace

absl::StatusOr<std::vector<HeldHandles>> ReadHeldHandles(Session& session) {
  std::vector<HeldHandles> handles;
  for (const Kind& kind : kKinds) {
    auto profile = session.ReadProfile(kHeldPrefix + std::string(kind.name), std::chrono::seconds(60));
    if (!profile.ok()) return profile.status();
    if (*profile) handles.push_back({.kind = std::string(kind.name), .profile = **std::move(profile)});
  }
  return handles;
}

std::optional<PoolWait> WaitsForPool(const HungGoroutines& hung, std::string_view text,
                                     const explain::CodeMap& code) {
  for (size_t i = 0; i < hung.sites.size(); ++i) {
    const explain::Stack& stack = hung.sites[i].stack;
    // In whose functions it waits: those of the runtime are not among them, and locks are not in the package.
    if (stack.empty() || code.OwnerOf(stack.front()) != explain::Owner::kStandard) continue;
    const auto* pool = std::find_if(kPools.begin(), kPools.end(), [&stack](const Pool& p) {
      return IsIn(stack.front().function, p.waits);
    });
    if (pool == kPools.end()) continue;
    const collectors::GoroutineDump dump = collectors::ParseGoroutineText(std::string(text));
    const bool opening =
        std::any_of(dump.goroutines.begin(), dump.goroutines.end(),
                    [pool](const collectors::Goroutine& goroutine) { return Opens(goroutine, *pool); });
    if (!opening) return PoolWait{i, pool->package};
  }
  return std::nullopt;
}

std::vector<LeftOpen> HoldersOfPool(std::string_view package, const std::vector<HeldHandles>& handles,
                                    const explain::CodeMap& code) {
  SeriesTable table(code);
  double own = 0;
  for (const HeldHandles& held : handles) {
    if (PackageOf(held.kind) != package) continue;
    table.AddResources(held.kind, held.profile, /*healed=*/false);
    const std::optional<size_t> column = held.profile.ColumnOf("own");
    if (!column) continue;
    for (const collectors::Sample& sample : held.profile.samples)
      own += static_cast<double>(held.profile.ValuesOf(sample)[*column]);
  }
  std::vector<LeftOpen> holders;
  double left = 0;
  for (size_t id = 0; id < table.size(); ++id) {
    const double count = table.levels()[id];
    if (count <= 0 || (own > 0 && count < kSeveral)) continue;
    left += count;
    holders.push_back({.site = table.site(id), .count = count});
  }
  if (left < own) return {};
  const auto order = [](const LeftOpen& holder) {
    return std::make_tuple(-holder.count, explain::KeyOf(holder.site));
  };
  std::sort(holders.begin(), holders.end(),
            [&order](const LeftOpen& a, const LeftOpen& b) { return order(a) < order(b); });
  return holders;
}

}  // namespace goleakstress::campaign
