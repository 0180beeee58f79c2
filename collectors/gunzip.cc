#include "collectors/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

constexpr size_t kLargestStep = std::numeric_limits<uInt>::max();
// Deflate cannot pack tighter than 1032 to 1, so a larger size in the trailer is a lie.
constexpr size_t kDeflateLimit = 1032;
constexpr int kGzipWindow = 15 + 16;

// The size that the trailer of a one-member file states (modulo 2^32), as a first guess of the room needed.
size_t FirstGuess(std::string_view bytes, size_t max_bytes) {
  uint32_t stated = 0;
  for (size_t i = 0; i < 4; ++i) {
    stated |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[bytes.size() - 4 + i])) << (8 * i);
  }
  return std::min({static_cast<size_t>(stated) + 1, bytes.size() * kDeflateLimit, max_bytes});
}

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

absl::StatusOr<std::string> Gunzip(std::string_view bytes, size_t max_bytes) {
  constexpr size_t kSmallestMember = 18;
  if (bytes.size() < kSmallestMember) return absl::InvalidArgumentError("gzip data cut in its header");
  z_stream stream = {};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK)
    return absl::ResourceExhaustedError("no memory for inflate");
  absl::Cleanup end = [&stream] { inflateEnd(&stream); };

  std::string out(FirstGuess(bytes, max_bytes), '\0');
  size_t taken = 0;
  size_t made = 0;
  while (true) {
    if (made == out.size()) {
      // One byte of room above the limit tells "exactly full" from "too much".
      if (made > max_bytes) {
        return absl::ResourceExhaustedError(
            fmt::format("gzip data unpacks to more than {} bytes", max_bytes));
      }
      out.resize(std::min(std::max<size_t>(2 * made, 4096), max_bytes + 1));
    }
    const size_t in_step = std::min(bytes.size() - taken, kLargestStep);
    const size_t out_step = std::min(out.size() - made, kLargestStep);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + taken));
    stream.avail_in = static_cast<uInt>(in_step);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + made);
    stream.avail_out = static_cast<uInt>(out_step);
    const int result = inflate(&stream, Z_NO_FLUSH);
    taken += in_step - stream.avail_in;
    made += out_step - stream.avail_out;
    if (result == Z_STREAM_END) {
      if (taken == bytes.size()) break;
      inflateReset(&stream);
    } else if (result == Z_BUF_ERROR || (result == Z_OK && taken == bytes.size() && stream.avail_out != 0)) {
      if (stream.avail_out != 0) return absl::InvalidArgumentError("gzip data is cut short");
    } else if (result != Z_OK) {
      return absl::InvalidArgumentError(
          fmt::format("gzip data is damaged after byte {}: {}", taken, stream.msg ? stream.msg : "?"));
    }
  }
  if (made > max_bytes) {
    return absl::ResourceExhaustedError(fmt::format("gzip data unpacks to more than {} bytes", max_bytes));
  }
  out.resize(made);
  return out;
}

}  // namespace goleakstress::collectors
