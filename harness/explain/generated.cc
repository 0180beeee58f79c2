#include "harness/explain/generated.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace goleakstress::explain {

bool IsGenerated(std::string_view source) {
  while (!source.empty()) {
    std::string_view line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(line.size() + 1, source.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("package ")) return false;
    if (line.starts_with("// Code generated ") && line.ends_with(" DO NOT EDIT.")) return true;
  }
  return false;
}

CodeMap WithGenerated(const std::vector<GrowingSite>& sites, const std::vector<GoroutineDetail>& details,
                      const CodeMap& code, const ReadSource& read) {
  CodeMap known = code;
  if (!read) return known;
  std::map<std::string, bool> generated;  // files of the user's
  std::set<std::string> all_there_is;
  const auto look_at = [&](const Stack& stack) {
    std::set<std::string> files;
    bool written = false;
    for (const Frame& frame : stack) {
      if (code.OwnerOf(frame) != Owner::kUser) continue;
      const auto [file, is_new] = generated.try_emplace(frame.file);
      if (is_new) file->second = IsGenerated(read(frame.file));
      if (file->second) files.insert(frame.file);
      written = written || !file->second;
    }
    if (!written) all_there_is.merge(files);
  };
  for (const GrowingSite& grown : sites) look_at(grown.site.stack);
  for (const GoroutineDetail& detail : details) look_at(detail.creators);
  for (const auto& [file, is_generated] : generated) {
    if (is_generated && !all_there_is.contains(file)) known.generated.insert(file);
  }
  return known;
}

}  // namespace goleakstress::explain
