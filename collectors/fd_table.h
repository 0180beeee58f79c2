// The open file descriptors of a process, from /proc/PID/fd.
//
// Linux only. Needs the right to trace the process: its own user, or root. Stateless: threads may call at
// once.
#ifndef COLLECTORS_FD_TABLE_H_
#define COLLECTORS_FD_TABLE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace goleakstress::collectors {

enum class FdKind {
  kFile,
  kDirectory,
  kSocketTcp,  // also MPTCP, which Go's listeners use since 1.24
  kSocketUdp,
  kSocketUnix,
  kSocketOther,
  kPipe,
  kEventpoll,
  kEventfd,
  kInotify,
  kTimerfd,
  kSignalfd,
  kPidfd,
  kMemfd,
  kDevice,
  kOther,
};

// "file", "socket.tcp", "pipe"...: fixed words, never a path or a port, so that counts by kind form steady
// series.
std::string_view FdKindName(FdKind kind);

struct FdEntry {
  int fd = -1;
  FdKind kind = FdKind::kOther;
  // The path, "pipe:[123]", "anon_inode:[io_uring]" as /proc spells them, with " (deleted)" for removed
  // files; for sockets SocketInfo::detail when FdOptions::socket_details asked for it and the table knows the
  // socket, else "socket:[123]".
  std::string detail;
  // From fdinfo, when asked for.
  std::optional<int> flags;  // O_RDONLY, O_CLOEXEC... as open(2) takes them
  std::optional<int64_t> position;
};

// By inode number. A socket keeps its protocol, and asking for it is half of the cost of a descriptor.
using SocketKinds = absl::flat_hash_map<uint64_t, FdKind>;

struct FdOptions {
  bool socket_details = false;  // costs one pass over all sockets of the network namespace
  bool fdinfo = false;          // costs one file read per descriptor
  std::vector<int> skip = {};   // descriptors to leave out
  SocketKinds* sockets =
      nullptr;  // of earlier readings: what is there is not asked for, what is new is added
  size_t max_entries = 1 << 20;
  std::string proc_root = "/proc";  // another one for tests
};

// All descriptors in ascending order. One that is closed during the reading may or may not be there. When a
// process reads itself, the descriptor of the directory being read is left out. NotFound: no such process
// (any more); PermissionDenied; ResourceExhausted: more than max_entries.
absl::StatusOr<std::vector<FdEntry>> ReadFdTable(pid_t pid, const FdOptions& options = {});

// How many ReadFdTable would tell, at a fraction of its cost. Reads nothing of the options but `skip` and
// `proc_root`.
absl::StatusOr<int64_t> CountFds(pid_t pid, const FdOptions& options = {});

// The kinds that occur, by FdKindName.
std::map<std::string_view, int64_t> CountByKind(const std::vector<FdEntry>& entries);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_FD_TABLE_H_
