// How this room runs the go command: through a function that the caller binds to whatever starts processes.
#ifndef HARNESS_BUILD_COMMAND_H_
#define HARNESS_BUILD_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::build {

struct CommandSpec {
  std::string program = {};            // a path
  std::vector<std::string> args = {};  // without the program's own name
  std::vector<std::string> env = {};   // complete, each "NAME=value"
  std::string dir = {};                // absolute
};

struct CommandResult {
  int exit_code = 0;
  std::string out = {};
  std::string err = {};
};

// Runs a program to its end. An exit code other than 0 is a result; a program that could not be started, was
// killed by a signal, cancelled or ran out of time is an error. May be called from several threads at once.
using Runner = std::function<absl::StatusOr<CommandResult>(const CommandSpec&)>;

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_COMMAND_H_
