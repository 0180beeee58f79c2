// Process environments as values: lists of "NAME=value".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::target {

using Environment = std::vector<std::string>;

// A copy of our own environment. Not to be called while another thread calls setenv.
Environment CurrentEnvironment();

// The value of the last entry called `name`, as the child's libc may see either; nothing if there is none.
std::optional<std::string> GetVariable(const Environment& env, std::string_view name);

// Replaces every entry called `name` by one.
void SetVariable(Environment& env, std::string_view name, std::string_view value);
void UnsetVariable(Environment& env, std::string_view name);

// The path of an executable file: `name` itself if it holds a slash, else the first hit in PATH of `env`.
// NotFound says where was looked.
absl::StatusOr<std::string> FindProgram(std::string_view name, const Environment& env);

}  // namespace goleakstress::target
