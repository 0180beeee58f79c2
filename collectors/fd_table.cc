#include "collectors/fd_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "collectors/proc_file.h"
#include "collectors/socket_table.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

constexpr size_t kMostSockets = 1 << 16;  // that SocketKinds holds: most are closed by then

FdKind AnonymousKind(std::string_view link) {
  constexpr std::array<std::pair<std::string_view, FdKind>, 6> kKinds = {{
      {"anon_inode:[eventpoll]", FdKind::kEventpoll},
      {"anon_inode:[eventfd", FdKind::kEventfd},  // some kernels add a number
      {"anon_inode:inotify", FdKind::kInotify},
      {"anon_inode:[timerfd]", FdKind::kTimerfd},
      {"anon_inode:[signalfd]", FdKind::kSignalfd},
      {"anon_inode:[pidfd]", FdKind::kPidfd},
  }};
  for (const auto& [text, kind] : kKinds) {
    if (link.starts_with(text)) return kind;
  }
  return link.starts_with("pidfd:") ? FdKind::kPidfd : FdKind::kOther;  // its own file system since Linux 6.9
}

// What only the file itself tells: a path can lead to anything.
FdKind PathKind(int directory, const char* name, std::string_view link) {
  struct stat info = {};
  if (fstatat(directory, name, &info, 0) != 0) {
    return link.starts_with("/dev/") ? FdKind::kDevice : FdKind::kFile;
  }
  switch (info.st_mode & S_IFMT) {
    case S_IFREG:
      return FdKind::kFile;
    case S_IFDIR:
      return FdKind::kDirectory;
    case S_IFIFO:
      return FdKind::kPipe;
    case S_IFCHR:
    case S_IFBLK:
      return FdKind::kDevice;
    default:
      return FdKind::kOther;
  }
}

// The kernel names a socket's protocol in an extended attribute: one call instead of a search through five
// tables.
FdKind AskSocketKind(const std::string& path) {
  std::array<char, 32> buffer = {};
  const ssize_t size = getxattr(path.c_str(), "system.sockprotoname", buffer.data(), buffer.size());
  if (size <= 0) return FdKind::kSocketOther;
  const std::string_view name(buffer.data(), strnlen(buffer.data(), static_cast<size_t>(size)));
  if (name == "TCP" || name == "TCPv6" || name == "MPTCP" || name == "MPTCPv6") return FdKind::kSocketTcp;
  if (name.starts_with("UDP")) return FdKind::kSocketUdp;
  if (name.starts_with("UNIX")) return FdKind::kSocketUnix;
  return FdKind::kSocketOther;
}

// The inode of "socket:[123]"; 0: it is no socket.
uint64_t SocketInode(std::string_view link) {
  constexpr std::string_view kPrefix = "socket:[";
  if (!link.starts_with(kPrefix) || !link.ends_with(']')) return 0;
  return ProcNumber(link.substr(kPrefix.size(), link.size() - kPrefix.size() - 1));
}

FdKind SocketKind(const std::string& directory, const char* name, std::string_view link,
                  SocketKinds* sockets) {
  const uint64_t inode = SocketInode(link);
  if (sockets != nullptr && inode != 0) {
    if (const auto known = sockets->find(inode); known != sockets->end()) return known->second;
  }
  const FdKind kind = AskSocketKind(fmt::format("{}/{}", directory, name));
  if (sockets != nullptr && inode != 0 && kind != FdKind::kSocketOther) sockets->emplace(inode, kind);
  return kind;
}

FdKind KindOfFamily(SocketFamily family) {
  switch (family) {
    case SocketFamily::kTcp:
      return FdKind::kSocketTcp;
    case SocketFamily::kUdp:
      return FdKind::kSocketUdp;
    case SocketFamily::kUnix:
      return FdKind::kSocketUnix;
  }
  return FdKind::kSocketOther;
}

FdKind KindOf(int directory, const std::string& directory_path, const char* name, std::string_view link,
              SocketKinds* sockets) {
  if (link.starts_with("socket:")) return SocketKind(directory_path, name, link, sockets);
  if (link.starts_with("pipe:")) return FdKind::kPipe;
  if (link.starts_with("/memfd:")) return FdKind::kMemfd;
  if (link.starts_with("/")) return PathKind(directory, name, link);
  return AnonymousKind(link);
}

void AddFdinfo(const std::string& path, FdEntry* entry) {
  const absl::StatusOr<std::string> text = ReadProcFile(path, 64 << 10);
  if (!text.ok()) return;
  ForEachLine(*text, [entry](std::string_view line) {
    const std::string_view key = NextWord(&line);
    if (key == "pos:") entry->position = static_cast<int64_t>(ProcNumber(NextWord(&line)));
    if (key == "flags:") entry->flags = static_cast<int>(ProcNumber(NextWord(&line), 8));
  });
}

void AddSocketDetails(const std::string& net_directory, std::vector<FdEntry>* entries) {
  const absl::flat_hash_map<uint64_t, SocketInfo> sockets = ReadSocketTable(net_directory);
  for (FdEntry& entry : *entries) {
    const auto found = sockets.find(SocketInode(entry.detail));
    if (found == sockets.end()) continue;
    entry.kind = KindOfFamily(found->second.family);
    entry.detail = found->second.detail;
  }
}

bool IsNumber(const char* name) { return name[0] >= '0' && name[0] <= '9'; }

// Calls `visit` with the open directory, the name in it and its number, until that fails.
absl::Status ForEachFd(const std::string& path, pid_t pid, const std::vector<int>& skip,
                       absl::FunctionRef<absl::Status(int directory, const char* name, int fd)> visit) {
  DIR* const directory = opendir(path.c_str());
  if (directory == nullptr) return absl::ErrnoToStatus(errno, fmt::format("reading {}", path));
  absl::Cleanup close_directory = [directory] { closedir(directory); };
  while (true) {
    errno = 0;
    const dirent* const item = readdir(directory);
    if (item == nullptr) break;
    if (!IsNumber(item->d_name)) continue;
    const int fd = static_cast<int>(ProcNumber(item->d_name));
    if (pid == getpid() && fd == dirfd(directory)) continue;
    if (std::find(skip.begin(), skip.end(), fd) != skip.end()) continue;
    if (absl::Status status = visit(dirfd(directory), item->d_name, fd); !status.ok()) return status;
  }
  return errno == 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, fmt::format("reading {}", path));
}

}  // namespace

std::string_view FdKindName(FdKind kind) {
  constexpr std::array<std::string_view, 16> kNames = {
      "file",  "directory", "socket.tcp", "socket.udp", "socket.unix", "socket.other",
      "pipe",  "eventpoll", "eventfd",    "inotify",    "timerfd",     "signalfd",
      "pidfd", "memfd",     "device",     "other"};
  return kNames[static_cast<size_t>(kind)];
}

absl::StatusOr<std::vector<FdEntry>> ReadFdTable(pid_t pid, const FdOptions& options) {
  const std::string process = fmt::format("{}/{}", options.proc_root, pid);
  const std::string path = process + "/fd";
  if (options.sockets != nullptr && options.sockets->size() > kMostSockets) options.sockets->clear();
  std::vector<FdEntry> entries;
  std::array<char, PATH_MAX> link = {};
  const absl::Status status =
      ForEachFd(path, pid, options.skip, [&](int directory, const char* name, int fd) -> absl::Status {
        const ssize_t size = readlinkat(directory, name, link.data(), link.size());
        if (size < 0) {
          if (errno == ENOENT) return absl::OkStatus();
          return absl::ErrnoToStatus(errno, fmt::format("reading {}/{}", path, fd));
        }
        if (entries.size() == options.max_entries) {
          return absl::ResourceExhaustedError(
              fmt::format("reading {}: more than {} entries", path, options.max_entries));
        }
        FdEntry& entry = entries.emplace_back();
        entry.fd = fd;
        entry.detail.assign(link.data(), static_cast<size_t>(size));
        entry.kind = KindOf(directory, path, name, entry.detail, options.sockets);
        if (options.fdinfo) AddFdinfo(fmt::format("{}/fdinfo/{}", process, fd), &entry);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  if (options.socket_details) AddSocketDetails(process + "/net", &entries);
  std::sort(entries.begin(), entries.end(), [](const FdEntry& a, const FdEntry& b) { return a.fd < b.fd; });
  return entries;
}

absl::StatusOr<int64_t> CountFds(pid_t pid, const FdOptions& options) {
  int64_t count = 0;
  const absl::Status status = ForEachFd(fmt::format("{}/{}/fd", options.proc_root, pid), pid, options.skip,
                                        [&count](int, const char*, int) {
                                          ++count;
                                          return absl::OkStatus();
                                        });
  if (!status.ok()) return status;
  return count;
}

std::map<std::string_view, int64_t> CountByKind(const std::vector<FdEntry>& entries) {
  std::map<std::string_view, int64_t> counts;
  for (const FdEntry& entry : entries) ++counts[FdKindName(entry.kind)];
  return counts;
}

}  // namespace goleakstress::collectors
