#include "harness/build/workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/build/build_flags.h"
#include "harness/build/files.h"
#include "harness/build/go_text.h"
#include "harness/input/sha256.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

bool UsesVendor(const GoTool& tool, const std::vector<std::string>& flags, const fs::path& workspace) {
  const std::string mode = FlagValue(flags, tool.goflags, "mod");
  std::error_code ignored;
  return mode == "vendor" || (mode.empty() && fs::is_directory(workspace / "vendor", ignored));
}

std::string Text(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  const json::value* text = object == nullptr ? nullptr : object->if_contains({key.data(), key.size()});
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : "";
}

json::array List(const json::value& value, std::string_view key) {
  const json::object* object = value.if_object();
  const json::value* list = object == nullptr ? nullptr : object->if_contains({key.data(), key.size()});
  return list != nullptr && list->is_array() ? list->get_array() : json::array();
}

bool IsRelative(const std::string& path) {
  return path.starts_with("./") || path.starts_with("../") || path == "." || path == "..";
}

std::string Absolute(const fs::path& workspace, const std::string& path) {
  std::string absolute = (workspace / path).lexically_normal().string();
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute;
}

// In the quotes that go.work takes around any string.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string ModuleVersion(const json::value& module, const fs::path& workspace) {
  const std::string path = Text(module, "Path"), version = Text(module, "Version");
  return Quoted(IsRelative(path) ? Absolute(workspace, path) : path) + (version.empty() ? "" : " " + version);
}

// The go.work that `go work edit -json` describes, with every relative path made absolute. Written anew: the
// edits of the go command do not find a path that go.work spells in its own way ("b" for "./b").
std::string WorkText(const json::value& work, const fs::path& workspace) {
  std::string text;
  for (const auto& [key, directive] : {std::pair{"Go", "go"}, {"Toolchain", "toolchain"}}) {
    if (const std::string version = Text(work, key); !version.empty()) {
      text += fmt::format("{} {}\n", directive, version);
    }
  }
  for (const json::value& setting : List(work, "Godebug")) {
    text += fmt::format("godebug {}={}\n", Text(setting, "Key"), Text(setting, "Value"));
  }
  for (const json::value& use : List(work, "Use")) {
    text += fmt::format("use {}\n", Quoted(Absolute(workspace, Text(use, "DiskPath"))));
  }
  for (const json::value& replace : List(work, "Replace")) {
    const json::object* pair = replace.if_object();
    if (pair == nullptr || !pair->contains("Old") || !pair->contains("New")) continue;
    text += fmt::format("replace {} => {}\n", ModuleVersion(pair->at("Old"), workspace),
                        ModuleVersion(pair->at("New"), workspace));
  }
  return text;
}

// What go makes of the user's go.work. Reads it only.
absl::StatusOr<json::value> Describe(const Runner& run, const GoTool& tool, const std::string& dir) {
  auto answer = RunGo(run, tool, dir, {"work", "edit", "-json", tool.gowork});
  if (!answer.ok()) return answer.status();
  if (answer->exit_code != 0) {
    return absl::FailedPreconditionError(
        ForUser(answer->err, {.go_dir = dir, .user_dir = dir, .names = tool.names}));
  }
  json::error_code error;
  json::value work = json::parse(answer->out, error);
  if (error)
    return absl::FailedPreconditionError(fmt::format("go work edit -json {} printed no JSON", tool.gowork));
  return work;
}

}  // namespace

absl::StatusOr<GoTool> WithWorkspaceCopy(const Runner& run, const Cache& cache, const GoTool& tool,
                                         const std::string& dir, const std::vector<std::string>& flags) {
  const fs::path workspace = fs::path(tool.gowork).parent_path();
  if (tool.gowork.empty() || tool.gowork == "off" || UsesVendor(tool, flags, workspace)) return tool;
  const auto work = ReadFile(tool.gowork);
  if (!work.ok()) return work.status();
  auto sums = ReadFile(tool.gowork + ".sum");
  if (absl::IsNotFound(sums.status())) sums = "";
  if (!sums.ok()) return sums.status();

  // The same path for the same contents: go's build cache and other runs know it.
  auto entry = cache.Entry(
      "work", input::Sha256Hex(fmt::format("{}\n{}\n{}", tool.gowork, *work, *sums)).substr(0, 24));
  if (!entry.ok()) return entry.status();
  const std::string copy = *entry + "/go.work";
  std::error_code ignored;
  if (!fs::exists(copy, ignored)) {
    const auto described = Describe(run, tool, dir);
    if (!described.ok()) return described.status();
    for (const auto& [path, contents] :
         {std::pair{copy + ".sum", *sums}, {copy, WorkText(*described, workspace)}}) {
      if (auto written = WriteFileWhole(path, contents); !written.ok()) return written;
    }
  }
  GoTool with_copy = tool;
  with_copy.gowork = copy;
  with_copy.names.emplace_back(copy, tool.gowork);
  SetVariable(with_copy.environment, "GOWORK", copy);
  return with_copy;
}

}  // namespace goleakstress::build
