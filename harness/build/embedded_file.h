// Files that are part of the program (cmake/embed.cmake).
#ifndef HARNESS_BUILD_EMBEDDED_FILE_H_
#define HARNESS_BUILD_EMBEDDED_FILE_H_

#include <span>
#include <string_view>

namespace goleakstress::build {

struct EmbeddedFile {
  std::string_view name;  // without a directory
  std::string_view contents;
};

// The Go files of harness/agent, without its tests.
std::span<const EmbeddedFile> AgentSources();

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_EMBEDDED_FILE_H_
