#include "harness/explain/generated.h"

#include <algorithm>
#include <map>
#include <string>

#include "harness/explain/go_source.h"

namespace goleakstress::explain {

bool IsGenerated(std::string_view source) {
  while (!source.empty()) {
    std::string_view line = LineOf(source);
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
  std::map<std::string, bool> files;  // of the user's: whether it is generated
  Functions generated, all_there_is;
  const auto look_at = [&](const Stack& stack) {
    Functions functions;
    bool written = false;
    for (const Frame& frame : stack) {
      if (code.OwnerOf(frame) != Owner::kUser) continue;
      const auto [file, is_new] = files.try_emplace(frame.file);
      if (is_new) file->second = IsGenerated(read(frame.file));
      if (file->second) functions.insert(DeclaredFunction(frame.function));
      written = written || !file->second;
    }
    (written ? generated : all_there_is).merge(functions);
  };
  for (const GrowingSite& grown : sites) look_at(grown.site.stack);
  for (const GoroutineDetail& detail : details) look_at(detail.creators);
  std::erase_if(generated, [&](const std::string& function) { return all_there_is.contains(function); });
  known.helpers.merge(generated);
  return known;
}

}  // namespace goleakstress::explain
