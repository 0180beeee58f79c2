// Growing sites of a program, for tests.
#ifndef HARNESS_EXPLAIN_GROWN_H_
#define HARNESS_EXPLAIN_GROWN_H_

#include <string>
#include <utility>
#include <vector>

#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

inline const CodeMap kCode = {
    .user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

inline Frame User(const std::string& function, int line = 7) {
  return {"app." + function, "/src/app/app.go", line};
}
inline Frame Standard(const std::string& function) { return {function, "/go/src/net/http/transport.go", 1}; }

inline Frame Library(const std::string& function) {
  return {"lib.org/" + function, "/mod/lib.org/pool/pool.go", 7};
}

inline GrowingSite Grown(Family family, const std::string& kind, Stack stack,
                         std::vector<double> changes = {1, 0, 2, 5, 0, 3}) {
  return {.site = {.family = family, .kind = kind, .stack = std::move(stack)},
          .verdict = "leak",
          .driver = "call",
          .log10_e = 9,
          .rate = 1,
          .changes = std::move(changes)};
}

inline std::vector<Stack> None(const std::vector<GrowingSite>& sites) {
  return std::vector<Stack>(sites.size());
}

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_GROWN_H_
