// Whether values of a Go type can be given up. Told by the text of its package, as gofmt has it.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_CLOSABLE_H_
#define HARNESS_EXPLAIN_CLOSABLE_H_

#include <functional>
#include <string_view>

namespace goleakstress::explain {

// Whether a type of another package, "net.Conn", can be given up.
using IsCloser = std::function<bool(std::string_view type)>;

// Whether the text of a package gives values of its `type` a method that can give one up (Close, Stop,
// Release...): one that is declared for it, one of the interface that it is, or one of what it embeds, be it
// of the package or of another.
bool CanBeGivenUp(std::string_view package, std::string_view type, const IsCloser& is_closer);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_CLOSABLE_H_
