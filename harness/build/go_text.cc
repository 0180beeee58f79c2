#include "harness/build/go_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/build/files.h"

namespace goleakstress::build {
namespace {

constexpr size_t kMostText = 64 << 10;

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The file at the start of a line such as "\tdir/file.go:12:3: message" or "file.go: message"; empty for any
// other line.
std::string_view LeadingFile(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view file = line.substr(0, colon);
  const size_t dot = file.rfind('.');
  if (dot == std::string_view::npos || file.find(' ') != std::string_view::npos) return {};
  const std::string_view extension = file.substr(dot);
  for (std::string_view known : {".go", ".s", ".c", ".h", ".cc", ".cpp", ".mod", ".work", ".sum"}) {
    if (extension == known) return file;
  }
  return {};
}

std::string LineForUser(std::string_view line, const TextView& view) {
  const size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  const std::string_view file = LeadingFile(line.substr(indent));
  if (file.empty()) return std::string(line);
  std::filesystem::path path(file);
  if (path.is_relative()) path = std::filesystem::path(view.go_dir) / path;
  return fmt::format("{}{}{}", line.substr(0, indent),
                     SeenFrom(view.user_dir, path.lexically_normal().string()),
                     line.substr(indent + file.size()));
}

}  // namespace

std::string ForUser(std::string_view text, const TextView& view) {
  const bool cut = text.size() > kMostText;
  std::string named(text.substr(0, kMostText));
  for (const auto& [from, to] : view.names) ReplaceAll(named, from, to);
  std::string result;
  for (std::string_view rest = named; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    result += LineForUser(rest.substr(0, end), view) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  while (!result.empty() && (result.back() == '\n' || result.back() == ' ')) result.pop_back();
  if (cut) result += "\n(the rest of go's output is left out)";
  return result;
}

}  // namespace goleakstress::build
