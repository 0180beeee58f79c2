#include "collectors/gunzip.h"

#include <zlib.h>

#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

std::string Gzip(std::string_view text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Gunzip, Unpacks) {
  for (const size_t size : std::initializer_list<size_t>{0, 1, 4095, 4096, 100'000}) {
    const std::string text(size, 'a');
    EXPECT_EQ(Gunzip(Gzip(text), 1 << 20).value(), text) << size;
    EXPECT_EQ(Gunzip(Gzip(text), size).value(), text) << "a limit of just the size is kept, " << size;
  }
}

TEST(Gunzip, JoinsMembers) {
  EXPECT_EQ(Gunzip(Gzip("one ") + Gzip("") + Gzip(std::string(9000, 'x')), 1 << 20).value(),
            "one " + std::string(9000, 'x'));
}

TEST(Gunzip, SurvivesALyingSize) {
  for (const char wrong : {'\0', '\x7f', '\xff'}) {
    std::string packed = Gzip("text of some length");
    packed.replace(packed.size() - 4, 4, 4, wrong);
    EXPECT_EQ(Gunzip(packed, 1 << 20).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Gunzip, StopsABombAtTheLimit) {
  const std::string bomb = Gzip(std::string(16 << 20, '\0'));
  ASSERT_LT(bomb.size(), 50'000u);
  EXPECT_EQ(Gunzip(bomb, 1 << 20).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Gunzip(bomb, (16 << 20) - 1).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Gunzip(bomb, 16 << 20).ok());
}

TEST(Gunzip, RefusesDamage) {
  const std::string packed = Gzip("text of some length");
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_FALSE(Gunzip(packed.substr(0, size), 1 << 20).ok()) << size;
  }
  std::string damaged = packed;
  damaged[12] ^= 0x55;
  EXPECT_EQ(Gunzip(damaged, 1 << 20).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Gunzip(packed + "rest", 1 << 20).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Gunzip(std::string(100, 'x'), 1 << 20).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace goleakstress::collectors
