// What a finding is called: its rule, its class, what leaks and in what it is counted.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_KINDS_H_
#define HARNESS_EXPLAIN_KINDS_H_

#include <string>

#include "harness/explain/goroutine_detail.h"
#include "harness/explain/site.h"

namespace goleakstress::explain {

struct Kind {
  std::string rule, leak_class, kind, unit;  // "GLS005", "resource", "HTTP response body", "bodies"
};

Kind KindOf(const GrowingSite& head, const GoroutineDetail& detail);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_KINDS_H_
