// What the kernel knows of a process as a whole: memory, threads, children, processor time, limits.
//
// Linux only. Stateless: threads may call at once.
#ifndef COLLECTORS_PROCESS_STATS_H_
#define COLLECTORS_PROCESS_STATS_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

// Bytes of address space that the process may touch (mapped readable, writable or executable: Go reserves far
// more), by what /proc/PID/maps calls it. They count whether pages are resident or not.
struct MappedBytes {
  int64_t anonymous =
      0;  // mmap without a file: the Go heap and the Go runtime's tables, cgo's large and threaded malloc
  int64_t go_named =
      0;  // "[anon: Go: ...]": the Go part of the former, where kernel and Go (1.25 on) name mappings
  int64_t brk = 0;    // "[heap]": the C library's malloc, so cgo; Go itself has none
  int64_t file = 0;   // files, the program among them, also deleted ones and memfds
  int64_t other = 0;  // stacks, vdso, other names
};
// Growth outside the Go heap is what anonymous + go_named + brk grow by more than Go's own
// /memory/classes/total:bytes.

struct ProcessStats {
  char state = '?';  // R, S, D, Z... as /proc/PID/stat has it
  int64_t rss_bytes = 0;
  int64_t vm_bytes = 0;
  int64_t threads = 0;
  int64_t children = 0;  // direct ones, those that ended and were not waited for among them
  int64_t zombies = 0;   // of the children: ended, but not waited for
  int64_t user_ns = 0;   // processor time, in steps of 10 ms
  int64_t system_ns = 0;
  std::optional<int64_t> open_file_limit;  // soft RLIMIT_NOFILE; absent if unlimited
  std::optional<int64_t> pss_bytes;        // shared pages in parts; when asked for and permitted
  std::optional<MappedBytes> mapped;       // when asked for and permitted
};

struct ProcessStatsOptions {
  bool pss = false;                 // walks the page tables: some milliseconds per GB
  bool mapped = false;              // reads one line per mapping
  std::string proc_root = "/proc";  // another one for tests
};

// NotFound: no such process (any more). A zombie still answers, with zeros for its memory.
absl::StatusOr<ProcessStats> ReadProcessStats(pid_t pid, const ProcessStatsOptions& options = {});

// What all threads have run and have waited for a processor together, in nanoseconds: on a machine that is
// busy with other things a program that never rests gets little, but waits the more. A thread that ended is
// no longer in it. Where the kernel does not tell (CONFIG_SCHED_INFO), it is what they have run, in steps of
// 10 ms. NotFound: no such process.
absl::StatusOr<int64_t> ReadWantedProcessorTime(pid_t pid, const std::string& proc_root = "/proc");

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PROCESS_STATS_H_
