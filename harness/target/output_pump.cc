#include "harness/target/output_pump.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace goleakstress::target {
namespace {

constexpr size_t kChunk = 64 << 10;
// The most that a pipe can hold for an unprivileged process (fs.pipe-max-size): what the child wrote before
// it ended.
constexpr size_t kMostInPipe = 1 << 20;

}  // namespace

absl::Status OutputPump::OpenPipe(Stream& stream) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "making a pipe");
  stream.read_end = ScopedFd(ends[0]);
  stream.write_end = ScopedFd(ends[1]);
  // Ours must not block; the child's end is another open file description and is not touched.
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return absl::ErrnoToStatus(errno, "setting up a pipe");
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<OutputPump>> OutputPump::Start(size_t keep_head_bytes,
                                                              size_t keep_tail_bytes) {
  std::unique_ptr<OutputPump> pump(new OutputPump(keep_head_bytes, keep_tail_bytes));
  for (Stream* stream : {&pump->out_, &pump->err_}) {
    if (absl::Status opened = pump->OpenPipe(*stream); !opened.ok()) return opened;
  }
  int stop[2];
  if (pipe2(stop, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "making a pipe");
  pump->stop_read_ = ScopedFd(stop[0]);
  pump->stop_write_ = ScopedFd(stop[1]);
  // Signals shall interrupt the threads that wait for the target, not this one.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    pump->thread_ = std::thread([raw = pump.get()] { raw->Loop(); });
  } catch (const std::system_error& failure) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return absl::ErrnoToStatus(failure.code().value(), "starting a thread");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pump;
}

OutputPump::~OutputPump() { Stop(); }

void OutputPump::CloseWriteEnds() {
  out_.write_end.Reset();
  err_.write_end.Reset();
}

void OutputPump::Stop() {
  stop_write_.Reset();
  if (thread_.joinable()) thread_.join();
}

BoundedOutput OutputPump::Out() const {
  std::lock_guard lock(mutex_);
  return out_.kept;
}

BoundedOutput OutputPump::Err() const {
  std::lock_guard lock(mutex_);
  return err_.kept;
}

bool OutputPump::ReadSome(Stream& stream) {
  std::array<char, kChunk> chunk;
  const ssize_t got = read(stream.read_end.get(), chunk.data(), chunk.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  std::lock_guard lock(mutex_);
  stream.kept.Append({chunk.data(), static_cast<size_t>(got)});
  return true;
}

void OutputPump::Loop() {
  std::array<Stream*, 2> streams = {&out_, &err_};
  std::array<pollfd, 3> waits = {pollfd{out_.read_end.get(), POLLIN, 0},
                                 pollfd{err_.read_end.get(), POLLIN, 0}, pollfd{stop_read_.get(), POLLIN, 0}};
  while (waits[0].fd >= 0 || waits[1].fd >= 0) {
    if (poll(waits.data(), waits.size(), -1) < 0) continue;  // EINTR
    const bool stop = waits[2].revents != 0;
    for (size_t i = 0; i < streams.size(); ++i) {
      if (waits[i].fd < 0 || (waits[i].revents == 0 && !stop)) continue;
      if (!stop) {
        if (!ReadSome(*streams[i])) waits[i].fd = -1;  // poll passes over it
        continue;
      }
      for (size_t rounds = kMostInPipe / kChunk; rounds > 0; --rounds) {
        pollfd more = {waits[i].fd, POLLIN, 0};
        if (poll(&more, 1, 0) <= 0 || !ReadSome(*streams[i])) break;
      }
    }
    if (stop) return;
  }
}

}  // namespace goleakstress::target
