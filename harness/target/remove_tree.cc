#include "harness/target/remove_tree.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

namespace goleakstress::target {
namespace {

namespace fs = std::filesystem;

// Gives us back the permissions that removal needs.
void MakeDirectoriesWritable(const fs::path& root) {
  std::vector<fs::path> pending = {root};
  while (!pending.empty()) {
    const fs::path dir = std::move(pending.back());
    pending.pop_back();
    std::error_code error;
    fs::permissions(dir, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, error);
    // nofollow is not supported for chmod on Linux before 6.6, but what is listed here is a real directory.
    if (error) fs::permissions(dir, fs::perms::owner_all, fs::perm_options::add, error);
    for (fs::directory_iterator item(dir, error), end; !error && item != end; item.increment(error)) {
      std::error_code ignored;
      if (item->symlink_status(ignored).type() == fs::file_type::directory) pending.push_back(item->path());
    }
  }
}

}  // namespace

absl::Status RemoveTree(const std::string& path) {
  std::error_code error;
  for (int attempt = 0; attempt < 5; ++attempt) {
    fs::remove_all(path, error);
    if (!error) return absl::OkStatus();
    MakeDirectoriesWritable(path);
    if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::ErrnoToStatus(error.value(), fmt::format("removing {}", path));
}

}  // namespace goleakstress::target
