// Runs the fuzzer's body over the stored dumps and damaged ones made of them.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "collectors/gunzip.h"
#include "collectors/test_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace goleakstress::collectors {
namespace {

void Replay(const std::string& bytes) {
  EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
}

TEST(HeapDumpReplay, StoredDumps) {
  std::mt19937_64 random(11);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("corpora/heap_dumps")) {
    if (entry.path().extension() != ".gz") continue;
    ++files;
    const std::string raw = Gunzip(ReadTestFile(entry.path()), 1 << 24).value();
    Replay(raw);
    for (int round = 0; round < 60; ++round) {
      std::string damaged = raw;
      damaged.erase(random() % damaged.size(), random() % 4);
      for (uint64_t i = random() % 4; i > 0; --i)
        damaged[random() % damaged.size()] = static_cast<char>(random());
      damaged.insert(random() % (damaged.size() + 1), 1 + random() % 4, static_cast<char>(random()));
      Replay(damaged);
    }
  }
  EXPECT_GE(files, 4);
}

// What ci/fuzz came upon.
TEST(HeapDumpReplay, StoredInputsOfTheFuzzer) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("corpora/heap_dumps/fuzz")) {
    ++files;
    Replay(ReadTestFile(entry.path()));
  }
  EXPECT_GE(files, 50);
}

}  // namespace
}  // namespace goleakstress::collectors
