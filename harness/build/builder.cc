#include "harness/build/builder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/build/build_flags.h"
#include "harness/build/go_text.h"
#include "harness/input/sha256.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace {

// A second name for the same file, or a copy where the file system has no such thing.
absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  if (link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("copying {} to {}", from, to));
  return absl::OkStatus();
}

// Tells whether a path still names the file that it named at first. The file is kept open: its inode number
// cannot go to another one meanwhile.
class SameFile {
 public:
  explicit SameFile(std::string path)
      : path_(std::move(path)), fd_(open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {}
  SameFile(const SameFile&) = delete;
  SameFile& operator=(const SameFile&) = delete;
  ~SameFile() {
    if (fd_ >= 0) close(fd_);
  }
  bool Still() const {
    struct stat before = {}, now = {};
    return fd_ >= 0 && fstat(fd_, &before) == 0 && stat(path_.c_str(), &now) == 0 &&
           before.st_dev == now.st_dev && before.st_ino == now.st_ino;
  }

 private:
  std::string path_;
  int fd_;
};

std::string BinaryName(const BuildRequest& request) {
  const std::string base = fs::path(request.package.import_path).filename().string();
  if (request.coverage) return base + ".explore";
  return base + (request.kind == BinaryKind::kTest ? ".test" : ".main");
}

// The binaries of different builds of one package are kept side by side. That the one that is kept is the
// right one does not depend on this key: go checks.
std::string CacheKey(const Overlay& overlay, const BuildRequest& request, const GoTool& tool) {
  std::string all = fmt::format("{}\n{}\n{}\n{}\n{}", overlay.fingerprint, request.package.dir,
                                BinaryName(request), tool.goflags, tool.goexperiment);
  for (const std::string& flag : request.flags) all += "\n" + flag;
  return input::Sha256Hex(all).substr(0, 24);
}

absl::StatusOr<std::vector<std::string>> Arguments(const GoTool& tool, const Overlay& overlay,
                                                   const BuildRequest& request, const std::string& out) {
  const bool is_main = request.kind == BinaryKind::kMain;
  if (is_main && !tool.gomodcache.empty() && request.package.dir.starts_with(tool.gomodcache + "/")) {
    return absl::FailedPreconditionError(fmt::format(
        "{} lies in the module cache, where go lets no file be added to a main package: copy the module "
        "somewhere else; its tests can be run as they are",
        request.package.import_path));
  }
  auto json = request.coverage ? WriteCoverageOverlayJson(overlay)
                               : WriteOverlayJson(overlay, is_main ? request.package.dir : "");
  if (!json.ok()) return json.status();
  // Outside any module there is only the package itself.
  const std::string pattern = request.package.module_path.empty() ? request.package.import_path
                                                                  : request.package.module_path + "/...";
  auto flags =
      HarnessFlags(request.coverage ? CoverageFlags(request.flags, tool.goflags, pattern) : request.flags,
                   tool.goflags, *json);
  if (!flags.ok()) return flags.status();
  std::vector<std::string> args{"build"};
  if (!is_main) args = {"test", "-c", "-vet=off"};
  args.insert(args.end(), flags->begin(), flags->end());
  args.insert(args.end(), {"-o", out, request.package.import_path});
  return args;
}

TextView ViewOf(const GoTool& tool, const Overlay& overlay, const BuildRequest& request) {
  TextView view{.go_dir = request.go_dir, .user_dir = request.user_dir, .names = {}};
  for (const auto& [name, path] : overlay.replace) view.names.emplace_back(path, name);
  view.names.insert(view.names.end(), tool.names.begin(), tool.names.end());
  return view;
}

}  // namespace

absl::StatusOr<Binary> Build(const Runner& run, const Cache& cache, const GoTool& tool,
                             const Overlay& overlay, const BuildRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const std::string key = CacheKey(overlay, request, tool);
  auto kept_dir = cache.Entry("bin", key);
  if (!kept_dir.ok()) return kept_dir.status();
  const std::string kept = *kept_dir + "/" + BinaryName(request);
  const std::string out = fmt::format("{}/{}-{}", request.work_dir, key.substr(0, 8), BinaryName(request));

  // Go works on a name of our own for the binary that is kept: where it is up to date go leaves it, otherwise
  // go puts a new file in its place, and other runs keep theirs.
  std::error_code error;
  if (fs::exists(kept, error) && !fs::exists(out, error)) {
    if (auto linked = LinkOrCopy(kept, out); !linked.ok()) return linked;
  }
  const SameFile before(out);
  auto args = Arguments(tool, overlay, request, out);
  if (!args.ok()) return args.status();
  auto answer = RunGo(run, tool, request.go_dir, *std::move(args));
  if (!answer.ok()) return answer.status();
  if (answer->exit_code != 0 || !fs::exists(out, error)) {
    fs::remove(out, error);
    return absl::FailedPreconditionError(
        ForUser(answer->err.empty() ? answer->out : answer->err, ViewOf(tool, overlay, request)));
  }
  Binary binary{.path = out, .took = {}, .cached = before.Still()};
  if (!binary.cached) {
    const std::string fresh = fmt::format("{}.{}", kept, getpid());
    if (auto linked = LinkOrCopy(out, fresh); !linked.ok()) return linked;
    if (rename(fresh.c_str(), kept.c_str()) != 0)
      return absl::ErrnoToStatus(errno, fmt::format("keeping {}", kept));
  }
  binary.took = std::chrono::steady_clock::now() - start;
  return binary;
}

}  // namespace goleakstress::build
