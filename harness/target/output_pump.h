// Drains the standard output and standard error of a child, so that it never blocks on a full pipe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "harness/target/bounded_output.h"
#include "harness/target/scoped_fd.h"

namespace goleakstress::target {

// Owns two pipes and one thread that reads them into bounded memory. Thread-safe.
class OutputPump {
 public:
  static absl::StatusOr<std::unique_ptr<OutputPump>> Start(size_t keep_head_bytes, size_t keep_tail_bytes);
  ~OutputPump();

  // The write ends, for the child. To be closed here by CloseWriteEnds once the child has them.
  int out_fd() const { return out_.write_end.get(); }
  int err_fd() const { return err_.write_end.get(); }
  void CloseWriteEnds();

  // Takes what is in the pipes now and ends the thread, whoever still holds a write end. Idempotent.
  void Stop();

  // What came so far.
  BoundedOutput Out() const;
  BoundedOutput Err() const;

 private:
  struct Stream {
    explicit Stream(size_t head, size_t tail) : kept(head, tail) {}
    ScopedFd read_end, write_end;
    BoundedOutput kept;
  };

  OutputPump(size_t head, size_t tail) : out_(head, tail), err_(head, tail) {}
  absl::Status OpenPipe(Stream& stream);
  void Loop();
  // False at the end of the stream. Called by the thread only.
  bool ReadSome(Stream& stream);

  Stream out_;
  Stream err_;
  mutable std::mutex mutex_;  // guards the two `kept`
  ScopedFd stop_read_, stop_write_;
  std::thread thread_;
};

}  // namespace goleakstress::target
