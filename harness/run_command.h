// The verb `run`: a campaign with progress on standard error and reports where the user wants them.
#ifndef HARNESS_RUN_COMMAND_H_
#define HARNESS_RUN_COMMAND_H_

#include "harness/exit_code.h"
#include "harness/options.h"

namespace goleakstress {

// Runs it and writes the reports. The exit code is the report's, or kFailure where a report cannot be
// written.
ExitCode RunCommandLine(const Options& options);

}  // namespace goleakstress

#endif  // HARNESS_RUN_COMMAND_H_
