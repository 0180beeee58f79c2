// A Runner for this room's tests, and what they need around it.
#ifndef HARNESS_BUILD_RUN_COMMAND_FOR_TEST_H_
#define HARNESS_BUILD_RUN_COMMAND_FOR_TEST_H_

#include <map>
#include <string>

#include "harness/build/command.h"
#include "harness/build/go_tool.h"

namespace goleakstress::build {

// Forks, execs, waits; the output goes through files.
absl::StatusOr<CommandResult> RunForTest(const CommandSpec& spec);

// This process's environment.
Environment OwnEnvironment();

// A directory that the destructor removes.
class TemporaryDir {
 public:
  TemporaryDir();
  TemporaryDir(const TemporaryDir&) = delete;
  TemporaryDir& operator=(const TemporaryDir&) = delete;
  ~TemporaryDir();
  const std::string& path() const { return path_; }
  // Writes a file below, with the directories above it; returns its path.
  std::string Write(const std::string& name, const std::string& contents) const;

 private:
  std::string path_;
};

// Every file, link and directory below `dir` with its type, mode and a checksum of its contents: equal before
// and after means that not one byte has changed.
std::map<std::string, std::string> Checksums(const std::string& dir);

// The same for a large tree, from what the file system notes at every write: inode, size, times of
// modification and change.
std::map<std::string, std::string> Stamps(const std::string& dir);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_RUN_COMMAND_FOR_TEST_H_
