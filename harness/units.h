// Durations and sizes as they are written in flags.
#ifndef HARNESS_UNITS_H_
#define HARNESS_UNITS_H_

#include <chrono>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress {

// "1h30m", "500ms", "2.5s"; the units of Go's time.ParseDuration. InvalidArgument for anything else and for
// negative ones.
absl::StatusOr<std::chrono::nanoseconds> ParseDuration(std::string_view text);
// "64MiB", "1GB", "4096": powers of 1024 with an i, of 1000 without.
absl::StatusOr<uint64_t> ParseSize(std::string_view text);

}  // namespace goleakstress

#endif  // HARNESS_UNITS_H_
