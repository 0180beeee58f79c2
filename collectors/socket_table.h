// The sockets of a network namespace, as /proc/PID/net lists them.
#ifndef COLLECTORS_SOCKET_TABLE_H_
#define COLLECTORS_SOCKET_TABLE_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"

namespace goleakstress::collectors {

enum class SocketFamily { kTcp, kUdp, kUnix };

struct SocketInfo {
  SocketFamily family = SocketFamily::kTcp;
  // tcp and udp: "127.0.0.1:80->127.0.0.1:4711 CLOSE_WAIT", without the peer where there is none; unix: the
  // path, "@name" for abstract ones, empty for unnamed ones.
  std::string detail;
};

// Reads the tables tcp, tcp6, udp, udp6 and unix in `net_directory`; one that is missing counts as empty. The
// key is the inode, the number of "socket:[123]". Sockets without inode (closed ones that still linger) are
// left out.
absl::flat_hash_map<uint64_t, SocketInfo> ReadSocketTable(const std::string& net_directory);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_SOCKET_TABLE_H_
