// What gives up values of a Go type. Told by the text of its package, as gofmt has it.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_CLOSABLE_H_
#define HARNESS_EXPLAIN_CLOSABLE_H_

#include <functional>
#include <string_view>
#include <vector>

namespace goleakstress::explain {

// Whether a type of another package, "net.Conn", can be given up.
using IsCloser = std::function<bool(std::string_view type)>;

// The methods that can give up values of `type` (Close, Stop, Release...), as the text of its package gives
// them to it: declared for it, of the interface that it is, or of what it embeds, be that of the package or
// of another. Each from its name to the end of its line: "Close() error {".
std::vector<std::string_view> ClosersOf(std::string_view package, std::string_view type,
                                        const IsCloser& is_closer);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_CLOSABLE_H_
