#include "harness/report/source_places.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "harness/report/groups.h"

namespace goleakstress::report {
namespace {

// "example.com/app/fetch" of "example.com/app/fetch.(*Client).Do" and of its external test package.
std::string_view PackageOf(std::string_view function) {
  const size_t path_end = function.find_first_of("[(");
  const size_t slash = function.substr(0, path_end).rfind('/');
  const size_t dot = function.find('.', slash == std::string_view::npos ? 0 : slash);
  std::string_view package = function.substr(0, dot);
  if (package.ends_with("_test")) package.remove_suffix(5);
  return package;
}

// `path` less "/tail" at its end; nothing where it does not end so.
std::optional<std::string_view> Without(std::string_view path, std::string_view tail) {
  if (tail.empty()) return path;
  if (path == tail) return std::string_view();
  if (path.size() <= tail.size() || !path.ends_with(tail)) return std::nullopt;
  path.remove_suffix(tail.size());
  if (!path.ends_with('/')) return std::nullopt;
  path.remove_suffix(1);
  return path;
}

// The absolute directory of the module in which the frame's file is named; nothing where that cannot be told.
std::optional<std::string> ModuleDir(const Report& report, const Finding& finding, const Frame& frame) {
  const size_t slash = frame.file().rfind('/');
  const std::string_view in_module =
      std::string_view(frame.file()).substr(0, slash == std::string::npos ? 0 : slash);
  std::string_view import_path = PackageOf(frame.function());
  if (import_path == "main" || import_path.empty()) import_path = finding.package();
  const auto module_path = Without(import_path, in_module);
  if (!module_path) return std::nullopt;
  for (const Package& package : report.packages()) {
    std::string_view rest = package.import_path();
    if (package.dir().empty() || !rest.starts_with(*module_path)) continue;
    rest.remove_prefix(module_path->size());
    if (!rest.empty() && !module_path->empty() && rest.front() != '/') continue;
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (const auto dir = Without(package.dir(), rest)) return std::string(*dir);
  }
  return std::nullopt;
}

std::string RelativeTo(const std::string& path, std::string_view root) {
  if (root.ends_with('/')) root.remove_suffix(1);
  if (root.empty() || !path.starts_with(root)) return path;
  if (path.size() == root.size()) return ".";
  return path[root.size()] == '/' ? path.substr(root.size() + 1) : path;
}

}  // namespace

std::string SourceFile(const Report& report, const Finding& finding, const Frame& frame,
                       const std::string& source_root) {
  std::string file = frame.file();
  if (source_root.empty() || file.empty()) return file;
  if (!file.starts_with('/')) {
    const auto dir = ModuleDir(report, finding, frame);
    if (!dir) return file;
    file = *dir + "/" + file;
  }
  return RelativeTo(file, source_root);
}

std::string SourceDir(const Package& package, const std::string& source_root) {
  return RelativeTo(package.dir(), source_root);
}

const Frame* PlaceToShow(const Finding& finding) {
  if (!finding.culprit().file().empty()) return &finding.culprit();
  for (const Frame* frame : {FirstUserFrame(finding.stack()), FirstUserFrame(finding.creator())}) {
    if (frame != nullptr && !frame->file().empty()) return frame;
  }
  return nullptr;
}

std::string FindSourceRoot() {
  for (const char* name : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value == '/') return value;
  }
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  for (std::filesystem::path dir = here; !dir.empty(); dir = dir.parent_path()) {
    if (std::filesystem::exists(dir / ".git", error)) return dir;
    if (dir == dir.parent_path()) break;
  }
  return here;
}

}  // namespace goleakstress::report
