#include "collectors/runtime_metrics.h"

#include <array>

namespace goleakstress::collectors {
namespace {

struct Field {
  std::string_view name;
  std::optional<int64_t> RuntimeMetrics::* value;
};

constexpr std::array<Field, 16> kFields = {{
    {"/sched/goroutines:goroutines", &RuntimeMetrics::goroutines},
    {"/sched/goroutines-created:goroutines", &RuntimeMetrics::goroutines_created},
    {"/sched/goroutines/runnable:goroutines", &RuntimeMetrics::goroutines_runnable},
    {"/sched/goroutines/running:goroutines", &RuntimeMetrics::goroutines_running},
    {"/sched/goroutines/waiting:goroutines", &RuntimeMetrics::goroutines_waiting},
    {"/sched/goroutines/not-in-go:goroutines", &RuntimeMetrics::goroutines_not_in_go},
    {"/sched/threads/total:threads", &RuntimeMetrics::threads},
    {"/gc/heap/live:bytes", &RuntimeMetrics::heap_live_bytes},
    {"/gc/heap/objects:objects", &RuntimeMetrics::heap_objects},
    {"/memory/classes/heap/objects:bytes", &RuntimeMetrics::heap_object_bytes},
    {"/memory/classes/total:bytes", &RuntimeMetrics::total_bytes},
    {"/cgo/go-to-c-calls:calls", &RuntimeMetrics::cgo_calls},
    {"/gc/finalizers/queued:finalizers", &RuntimeMetrics::finalizers_queued},
    {"/gc/finalizers/executed:finalizers", &RuntimeMetrics::finalizers_executed},
    {"/gc/cleanups/queued:cleanups", &RuntimeMetrics::cleanups_queued},
    {"/gc/cleanups/executed:cleanups", &RuntimeMetrics::cleanups_executed},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kFields.size()> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kFields[i].name;
  return names;
}();

// Beyond it a double no longer holds every integer.
constexpr double kLargest = 9007199254740992.0;

}  // namespace

std::span<const std::string_view> RuntimeMetricNames() { return kNames; }

RuntimeMetrics ToRuntimeMetrics(std::span<const NamedValue> values) {
  RuntimeMetrics metrics;
  for (const NamedValue& named : values) {
    if (!(named.value >= 0 && named.value <= kLargest)) continue;
    for (const Field& field : kFields) {
      if (field.name == named.name) metrics.*field.value = static_cast<int64_t>(named.value);
    }
  }
  return metrics;
}

}  // namespace goleakstress::collectors
