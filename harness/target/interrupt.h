// Ctrl-C and its kin.
#pragma once

#include <atomic>

namespace goleakstress::target {

// Exit code of a run that was interrupted.
inline constexpr int kInterruptedExitCode = 130;

// From now on the first SIGINT, SIGTERM or SIGHUP (unless ignored, as nohup does) only sets InterruptFlag:
// waits with it end within 20 ms and the run closes with a partial report. The second kills all target
// groups, removes all temporary trees and ends us with code 130; the third does not even remove. SIGPIPE is
// ignored: a reader who leaves gives a write error, not sudden death. Starts one thread. To be called once,
// by main, before other threads start.
void InstallInterruptHandlers();

bool Interrupted();

// For the `cancel` arguments of this room. Lives for ever.
const std::atomic<bool>* InterruptFlag();

}  // namespace goleakstress::target
