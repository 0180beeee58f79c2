#include "harness/build/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/build/go_text.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace {

// As the go command tells a path from an import path.
bool IsPath(std::string_view pattern) {
  return pattern == "." || pattern == ".." || pattern.starts_with("./") || pattern.starts_with("../") ||
         pattern.starts_with("/");
}

// The directory whose go.mod or go.work is nearest above `dir`, `dir` itself included; `dir` where there is
// none.
fs::path ModuleRoot(const fs::path& dir) {
  std::error_code ignored;
  for (fs::path at = dir;; at = at.parent_path()) {
    for (const char* name : {"go.mod", "go.work"}) {
      if (fs::is_regular_file(at / name, ignored)) return at;
    }
    if (at == at.root_path()) return dir;
  }
}

fs::path WithoutSlash(const fs::path& path) {
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

struct Resolved {
  std::string dir;
  std::string pattern;
};

absl::StatusOr<Resolved> ResolvePath(const std::string& cwd, const std::string& pattern) {
  // Only what stands before the first "..." must be there: "./a/b.../c" is looked for in "./a".
  std::string base = pattern;
  std::string wild;
  if (const size_t dots = pattern.find("..."); dots != std::string::npos) {
    const size_t slash = pattern.rfind('/', dots);
    base = slash == 0 ? "/" : pattern.substr(0, slash);
    wild = pattern.substr(slash + 1);
  }
  const fs::path dir = WithoutSlash((fs::path(cwd) / base).lexically_normal());
  std::error_code ignored;
  if (fs::is_regular_file(dir, ignored)) {
    return absl::InvalidArgumentError(fmt::format("{} is a file: name the directory of its package, {}",
                                                  pattern, dir.parent_path().string()));
  }
  if (!fs::is_directory(dir, ignored)) {
    return absl::NotFoundError(fmt::format("{}: there is no directory {}", pattern, dir.string()));
  }
  const fs::path root = ModuleRoot(dir);
  const fs::path inside = dir.lexically_relative(root);
  std::string resolved = inside == "."
                             ? (wild.empty() ? "." : "./" + wild)
                             : fmt::format("./{}{}{}", inside.string(), wild.empty() ? "" : "/", wild);
  return Resolved{root.string(), std::move(resolved)};
}

// What helps where go does not know an import path but the user has such a directory.
std::string Hint(const std::string& cwd, const std::string& import_path) {
  std::error_code ignored;
  if (IsPath(import_path) || !fs::is_directory(fs::path(cwd) / import_path, ignored)) return "";
  return fmt::format("; the directory is ./{}", import_path);
}

}  // namespace

absl::StatusOr<std::vector<PatternGroup>> GroupPatterns(const std::string& cwd,
                                                        const std::vector<std::string>& patterns) {
  std::vector<PatternGroup> groups;
  for (const std::string& pattern : patterns.empty() ? std::vector<std::string>{"."} : patterns) {
    absl::StatusOr<Resolved> resolved = Resolved{ModuleRoot(cwd).string(), pattern};
    if (IsPath(pattern)) {
      resolved = ResolvePath(cwd, pattern);
    } else if (pattern.ends_with(".go")) {
      resolved =
          absl::InvalidArgumentError(fmt::format("{} is a file: name the directory of its package", pattern));
    } else if (pattern.empty() || pattern.front() == '-') {
      resolved = absl::InvalidArgumentError(fmt::format("\"{}\" is no package pattern", pattern));
    }
    if (!resolved.ok()) return resolved.status();
    auto group = std::ranges::find(groups, resolved->dir, &PatternGroup::dir);
    if (group == groups.end()) group = groups.insert(groups.end(), {resolved->dir, {}});
    group->patterns.push_back(resolved->pattern);
  }
  return groups;
}

absl::StatusOr<std::vector<Package>> ListPackages(const Runner& run, const GoTool& tool,
                                                  const PatternGroup& group,
                                                  const std::vector<std::string>& flags,
                                                  const std::string& cwd) {
  // -find: imports are not followed; what is wrong with them the build will say.
  std::vector<std::string> args = {
      "list", "-e", "-find", "-json=Dir,ImportPath,Name,Module,TestGoFiles,XTestGoFiles,CgoFiles,Error"};
  args.insert(args.end(), flags.begin(), flags.end());
  args.push_back("--");
  args.insert(args.end(), group.patterns.begin(), group.patterns.end());
  auto answer = RunGo(run, tool, group.dir, std::move(args));
  if (!answer.ok()) return answer.status();
  const TextView view{.go_dir = group.dir, .user_dir = cwd, .names = tool.names};
  if (answer->exit_code != 0) return absl::FailedPreconditionError(ForUser(answer->err, view));
  auto packages = ParseGoList(answer->out);
  if (!packages.ok()) return packages.status();
  for (Package& package : *packages) {
    if (!package.error.empty()) {
      package.error = ForUser(package.error, view) + Hint(cwd, package.import_path);
    }
  }
  if (packages->empty()) {
    return absl::NotFoundError(fmt::format("no packages: {}", ForUser(answer->err, view)));
  }
  return packages;
}

}  // namespace goleakstress::build
