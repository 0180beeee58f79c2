// How a process ended.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace goleakstress::target {

struct Outcome {
  int exit_code = -1;          // 0 to 255; -1 if a signal ended it
  int signal = 0;              // the signal that ended it, or 0
  bool stopped_by_us = false;  // we had sent it a signal before it ended
  bool out_of_memory = false;  // a guess: see GuessOutOfMemory
  int64_t peak_rss_kib = 0;    // as the kernel counted it

  bool succeeded() const { return exit_code == 0; }

  // What follows "the target ", e.g. "exited with code 7", "was killed by SIGSEGV (Segmentation fault)".
  std::string Words() const;
};

// Reads a status of wait4.
Outcome OutcomeFromWaitStatus(int wait_status, int64_t peak_rss_kib, bool stopped_by_us);

// SIGKILL that we did not send is nearly always the kernel's out-of-memory killer or a container's limit; a
// Go program that the address space limit stops says so on standard error and exits with code 2.
bool GuessOutOfMemory(const Outcome& outcome, std::string_view standard_error);

}  // namespace goleakstress::target
