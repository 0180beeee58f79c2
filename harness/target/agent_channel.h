// The messages of agent.proto over one end of a socket pair.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/proto/agent.pb.h"
#include "harness/target/scoped_fd.h"
#include "harness/target/wait.h"

namespace goleakstress::target {

inline constexpr size_t kMaxMessageBytes = 256 << 20;

// Frames, sends and receives. Nothing that the other side does makes a call wait beyond its deadline or take
// more memory than one message of the greatest length and what is read ahead of it (1 MiB).
//
// Statuses of both calls, by code:
//   Unavailable       the other side has closed, also in the middle of a message
//   DataLoss          garbage: a length above 256 MiB, or bytes that are not a Response. The channel is of no
//   further use. DeadlineExceeded  not done in time. A message received in part is kept for the next call;
//   one sent in part cannot be
//                     taken back, and every later Send fails with the same status.
//   Cancelled         *cancel is true; otherwise as DeadlineExceeded
// Thread-compatible.
class AgentChannel {
 public:
  // A channel and the descriptor for its other side.
  static absl::StatusOr<std::pair<AgentChannel, ScopedFd>> Open();

  absl::Status Send(const agent::Request& request, Deadline deadline,
                    const std::atomic<bool>* cancel = nullptr);
  absl::StatusOr<agent::Response> Receive(Deadline deadline, const std::atomic<bool>* cancel = nullptr);

 private:
  explicit AgentChannel(ScopedFd fd) : fd_(std::move(fd)) {}

  // Reads what is there into inbox_.
  absl::Status ReadSome();
  absl::Status Ended() const;
  // The whole length of the first message in the inbox with its header, or 0 if the header is not complete.
  size_t FirstMessageBytes() const;

  ScopedFd fd_;
  std::string inbox_;
  bool ended_ = false;
  absl::Status sent_in_part_;
};

}  // namespace goleakstress::target
