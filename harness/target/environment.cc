#include "harness/target/environment.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace goleakstress::target {
namespace {

bool IsCalled(std::string_view entry, std::string_view name) {
  return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

bool IsExecutableFile(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

Environment CurrentEnvironment() {
  Environment env;
  for (char** entry = environ; *entry != nullptr; ++entry) env.emplace_back(*entry);
  return env;
}

std::optional<std::string> GetVariable(const Environment& env, std::string_view name) {
  auto found =
      std::find_if(env.rbegin(), env.rend(), [&](const auto& entry) { return IsCalled(entry, name); });
  if (found == env.rend()) return std::nullopt;
  return found->substr(name.size() + 1);
}

void SetVariable(Environment& env, std::string_view name, std::string_view value) {
  UnsetVariable(env, name);
  env.push_back(fmt::format("{}={}", name, value));
}

void UnsetVariable(Environment& env, std::string_view name) {
  std::erase_if(env, [&](const auto& entry) { return IsCalled(entry, name); });
}

absl::StatusOr<std::string> FindProgram(std::string_view name, const Environment& env) {
  if (name.find('/') != std::string_view::npos) {
    if (IsExecutableFile(std::string(name))) return std::string(name);
    return absl::NotFoundError(fmt::format("{} is not an executable file", name));
  }
  const std::string path = GetVariable(env, "PATH").value_or("");
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find(':', begin), path.size());
    const std::string candidate = fmt::format("{}/{}", path.substr(begin, end - begin), name);
    // An empty or relative PATH element means the working directory, which nobody wants to run programs from.
    if (candidate.front() == '/' && end > begin && IsExecutableFile(candidate)) return candidate;
    begin = end + 1;
  }
  return absl::NotFoundError(fmt::format("no program {} in PATH={}", name, path));
}

}  // namespace goleakstress::target
