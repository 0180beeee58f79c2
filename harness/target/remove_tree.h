// Removal of directories that a hostile or careless program has filled.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace goleakstress::target {

// Removes `path` and all below it, read-only directories included (Go's module cache consists of them);
// symbolic links are removed, never followed. Ok if there is nothing. Retries while somebody still writes
// there. Thread-safe.
absl::Status RemoveTree(const std::string& path);

}  // namespace goleakstress::target
