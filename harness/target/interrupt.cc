#include "harness/target/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "harness/target/process_groups.h"
#include "harness/target/target_process.h"
#include "harness/target/temporary_tree.h"

namespace goleakstress::target {
namespace {

std::atomic<bool> interrupted = false;
std::atomic<int> signals_seen = 0;
int wake_janitor[2] = {-1, -1};

void OnSignal(int) {
  const int saved_errno = errno;
  interrupted = true;
  const int seen = ++signals_seen;
  if (seen >= 2) KillListedGroups();
  if (seen >= 3) _exit(kInterruptedExitCode);
  if (seen == 2) {
    // Removing files is not for a signal handler.
    if (write(wake_janitor[1], "", 1) != 1) _exit(kInterruptedExitCode);
  }
  errno = saved_errno;
}

void Janitor() {
  char byte;
  while (read(wake_janitor[0], &byte, 1) < 0 && errno == EINTR) {
  }
  KillAllTargets();
  RemoveTemporaryTrees();
  _exit(kInterruptedExitCode);
}

}  // namespace

void InstallInterruptHandlers() {
  signal(SIGPIPE, SIG_IGN);
  if (pipe2(wake_janitor, O_CLOEXEC) == 0) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread(Janitor).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;  // poll, with which we wait, is interrupted all the same
  sigfillset(&action.sa_mask);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction former;
    sigaction(number, nullptr, &former);
    if (former.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
}

bool Interrupted() { return interrupted; }

const std::atomic<bool>* InterruptFlag() { return &interrupted; }

}  // namespace goleakstress::target
