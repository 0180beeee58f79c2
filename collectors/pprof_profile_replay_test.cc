// Runs the fuzzer's body over the stored profiles, damaged ones made of them, and inputs that once failed.
#include <cstdint>
#include <filesystem>
#include <random>

#include "collectors/gunzip.h"
#include "collectors/test_files.h"
#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace goleakstress::collectors {
namespace {

void Replay(const std::string& bytes) {
  EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
}

TEST(PprofProfileReplay, StoredProfiles) {
  std::mt19937_64 random(11);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("corpora/profiles")) {
    if (!entry.is_regular_file() || entry.path().extension() == ".txt") continue;
    ++files;
    const std::string bytes = ReadTestFile(entry.path());
    Replay(bytes);
    std::string raw = IsGzip(bytes) ? Gunzip(bytes, 1 << 24).value() : bytes;
    Replay(raw);
    if (raw.empty()) continue;
    for (int round = 0; round < 200; ++round) {
      std::string damaged = raw;
      damaged.erase(random() % damaged.size(), random() % 4);
      damaged.insert(random() % (damaged.size() + 1), 1 + random() % 4, static_cast<char>(random()));
      Replay(damaged);
    }
  }
  EXPECT_GE(files, 7);
}

}  // namespace
}  // namespace goleakstress::collectors
