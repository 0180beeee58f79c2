#include "collectors/runtime_metrics.h"

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

TEST(RuntimeMetrics, EveryNameAskedForHasItsOwnField) {
  std::vector<NamedValue> values;
  for (const std::string_view name : RuntimeMetricNames()) {
    values.push_back({name, 1000.0 + static_cast<double>(values.size())});
  }
  const RuntimeMetrics metrics = ToRuntimeMetrics(values);
  const std::vector<std::optional<int64_t>> fields = {metrics.goroutines,
                                                      metrics.goroutines_created,
                                                      metrics.goroutines_runnable,
                                                      metrics.goroutines_running,
                                                      metrics.goroutines_waiting,
                                                      metrics.goroutines_not_in_go,
                                                      metrics.threads,
                                                      metrics.heap_live_bytes,
                                                      metrics.heap_objects,
                                                      metrics.heap_object_bytes,
                                                      metrics.total_bytes,
                                                      metrics.cgo_calls,
                                                      metrics.finalizers_queued,
                                                      metrics.finalizers_executed,
                                                      metrics.cleanups_queued,
                                                      metrics.cleanups_executed};
  ASSERT_EQ(values.size(), fields.size());
  std::set<int64_t> seen;
  for (const std::optional<int64_t>& field : fields) seen.insert(field.value());
  EXPECT_EQ(seen.size(), fields.size());
  EXPECT_EQ(metrics.goroutines, 1000);
}

TEST(RuntimeMetrics, WhatIsNotThereIsAbsent) {
  const std::vector<NamedValue> values = {{"/gc/heap/objects:objects", 0},
                                          {"/cpu/classes/idle:cpu-seconds", 3.5}};
  const RuntimeMetrics metrics = ToRuntimeMetrics(values);
  EXPECT_EQ(metrics.heap_objects, 0);
  EXPECT_EQ(metrics.goroutines, std::nullopt);
  EXPECT_EQ(metrics.threads, std::nullopt);
}

TEST(RuntimeMetrics, LeavesOutWhatNoCounterCanBe) {
  for (const double wrong : {-1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e300}) {
    const std::vector<NamedValue> values = {{"/sched/goroutines:goroutines", wrong}};
    EXPECT_EQ(ToRuntimeMetrics(values).goroutines, std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace goleakstress::collectors
