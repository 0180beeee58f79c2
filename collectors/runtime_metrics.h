// The few values of Go's runtime/metrics that tell of leaks, typed.
//
// Names and meanings: https://pkg.go.dev/runtime/metrics#hdr-Supported_metrics. Every value is absent where
// the target's Go does not have it: what since which version is noted below.
#ifndef COLLECTORS_RUNTIME_METRICS_H_
#define COLLECTORS_RUNTIME_METRICS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace goleakstress::collectors {

struct RuntimeMetrics {
  std::optional<int64_t> goroutines;
  std::optional<int64_t> goroutines_created;   // since the start; Go 1.26
  std::optional<int64_t> goroutines_runnable;  // Go 1.26, as the next three
  std::optional<int64_t> goroutines_running;
  std::optional<int64_t> goroutines_waiting;
  std::optional<int64_t> goroutines_not_in_go;  // in system calls and cgo
  std::optional<int64_t> threads;               // Go 1.26
  std::optional<int64_t> heap_live_bytes;       // marked by the last collection; Go 1.21
  std::optional<int64_t> heap_objects;          // live and not yet swept
  std::optional<int64_t> heap_object_bytes;     // of those
  std::optional<int64_t> total_bytes;           // all that the runtime has mapped readable and writable
  std::optional<int64_t> cgo_calls;             // since the start
  std::optional<int64_t> finalizers_queued;     // since the start; Go 1.26, as the next three
  std::optional<int64_t> finalizers_executed;
  std::optional<int64_t> cleanups_queued;
  std::optional<int64_t> cleanups_executed;
};

struct NamedValue {
  std::string_view name;
  double value = 0;
};

// The names to ask the target for.
std::span<const std::string_view> RuntimeMetricNames();

// Takes the values with names of ours; others and those that no counter can have (negative, above 2^53, not a
// number) are left out.
RuntimeMetrics ToRuntimeMetrics(std::span<const NamedValue> values);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_RUNTIME_METRICS_H_
