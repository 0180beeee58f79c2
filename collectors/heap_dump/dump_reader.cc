#include "collectors/heap_dump/dump_reader.h"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "collectors/heap_dump/window.h"
#include "collectors/wire_reader.h"

namespace goleakstress::collectors {
namespace {

constexpr std::string_view kHeader = "go1.7 heap dump\n";
constexpr size_t kWindow = 1 << 20;
constexpr size_t kWordWindow = 256 << 10;  // for contents that the window has left behind
constexpr size_t kLongestVarint = 10;
constexpr uint64_t kWord = 8;
constexpr int kMemStatsBeforeHeapAlloc = 6;
constexpr int kMemStatsAfterHeapAlloc = 17 + 256 + 1;

// Names of runtime/heapdump.go.
enum Tag : uint64_t {
  kEof = 0,
  kObject = 1,
  kOtherRoot = 2,
  kType = 3,
  kGoroutine = 4,
  kStackFrame = 5,
  kParams = 6,
  kFinalizer = 7,
  kItab = 8,
  kOsThread = 9,
  kMemStats = 10,
  kQueuedFinalizer = 11,
  kData = 12,
  kBss = 13,
  kDefer = 14,
  kPanic = 15,
  kMemProf = 16,
  kAllocSample = 17,
};

enum FieldKind : uint64_t { kEndOfFields = 0, kPointer = 1, kInterface = 2, kEmptyInterface = 3 };

uint64_t LoadWord(const char* at) {
  uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

class Reader {
 public:
  Reader(ByteSource& source, DumpVisitor& visitor, bool wants_words, const DumpLimits& limits)
      : size_(source.size()),
        window_(source, kWindow),
        words_(source, kWordWindow),
        visitor_(visitor),
        wants_words_(wants_words),
        limits_(limits) {}

  absl::Status Read() {
    if (size_ > limits_.max_bytes) return Exhausted("bytes");
    if (window_.At(0, kHeader.size()) != kHeader) {
      return window_.status().ok() ? absl::InvalidArgumentError("not a heap dump of Go") : window_.status();
    }
    at_ = kHeader.size();
    while (status_.ok()) {
      const uint64_t tag = Number();
      if (!status_.ok() || tag == kEof) break;
      Record(tag);
    }
    return status_;
  }

 private:
  struct Range {
    uint64_t offset = 0;
    uint64_t size = 0;
  };

  absl::Status Exhausted(std::string_view what) const {
    return absl::ResourceExhaustedError(fmt::format("the heap dump has too many {}", what));
  }

  void Fail(std::string_view what) {
    if (status_.ok()) {
      status_ = window_.status().ok()
                    ? absl::InvalidArgumentError(fmt::format("heap dump: {} at byte {}", what, at_))
                    : window_.status();
    }
  }

  uint64_t Number() {
    const std::string_view bytes = window_.At(at_, kLongestVarint);
    uint64_t value = 0;
    const char* const end = ReadVarint(bytes.data(), bytes.data() + bytes.size(), &value);
    if (bytes.empty() || end == nullptr) {
      Fail("no number");
      return 0;
    }
    at_ += static_cast<uint64_t>(end - bytes.data());
    return value;
  }

  void Skip(int numbers) {
    for (int i = 0; i < numbers && status_.ok(); ++i) Number();
  }

  Range Contents() {
    const uint64_t size = Number();
    if (status_.ok() && size > size_ - at_) Fail("contents are cut off");
    if (!status_.ok()) return {};
    const Range range{at_, size};
    at_ += size;
    return range;
  }

  // Valid until the next read.
  std::string_view Text() {
    const Range range = Contents();
    if (range.size > limits_.max_text) Fail("a name is too long");
    if (!status_.ok()) return {};
    const std::string_view text = window_.At(range.offset, static_cast<size_t>(range.size));
    if (text.size() != range.size) Fail("a name is cut off");
    return status_.ok() ? text : std::string_view();
  }

  uint64_t WordOf(const Range& contents, uint64_t offset) {
    const uint64_t at = contents.offset + offset;
    Window& window = window_.Holds(at, kWord) ? window_ : words_;
    const std::string_view bytes = window.At(at, kWord);
    if (bytes.size() == kWord) return LoadWord(bytes.data());
    if (status_.ok()) status_ = words_.status().ok() ? absl::DataLossError("heap dump cut") : words_.status();
    return 0;
  }

  // Calls f(offset) for each field of a pointer.
  template <typename F>
  void Fields(const Range& contents, uint64_t* count, uint64_t most, std::string_view what, F f) {
    while (status_.ok()) {
      const uint64_t kind = Number();
      if (!status_.ok() || kind == kEndOfFields) return;
      if (kind > kEmptyInterface) return Fail("unknown kind of field");
      uint64_t offset = Number();
      // An interface is a word that tells the type and one that points to the value.
      if (kind != kPointer) offset = offset > size_ ? size_ : offset + kWord;
      if (++*count > most) {
        status_ = Exhausted(what);
        return;
      }
      // Maps of stack frames may say more than the frame holds.
      if (contents.size >= kWord && offset <= contents.size - kWord) f(offset);
    }
  }

  void Object() {
    const uint64_t address = Number();
    const Range contents = Contents();
    if (status_.ok() && address + contents.size < address) Fail("object beyond the address space");
    if (++objects_ > limits_.max_objects) status_ = Exhausted("objects");
    if (!status_.ok()) return;
    if (wants_words_) {
      visitor_.Object(address, contents.size, 0);
      Fields(contents, &pointers_, limits_.max_pointers, "pointers", [&](uint64_t offset) {
        if (const uint64_t value = WordOf(contents, offset)) visitor_.ObjectWord(offset, value);
      });
      return;
    }
    const uint64_t before = pointers_;
    Fields(contents, &pointers_, limits_.max_pointers, "pointers", [](uint64_t) {});
    if (status_.ok()) visitor_.Object(address, contents.size, pointers_ - before);
  }

  void Goroutine() {
    DumpGoroutine goroutine;
    Skip(2);
    goroutine.id = Number();
    goroutine.created_at = Number();
    Skip(1);
    goroutine.system = Number() != 0;
    Skip(2);
    const std::string reason(Text());
    goroutine.wait_reason = reason;
    Skip(4);
    if (status_.ok()) visitor_.Goroutine(goroutine);
  }

  void StackFrame() {
    Skip(3);
    const Range contents = Contents();
    Skip(1);
    const uint64_t pc = Number();
    Skip(1);
    const std::string_view function = Text();
    if (!status_.ok()) return;
    visitor_.Frame(function, pc);
    Fields(contents, &roots_, limits_.max_roots, "roots", [&](uint64_t offset) {
      if (const uint64_t value = WordOf(contents, offset)) visitor_.FrameWord(value);
    });
    if (!wants_words_) return;
    for (uint64_t offset = 0; offset + kWord <= contents.size && status_.ok(); offset += kWord)
      if (const uint64_t value = WordOf(contents, offset)) visitor_.FrameMemory(value);
  }

  void Params() {
    if (Number() != 0) Fail("big-endian program");
    if (Number() != kWord) Fail("program without pointers of 8 bytes");
    Skip(2);
    Text();
    Text();
    Skip(1);
  }

  void Finalizer(bool queued) {
    DumpFinalizer finalizer;
    finalizer.object = Number();
    finalizer.closure = Number();
    finalizer.code = Number();
    finalizer.queued = queued;
    Skip(2);
    if (status_.ok()) visitor_.Finalizer(finalizer);
  }

  void Segment() {
    const uint64_t address = Number();
    const Range contents = Contents();
    if (status_.ok() && address + contents.size < address) Fail("segment beyond the address space");
    if (!status_.ok()) return;
    visitor_.Segment(address, contents.size);
    Fields(contents, &roots_, limits_.max_roots, "roots", [&](uint64_t offset) {
      if (const uint64_t value = WordOf(contents, offset)) visitor_.SegmentWord(address + offset, value);
    });
  }

  void MemStats() {
    Skip(kMemStatsBeforeHeapAlloc);
    const uint64_t bytes = Number();
    Skip(kMemStatsAfterHeapAlloc);
    if (status_.ok()) visitor_.HeapAlloc(bytes);
  }

  void MemProf() {
    const uint64_t id = Number();
    Skip(1);
    const uint64_t frames = Number();
    if (frames > limits_.max_stack) Fail("allocation stack is too deep");
    if (!status_.ok()) return;
    visitor_.AllocationStack(id);
    for (uint64_t i = 0; i < frames && status_.ok(); ++i) {
      const std::string function(Text());
      const std::string file(Text());
      const uint64_t line = Number();
      if (status_.ok()) visitor_.AllocationFrame(function, file, line);
    }
    Skip(2);
  }

  void Root(std::string_view description, uint64_t value) {
    if (status_.ok() && value != 0) visitor_.OtherRoot(description, value);
  }

  void Record(uint64_t tag) {
    if (tag != kObject && ++roots_ > limits_.max_roots) {
      status_ = Exhausted("roots");
      return;
    }
    switch (tag) {
      case kObject:
        return Object();
      case kOtherRoot: {
        const std::string description(Text());
        return Root(description, Number());
      }
      case kType:
        Skip(2);
        Text();
        return Skip(1);
      case kGoroutine:
        return Goroutine();
      case kStackFrame:
        return StackFrame();
      case kParams:
        return Params();
      case kFinalizer:
      case kQueuedFinalizer:
        return Finalizer(tag == kQueuedFinalizer);
      case kItab:
        return Skip(2);
      case kOsThread:
        return Skip(3);
      case kMemStats:
        return MemStats();
      case kData:
      case kBss:
        return Segment();
      case kDefer: {
        Skip(4);
        const uint64_t closure = Number();
        Skip(2);
        return Root("deferred call", closure);
      }
      case kPanic: {
        Skip(3);
        const uint64_t value = Number();
        Skip(2);
        return Root("panic", value);
      }
      case kMemProf:
        return MemProf();
      case kAllocSample: {
        const uint64_t object = Number();
        const uint64_t stack = Number();
        if (status_.ok()) visitor_.Sample(object, stack);
        return;
      }
      default:
        return Fail("unknown record");
    }
  }

  const uint64_t size_;
  Window window_, words_;
  DumpVisitor& visitor_;
  const bool wants_words_;
  const DumpLimits& limits_;
  uint64_t at_ = 0;
  uint64_t objects_ = 0, pointers_ = 0, roots_ = 0;
  absl::Status status_;
};

}  // namespace

absl::Status ReadDump(ByteSource& source, DumpVisitor& visitor, bool wants_words, const DumpLimits& limits) {
  return Reader(source, visitor, wants_words, limits).Read();
}

}  // namespace goleakstress::collectors
