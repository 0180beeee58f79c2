#include "collectors/socket_table.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <string_view>

#include "absl/status/statusor.h"
#include "collectors/proc_file.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

// include/net/tcp_states.h; udp uses ESTABLISHED for connected sockets and CLOSE for the rest.
std::string_view StateName(unsigned long long state) {
  constexpr std::array<std::string_view, 13> kNames = {
      "",      "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",   "TIME_WAIT",
      "CLOSE", "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "NEW_SYN_RECV"};
  return state < kNames.size() ? kNames[state] : "";
}

// "0100007F:1F90" is 127.0.0.1:8080: the address is 1 or 4 words in the machine's byte order, the port a
// plain number.
std::string Address(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon != 8 && colon != 32) return "?";
  std::array<uint32_t, 4> words = {};
  for (size_t i = 0; i < colon / 8; ++i) {
    words[i] = static_cast<uint32_t>(ProcNumber(text.substr(8 * i, 8), 16));
  }
  std::array<char, INET6_ADDRSTRLEN> buffer = {};
  inet_ntop(colon == 8 ? AF_INET : AF_INET6, words.data(), buffer.data(), buffer.size());
  const std::string_view host = buffer.data();
  const unsigned long long port = ProcNumber(text.substr(colon + 1), 16);
  return colon == 8 ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

// "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 63429 1 ..."
void AddInetLine(SocketFamily family, std::string_view line,
                 absl::flat_hash_map<uint64_t, SocketInfo>* sockets) {
  NextWord(&line);
  const std::string_view local = NextWord(&line);
  const std::string_view peer = NextWord(&line);
  const std::string_view state = NextWord(&line);
  for (int skipped = 0; skipped < 5; ++skipped) NextWord(&line);
  const uint64_t inode = ProcNumber(NextWord(&line));
  if (inode == 0) return;
  const bool has_peer = !peer.ends_with(":0000");
  std::string detail = has_peer ? fmt::format("{}->{}", Address(local), Address(peer)) : Address(local);
  if (family == SocketFamily::kTcp) detail += fmt::format(" {}", StateName(ProcNumber(state, 16)));
  sockets->insert_or_assign(inode, SocketInfo{family, std::move(detail)});
}

// "00000000348e0715: 00000003 00000000 00000000 0001 03   556 /run/x.sock": the path may be missing or hold
// spaces.
void AddUnixLine(std::string_view line, absl::flat_hash_map<uint64_t, SocketInfo>* sockets) {
  for (int skipped = 0; skipped < 6; ++skipped) NextWord(&line);
  const uint64_t inode = ProcNumber(NextWord(&line));
  if (inode == 0) return;
  if (line.starts_with(' ')) line.remove_prefix(1);
  sockets->insert_or_assign(inode, SocketInfo{SocketFamily::kUnix, std::string(line)});
}

}  // namespace

absl::flat_hash_map<uint64_t, SocketInfo> ReadSocketTable(const std::string& net_directory) {
  absl::flat_hash_map<uint64_t, SocketInfo> sockets;
  const auto read = [&](const char* name, auto add) {
    const absl::StatusOr<std::string> text = ReadProcFile(fmt::format("{}/{}", net_directory, name));
    if (text.ok()) ForEachLine(*text, add);
  };
  const auto inet = [&](SocketFamily family) {
    return [&sockets, family](std::string_view line) { AddInetLine(family, line, &sockets); };
  };
  for (const char* name : {"tcp", "tcp6"}) read(name, inet(SocketFamily::kTcp));
  for (const char* name : {"udp", "udp6"}) read(name, inet(SocketFamily::kUdp));
  read("unix", [&](std::string_view line) { AddUnixLine(line, &sockets); });
  return sockets;
}

}  // namespace goleakstress::collectors
