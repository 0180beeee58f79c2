#include "harness/target/agent_channel.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace goleakstress::target {
namespace {

constexpr size_t kHeaderBytes = 4;
constexpr size_t kChunkBytes = 64 << 10;
constexpr size_t kReadAheadBytes = 1 << 20;

std::string Frame(const agent::Request& request) {
  std::string frame(kHeaderBytes, '\0');
  request.AppendToString(&frame);
  const size_t length = frame.size() - kHeaderBytes;
  for (size_t i = 0; i < kHeaderBytes; ++i) frame[i] = static_cast<char>(length >> (8 * i) & 0xff);
  return frame;
}

absl::Status Late(WaitResult result, std::string_view what) {
  if (result == WaitResult::kCancelled) return absl::CancelledError("interrupted");
  return absl::DeadlineExceededError(fmt::format("{} in time", what));
}

}  // namespace

absl::StatusOr<std::pair<AgentChannel, ScopedFd>> AgentChannel::Open() {
  // Protobuf would report garbage on standard error; we return a status.
  static const auto former_handler = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(former_handler);
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return absl::ErrnoToStatus(errno, "making a socket pair");
  }
  return std::make_pair(AgentChannel(ScopedFd(pair[0])), ScopedFd(pair[1]));
}

absl::Status AgentChannel::Send(const agent::Request& request, Deadline deadline,
                                const std::atomic<bool>* cancel) {
  if (!sent_in_part_.ok()) return sent_in_part_;
  if (request.ByteSizeLong() > kMaxMessageBytes) {
    return absl::InvalidArgumentError(
        fmt::format("a request of {} bytes is too long", request.ByteSizeLong()));
  }
  const std::string frame = Frame(request);
  for (size_t sent = 0; sent < frame.size();) {
    const ssize_t now =
        send(fd_.get(), frame.data() + sent, frame.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (now >= 0) {
      sent += static_cast<size_t>(now);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Ended();
    // The other side may be in the middle of a long message of its own and read ours only when that is taken.
    const bool room = inbox_.size() < kMaxMessageBytes;
    const WaitResult result =
        WaitFor(fd_.get(), room && !ended_ ? POLLIN | POLLOUT : POLLOUT, deadline, cancel);
    if (result != WaitResult::kReady) {
      const absl::Status late = Late(result, "the request was not taken");
      if (sent > 0) sent_in_part_ = late;
      return late;
    }
    if (room) {
      if (absl::Status read = ReadSome(); !read.ok()) return read;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<agent::Response> AgentChannel::Receive(Deadline deadline, const std::atomic<bool>* cancel) {
  for (;;) {
    const size_t bytes = FirstMessageBytes();
    if (bytes > kHeaderBytes + kMaxMessageBytes) {
      return absl::DataLossError(fmt::format("a message claims a length of {} bytes", bytes - kHeaderBytes));
    }
    if (bytes > 0 && inbox_.size() >= bytes) {
      agent::Response response;
      if (!response.ParseFromArray(inbox_.data() + kHeaderBytes, static_cast<int>(bytes - kHeaderBytes))) {
        return absl::DataLossError(
            fmt::format("a message of {} bytes is not a response", bytes - kHeaderBytes));
      }
      inbox_.erase(0, bytes);
      if (inbox_.capacity() > kReadAheadBytes && inbox_.size() < kChunkBytes) inbox_.shrink_to_fit();
      return response;
    }
    if (ended_) return Ended();
    const WaitResult result = WaitFor(fd_.get(), POLLIN, deadline, cancel);
    if (result != WaitResult::kReady) return Late(result, "nothing came");
    if (absl::Status read = ReadSome(); !read.ok()) return read;
  }
}

absl::Status AgentChannel::ReadSome() {
  std::array<char, kChunkBytes> chunk;
  for (size_t taken = 0; taken < kReadAheadBytes && !ended_;) {
    const ssize_t got = recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got < 0 && errno != ECONNRESET) return absl::ErrnoToStatus(errno, "reading the agent's channel");
    if (got <= 0) {
      ended_ = true;
    } else {
      inbox_.append(chunk.data(), static_cast<size_t>(got));
      taken += static_cast<size_t>(got);
      if (static_cast<size_t>(got) < chunk.size()) break;
    }
  }
  return absl::OkStatus();
}

absl::Status AgentChannel::Ended() const {
  if (inbox_.empty()) return absl::UnavailableError("the channel was closed");
  return absl::UnavailableError(
      fmt::format("the channel was closed in the middle of a message, after {} bytes", inbox_.size()));
}

size_t AgentChannel::FirstMessageBytes() const {
  if (inbox_.size() < kHeaderBytes) return 0;
  size_t length = 0;
  for (size_t i = 0; i < kHeaderBytes; ++i)
    length |= size_t{static_cast<unsigned char>(inbox_[i])} << (8 * i);
  return kHeaderBytes + length;
}

}  // namespace goleakstress::target
