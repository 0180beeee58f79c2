#include "harness/build/goroot_mirror.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/build/files.h"
#include "harness/input/sha256.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace {

absl::StatusOr<std::vector<std::string>> EntriesOf(const std::string& goroot) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(goroot, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename());
  }
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("reading GOROOT {}", goroot));
  std::ranges::sort(names);
  for (const char* needed : {"bin", "pkg", "src"}) {
    if (!std::ranges::binary_search(names, needed)) {
      return absl::FailedPreconditionError(
          fmt::format("GOROOT {} has no {}: a whole Go distribution is needed", goroot, needed));
    }
  }
  return names;
}

absl::Status LinkAll(const std::string& goroot, const std::vector<std::string>& names,
                     const std::string& dir) {
  for (const std::string& name : names) {
    const std::string link = dir + "/" + name;
    if (symlink((goroot + "/" + name).c_str(), link.c_str()) != 0 && errno != EEXIST) {
      return absl::ErrnoToStatus(errno, fmt::format("making link {}", link));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> MirrorGoroot(const Cache& cache, const std::string& goroot,
                                         const std::string& version) {
  auto names = EntriesOf(goroot);
  if (!names.ok()) return names.status();
  std::string identity = fmt::format("{}\n{}", goroot, version);
  for (const std::string& name : *names) identity += "\n" + name;
  // The links of one directory are the same whoever makes them: runs that meet here only find some of them
  // made.
  auto dir = cache.Entry("goroot", input::Sha256Hex(identity).substr(0, 16));
  if (!dir.ok()) return dir.status();
  if (auto linked = LinkAll(goroot, *names, *dir); !linked.ok()) return linked;
  return dir;
}

}  // namespace goleakstress::build
