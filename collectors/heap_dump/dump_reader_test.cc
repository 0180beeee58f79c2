#include "collectors/heap_dump/dump_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "collectors/heap_dump/dump_builder.h"

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Writes down what it is told.
class Notes : public DumpVisitor {
 public:
  void Object(uint64_t address, uint64_t size, uint64_t pointers) override {
    Add("object", {address, size, pointers});
  }
  void ObjectWord(uint64_t offset, uint64_t value) override { Add("word", {offset, value}); }
  void Goroutine(const DumpGoroutine& g) override {
    Add("goroutine " + std::string(g.wait_reason), {g.id, g.created_at});
  }
  void Frame(std::string_view function, uint64_t) override { Add("frame " + std::string(function), {}); }
  void FrameWord(uint64_t value) override { Add("held", {value}); }
  void FrameMemory(uint64_t value) override { Add("in frame", {value}); }
  void Segment(uint64_t address, uint64_t size) override { Add("segment", {address, size}); }
  void SegmentWord(uint64_t address, uint64_t value) override { Add("global", {address, value}); }
  void Finalizer(const DumpFinalizer& f) override {
    Add(f.queued ? "queued" : "finalizer", {f.object, f.code});
  }
  void AllocationStack(uint64_t id) override { Add("stack", {id}); }
  void AllocationFrame(std::string_view, std::string_view file, uint64_t line) override {
    Add("at " + std::string(file), {line});
  }
  void Sample(uint64_t object, uint64_t stack) override { Add("sample", {object, stack}); }

  std::vector<std::string> notes;

 private:
  void Add(std::string text, const std::vector<uint64_t>& numbers) {
    for (const uint64_t number : numbers) text += ' ' + std::to_string(number);
    notes.push_back(std::move(text));
  }
};

absl::Status Read(const std::string& bytes, Notes* notes, bool wants_words = true,
                  const DumpLimits& limits = {}) {
  return ReadDump(*ByteSourceOf(bytes), *notes, wants_words, limits);
}

std::string Sample() {
  DumpBuilder dump;
  dump.Params();
  dump.Object(4096, 32, {{8, 8192}, {24, 0}});
  dump.Object(8192, 16);
  dump.Goroutine(7, 500, "chan receive");
  dump.Frame("main.leaf", 24, {{16, 4096}});
  dump.Data(100, 16, {{8, 8192}});
  dump.Finalizer(8192, 600);
  dump.Stack(1, {{"a.go", 3}});
  dump.Sample(4096, 1);
  return dump.Take();
}

TEST(DumpReader, TellsEverythingInOrder) {
  Notes notes;
  ASSERT_TRUE(Read(Sample(), &notes).ok());
  EXPECT_THAT(notes.notes, ElementsAre("object 4096 32 0", "word 8 8192", "object 8192 16 0",
                                       "goroutine chan receive 7 500", "frame main.leaf", "held 4096",
                                       "in frame 4096", "segment 100 16", "global 108 8192",
                                       "finalizer 8192 600", "stack 1", "at a.go 3", "sample 4096 1"));
}

TEST(DumpReader, WithoutWordsPointersAreCounted) {
  Notes notes;
  ASSERT_TRUE(Read(Sample(), &notes, false).ok());
  EXPECT_EQ(notes.notes[0], "object 4096 32 2");
}

TEST(DumpReader, ContentsLargerThanAllBuffers) {
  DumpBuilder dump;
  const uint64_t size = 5 << 20;
  dump.Object(1 << 30, size, {{0, 1}, {2 << 20, 2}, {size - 8, 3}});
  dump.Object(16, 16, {{8, 4}});
  Notes notes;
  ASSERT_TRUE(Read(dump.Take(), &notes).ok());
  EXPECT_THAT(notes.notes, ElementsAre("object 1073741824 5242880 0", "word 0 1", "word 2097152 2",
                                       "word 5242872 3", "object 16 16 0", "word 8 4"));
}

TEST(DumpReader, EveryCutIsAnError) {
  const std::string whole = Sample();
  for (size_t size = 0; size < whole.size(); ++size) {
    Notes notes;
    EXPECT_FALSE(Read(whole.substr(0, size), &notes).ok()) << size;
  }
}

TEST(DumpReader, HostileNumbers) {
  const uint64_t huge = ~uint64_t{0};
  const auto status = [](auto write) {
    DumpBuilder dump;
    write(dump);
    Notes notes;
    return Read(dump.Take(), &notes);
  };
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Numbers({1, 4096, huge}); }).message(), HasSubstr("cut off"));
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Object(huge - 8, 64); }).message(), HasSubstr("address space"));
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Data(huge - 8, 64, {}); }).message(),
              HasSubstr("address space"));
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Numbers({16, 1, 0, huge}); }).message(), HasSubstr("too deep"));
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Number(99); }).message(), HasSubstr("unknown record"));
  EXPECT_THAT(status([&](DumpBuilder& d) { d.Text(std::string(3, '\xff')); }).message(),
              HasSubstr("heap dump"));
  EXPECT_THAT(status([&](DumpBuilder& d) {
                d.Number(2);
                d.Text(std::string(100 << 10, 'x'));
              }).message(),
              HasSubstr("too long"));
  // Fields beyond the contents, also by overflow, are left out.
  for (const uint64_t kind : {1ULL, 2ULL, 3ULL}) {
    DumpBuilder dump;
    dump.Numbers({1, 4096});
    dump.Contents(8, {{0, 5}});
    dump.Numbers({kind, huge, kind, huge - 7, kind, 8, 0});
    Notes notes;
    EXPECT_TRUE(Read(dump.Take(), &notes).ok());
    EXPECT_THAT(notes.notes, ElementsAre("object 4096 8 0"));
  }
}

TEST(DumpReader, Limits) {
  Notes notes;
  EXPECT_EQ(Read(Sample(), &notes, true, {.max_bytes = 10}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Read(Sample(), &notes, true, {.max_objects = 1}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Read(Sample(), &notes, true, {.max_pointers = 1}).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Read(Sample(), &notes, true, {.max_roots = 3}).code(), absl::StatusCode::kResourceExhausted);
}

TEST(DumpReader, NoDump) {
  Notes notes;
  EXPECT_THAT(Read("", &notes).message(), HasSubstr("not a heap dump"));
  EXPECT_THAT(Read("go1.3 heap dump\n", &notes).message(), HasSubstr("not a heap dump"));
  EXPECT_TRUE(absl::IsNotFound(OpenByteSource("/no/such/dump").status()));
  EXPECT_FALSE(OpenByteSource("/tmp").ok());
}

}  // namespace
}  // namespace goleakstress::collectors
