// How goleakstress ends. The output format never changes it.
#ifndef HARNESS_EXIT_CODE_H_
#define HARNESS_EXIT_CODE_H_

namespace goleakstress {

enum class ExitCode {
  kClean = 0,
  kLeak = 1,
  kUsage = 2,    // the command line or the configuration
  kFailure = 3,  // the harness or the build of the target failed
  kInconclusive = 4,
  kInterrupted = 130,  // after a valid partial report
};

}  // namespace goleakstress

#endif  // HARNESS_EXIT_CODE_H_
