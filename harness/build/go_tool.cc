#include "harness/build/go_tool.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <system_error>
#include <utility>

namespace goleakstress::build {
namespace {

bool IsProgram(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

// Like go itself, passes over relative directories in PATH.
std::string LookUp(std::string_view path_variable, std::string_view program) {
  while (!path_variable.empty()) {
    const size_t colon = std::min(path_variable.find(':'), path_variable.size());
    const std::string candidate = fmt::format("{}/{}", path_variable.substr(0, colon), program);
    if (candidate.front() == '/' && candidate.size() > program.size() + 1 && IsProgram(candidate)) {
      return candidate;
    }
    path_variable.remove_prefix(std::min(colon + 1, path_variable.size()));
  }
  return "";
}

absl::StatusOr<std::string> FindProgram(const Environment& environment) {
  if (std::string found = LookUp(Variable(environment, "PATH"), "go"); !found.empty()) return found;
  const std::string_view goroot = Variable(environment, "GOROOT");
  if (goroot.empty()) {
    return absl::NotFoundError(
        fmt::format("no go command on PATH and no GOROOT set; install Go 1.{} or later (https://go.dev/dl)",
                    kOldestGoMinor));
  }
  const std::string inside = fmt::format("{}/bin/go", goroot);
  if (IsProgram(inside)) return inside;
  return absl::NotFoundError(fmt::format("no go command on PATH, and GOROOT has none at {}", inside));
}

std::string Trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

absl::Status CheckVersion(GoTool& tool) {
  const std::optional<int> minor = GoMinor(tool.version);
  if (!minor) {
    return absl::FailedPreconditionError(
        fmt::format("{} calls itself \"{}\", which is no version that I know", tool.program, tool.version));
  }
  if (*minor < kOldestGoMinor) {
    return absl::FailedPreconditionError(fmt::format(
        "{} ({}) is too old: Go 1.{} or later is needed; install one (https://go.dev/dl), or let go "
        "fetch it: GOTOOLCHAIN=go1.{}.0+auto",
        tool.version, tool.goroot, kOldestGoMinor, kOldestGoMinor));
  }
  tool.minor = *minor;
  return absl::OkStatus();
}

}  // namespace

std::string_view Variable(const Environment& environment, std::string_view name) {
  std::string_view value;
  for (std::string_view entry : environment) {
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
      value = entry.substr(name.size() + 1);
    }
  }
  return value;
}

void SetVariable(Environment& environment, std::string_view name, std::string_view value) {
  std::erase_if(environment, [name](const std::string& entry) {
    return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
  });
  environment.push_back(fmt::format("{}={}", name, value));
}

std::optional<int> GoMinor(std::string_view version) {
  constexpr std::string_view kMajor = "go1.";
  const size_t at = version.find(kMajor);
  if (at == std::string_view::npos || (at > 0 && version[at - 1] != ' ')) return std::nullopt;
  version.remove_prefix(at + kMajor.size());
  int minor = 0;
  const auto parsed = std::from_chars(version.data(), version.data() + version.size(), minor);
  if (parsed.ec != std::errc() || minor < 0) return std::nullopt;
  return minor;
}

absl::StatusOr<GoTool> FindGo(const Runner& run, const Environment& environment, const std::string& dir) {
  GoTool tool;
  auto program = FindProgram(environment);
  if (!program.ok()) return program.status();
  tool.program = *std::move(program);
  tool.environment = environment;
  auto answer = RunGo(run, tool, dir,
                      {"env", "-json", "GOROOT", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "GOFLAGS",
                       "GOMODCACHE", "GOWORK"});
  if (!answer.ok()) return answer.status();
  if (answer->exit_code != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} does not work in {}: {}", tool.program, dir, Trimmed(answer->err)));
  }
  boost::json::error_code error;
  const boost::json::value parsed = boost::json::parse(answer->out, error);
  const boost::json::object* variables = error ? nullptr : parsed.if_object();
  if (variables == nullptr) {
    return absl::FailedPreconditionError(fmt::format("{} env printed no JSON object", tool.program));
  }
  for (auto [name, field] : {std::pair{"GOROOT", &tool.goroot},
                             {"GOVERSION", &tool.version},
                             {"GOOS", &tool.goos},
                             {"GOARCH", &tool.goarch},
                             {"GOEXPERIMENT", &tool.goexperiment},
                             {"GOFLAGS", &tool.goflags},
                             {"GOMODCACHE", &tool.gomodcache},
                             {"GOWORK", &tool.gowork}}) {
    const boost::json::value* value = variables->if_contains(name);
    if (value != nullptr && value->is_string()) *field = std::string(value->get_string());
  }
  if (auto checked = CheckVersion(tool); !checked.ok()) return checked;
  return tool;
}

GoTool FromMirror(const GoTool& tool, const std::string& mirror) {
  GoTool mirrored = tool;
  mirrored.program = mirror + "/bin/go";
  mirrored.goroot = mirror;
  mirrored.names.emplace_back(mirror, tool.goroot);
  SetVariable(mirrored.environment, "GOROOT", mirror);
  SetVariable(mirrored.environment, "GOTOOLCHAIN", "local");
  if (tool.minor == 26) {
    mirrored.goexperiment += tool.goexperiment.empty() ? "" : ",";
    mirrored.goexperiment += "goroutineleakprofile";
    SetVariable(mirrored.environment, "GOEXPERIMENT", mirrored.goexperiment);
  }
  return mirrored;
}

absl::StatusOr<CommandResult> RunGo(const Runner& run, const GoTool& tool, const std::string& dir,
                                    std::vector<std::string> args) {
  CommandSpec spec{.program = tool.program, .args = std::move(args), .env = tool.environment, .dir = dir};
  SetVariable(spec.env, "PWD", dir);
  return run(spec);
}

}  // namespace goleakstress::build
