// Shared by the tests of this room and of those that need a target without Go.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/target/environment.h"
#include "harness/target/process_spec.h"

namespace goleakstress::target {

// A child that is to be reached in any case, on however busy a machine.
inline constexpr std::chrono::seconds kLong(60);

// The fake target with a script of words, see fake_target.cc.
inline Spec FakeTarget(std::vector<std::string> script) {
  Spec spec;
  spec.program = GLS_FAKE_TARGET;
  spec.args = std::move(script);
  spec.env = CurrentEnvironment();
  return spec;
}

// Polls until `condition` holds; false if it does not within kLong.
template <typename Condition>
bool Eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// Whether the process exists and is not a zombie.
inline bool IsAlive(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  return std::getline(file, stat) && stat.find(") Z ") == std::string::npos;
}

}  // namespace goleakstress::target
