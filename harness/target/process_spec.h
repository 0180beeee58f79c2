// What a child process is started with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace goleakstress::target {

// Resource limits, soft and hard; 0 leaves the limit that we have. A limit above our own hard limit is cut to
// it. Core dumps are always off.
struct Limits {
  uint64_t address_space_bytes = 0;  // not with -race: the race detector reserves terabytes
  uint64_t open_files = 0;           // at least 4
};

struct Spec {
  std::string program;            // a path, or a name that is looked up in PATH of `env`
  std::vector<std::string> args;  // without the program's own name
  std::vector<std::string>
      env;                  // complete, each "NAME=value"; nothing of ours is added but one marker variable
  std::string working_dir;  // empty: ours
  Limits limits;
  // Of standard output and of standard error each so many first and last bytes are kept; the rest is counted.
  size_t keep_head_bytes = 64 << 10;
  size_t keep_tail_bytes = 64 << 10;
};

}  // namespace goleakstress::target
