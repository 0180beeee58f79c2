#include "harness/campaign/go_files.h"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "harness/input/file_bytes.h"

namespace goleakstress::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestFile = 4 << 20, kLongestDirectory = 16 << 20;

std::string FileText(const std::string& path) {
  auto text = input::ReadFileBytes(path, kLongestFile);
  return text.ok() ? *std::move(text) : std::string();
}

std::string DirectoryText(const std::string& directory) {
  std::error_code error;
  std::set<std::string> paths;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".go") paths.insert(at->path());
  }
  std::string text;
  for (const std::string& path : paths) {
    const std::string file = FileText(path);
    if (text.size() + file.size() < kLongestDirectory) text += file + "\n";
  }
  return text;
}

}  // namespace

explain::ReadSource GoFiles() {
  return [read = std::make_shared<std::map<std::string, std::string>>()](const std::string& path) {
    const auto [entry, is_new] = read->try_emplace(path);
    if (is_new) entry->second = path.ends_with('/') ? DirectoryText(path) : FileText(path);
    return entry->second;
  };
}

}  // namespace goleakstress::campaign
