#include "harness/target/outcome.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace goleakstress::target {
namespace {

std::string SignalName(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

}  // namespace

std::string Outcome::Words() const {
  if (signal == 0) {
    std::string words = exit_code == 0 ? "exited normally" : fmt::format("exited with code {}", exit_code);
    if (out_of_memory) words += ", out of memory";
    if (stopped_by_us) words += " when we stopped it";
    return words;
  }
  if (stopped_by_us) return fmt::format("was stopped by us with {}", SignalName(signal));
  if (signal == SIGKILL) return "was killed by SIGKILL, not by us: probably out of memory";
  const char* text = sigdescr_np(signal);
  return fmt::format("was killed by {}{}{}", SignalName(signal),
                     text == nullptr ? "" : fmt::format(" ({})", text),
                     out_of_memory ? ", out of memory" : "");
}

Outcome OutcomeFromWaitStatus(int wait_status, int64_t peak_rss_kib, bool stopped_by_us) {
  Outcome outcome;
  if (WIFEXITED(wait_status)) outcome.exit_code = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) outcome.signal = WTERMSIG(wait_status);
  outcome.peak_rss_kib = peak_rss_kib;
  outcome.stopped_by_us = stopped_by_us;
  return outcome;
}

bool GuessOutOfMemory(const Outcome& outcome, std::string_view standard_error) {
  if (outcome.stopped_by_us || outcome.succeeded()) return false;
  if (outcome.signal == SIGKILL) return true;
  for (std::string_view text : {"fatal error: runtime: out of memory",
                                "runtime: out of memory:", "fatal error: runtime: cannot allocate memory",
                                "fatal error: out of memory"}) {
    if (standard_error.find(text) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace goleakstress::target
