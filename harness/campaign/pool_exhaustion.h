// Calls that hang because a pool of Go's own library has run out: sql.DB's under SetMaxOpenConns, that of an
// http.Transport under MaxConnsPerHost.
//
// Who waits there is not to blame. What calls that are over have left open keeps its connections from the
// pool for good: those are the cause, and the hang is what they lead to.
#ifndef HARNESS_CAMPAIGN_POOL_EXHAUSTION_H_
#define HARNESS_CAMPAIGN_POOL_EXHAUSTION_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/campaign/goroutines.h"
#include "harness/campaign/session.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// The handles that may hold connections of pools, by what calls that are over have left open of them and what
// the call in progress holds. A statement is none: it gives its connection back between its uses.
absl::StatusOr<std::vector<HeldHandles>> ReadHeldHandles(Session& session);

// Which goroutine of a hung call waits for a connection of a pool, and the package whose pool it is.
struct PoolWait {
  size_t waiter = 0;  // index into HungGoroutines::sites
  std::string_view package = {};
};
// None: none of them does, or a connection is being opened for the pool, so that the other end keeps it
// waiting. `text`: of all goroutines. Pure.
std::optional<PoolWait> WaitsForPool(const HungGoroutines& hung, std::string_view text,
                                     const explain::CodeMap& code);

// Handles of one site that calls which are over have left open.
struct LeftOpen {
  explain::Site site;
  double count = 0;
};
// Those that keep the package's pool empty, most of them first. None where what calls left may be meant to
// stay, as one connection for all of them is, and the hung call itself holds the rest. Pure.
std::vector<LeftOpen> HoldersOfPool(std::string_view package, const std::vector<HeldHandles>& handles,
                                    const explain::CodeMap& code);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_POOL_EXHAUSTION_H_
