#include "collectors/heap_dump/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace goleakstress::collectors {
namespace {

class FileSource : public ByteSource {
 public:
  FileSource(std::string path, int fd, uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}
  ~FileSource() override { close(fd_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  uint64_t size() const override { return size_; }

  absl::Status ReadAt(uint64_t offset, char* out, size_t count) override {
    while (count > 0) {
      const ssize_t got = pread(fd_, out, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return absl::ErrnoToStatus(errno, "reading " + path_);
      if (got == 0) return absl::DataLossError(path_ + " became shorter while it was read");
      out += got;
      offset += static_cast<uint64_t>(got);
      count -= static_cast<size_t>(got);
    }
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  const int fd_;
  const uint64_t size_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  absl::Status ReadAt(uint64_t offset, char* out, size_t count) override {
    if (offset > bytes_.size() || count > bytes_.size() - offset)
      return absl::DataLossError("read past the end");
    if (count > 0) std::memcpy(out, bytes_.data() + offset, count);
    return absl::OkStatus();
  }

 private:
  const std::string_view bytes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return absl::ErrnoToStatus(errno, "opening " + path);
  struct stat status = {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(fd);
    return absl::InvalidArgumentError(path + " is no regular file");
  }
  return std::make_unique<FileSource>(path, fd, static_cast<uint64_t>(status.st_size));
}

std::unique_ptr<ByteSource> ByteSourceOf(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace goleakstress::collectors
