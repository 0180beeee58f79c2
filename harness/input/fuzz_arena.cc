#include "harness/input/fuzz_arena.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/status.h"

namespace goleakstress::input {
namespace {

constexpr uint8_t kStrings = 16, kConstant = 128;

uint64_t NumberOf(const uint8_t* bytes) {
  uint64_t number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

std::string_view TextOf(const uint8_t* bytes, uint8_t size) {
  return {reinterpret_cast<const char*>(bytes), std::min<size_t>(size, sizeof ComparisonRecord{}.a)};
}

}  // namespace

absl::StatusOr<FuzzArena> FuzzArena::Create() {
  const int fd = memfd_create("goleakstress-fuzz", MFD_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, "making the fuzz arena");
  if (ftruncate(fd, kArenaBytes) != 0) {
    const absl::Status status = absl::ErrnoToStatus(errno, "sizing the fuzz arena");
    close(fd);
    return status;
  }
  absl::StatusOr<FuzzArena> arena = Map(fd);
  if (arena.ok()) arena->Set(&ArenaHeader::magic, kArenaMagic);
  return arena;
}

absl::StatusOr<FuzzArena> FuzzArena::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("opening the fuzz arena {}", path));
  struct stat info;
  if (fstat(fd, &info) != 0 || info.st_size != static_cast<off_t>(kArenaBytes)) {
    close(fd);
    return absl::FailedPreconditionError(fmt::format("{} is no fuzz arena of this version", path));
  }
  absl::StatusOr<FuzzArena> arena = Map(fd);
  if (arena.ok() && arena->Get(&ArenaHeader::magic) != kArenaMagic) {
    return absl::FailedPreconditionError(fmt::format("{} is no fuzz arena", path));
  }
  return arena;
}

absl::StatusOr<FuzzArena> FuzzArena::Map(int fd) {
  void* memory = mmap(nullptr, kArenaBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    const absl::Status status = absl::ErrnoToStatus(errno, "mapping the fuzz arena");
    close(fd);
    return status;
  }
  return FuzzArena(fd, static_cast<uint8_t*>(memory));
}

FuzzArena::FuzzArena(FuzzArena&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), memory_(std::exchange(other.memory_, nullptr)) {}

FuzzArena::~FuzzArena() {
  if (memory_ == nullptr) return;
  munmap(memory_, kArenaBytes);
  close(fd_);
}

std::string FuzzArena::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), fd_); }

uint64_t FuzzArena::Get(uint64_t ArenaHeader::* field) const {
  auto* header = reinterpret_cast<ArenaHeader*>(memory_);
  return std::atomic_ref<uint64_t>(header->*field).load(std::memory_order_acquire);
}

void FuzzArena::Set(uint64_t ArenaHeader::* field, uint64_t value) {
  auto* header = reinterpret_cast<ArenaHeader*>(memory_);
  std::atomic_ref<uint64_t>(header->*field).store(value, std::memory_order_release);
}

int64_t FuzzArena::SoakedObjects() const {
  return reinterpret_cast<const ArenaHeader*>(memory_)->soaked_objects;
}
int64_t FuzzArena::SoakedBytes() const { return reinterpret_cast<const ArenaHeader*>(memory_)->soaked_bytes; }

CallRecord FuzzArena::Record(size_t index) const {
  CallRecord record;
  std::memcpy(&record, memory_ + kRecordsAt + index * sizeof record, sizeof record);
  return record;
}

void FuzzArena::SetState(size_t index, CallState state) {
  auto* record = reinterpret_cast<CallRecord*>(memory_ + kRecordsAt + index * sizeof(CallRecord));
  std::atomic_ref<uint32_t>(record->state).store(static_cast<uint32_t>(state), std::memory_order_release);
}

size_t FuzzArena::counter_count() const {
  return static_cast<size_t>(std::min<uint64_t>(Get(&ArenaHeader::counters), kMaxCounters));
}

size_t FuzzArena::WriteBatch(const std::vector<Input>& inputs) {
  size_t count = 0, at = 0;
  std::string encoded;
  for (; count < std::min(inputs.size(), kMaxBatch); ++count) {
    ToProto(inputs[count]).SerializeToString(&encoded);
    const uint32_t size = static_cast<uint32_t>(encoded.size());
    if (at + sizeof size + size > kInputsBytes) break;
    std::memcpy(memory_ + kInputsAt + at, &size, sizeof size);
    std::memcpy(memory_ + kInputsAt + at + sizeof size, encoded.data(), size);
    at += sizeof size + size;
    std::memset(memory_ + kRecordsAt + count * sizeof(CallRecord), 0, sizeof(CallRecord));
  }
  Set(&ArenaHeader::batch_bytes, at);
  Set(&ArenaHeader::batch, count);
  return count;
}

absl::StatusOr<std::vector<Input>> FuzzArena::ReadBatch() const {
  const uint64_t count = Get(&ArenaHeader::batch), bytes = Get(&ArenaHeader::batch_bytes);
  if (count == 0 || count > kMaxBatch || bytes > kInputsBytes) {
    return absl::DataLossError(
        fmt::format("a batch of {} inputs in {} bytes in the fuzz arena", count, bytes));
  }
  const std::string copy(reinterpret_cast<const char*>(memory_ + kInputsAt), bytes);
  std::vector<Input> inputs;
  for (std::string_view rest = copy; inputs.size() < count;) {
    uint32_t size;
    if (rest.size() < sizeof size) return absl::DataLossError("a cut batch in the fuzz arena");
    std::memcpy(&size, rest.data(), sizeof size);
    rest.remove_prefix(sizeof size);
    agent::Input message;
    if (size > rest.size() || !message.ParseFromArray(rest.data(), static_cast<int>(size))) {
      return absl::DataLossError("a malformed input in the fuzz arena");
    }
    rest.remove_prefix(size);
    absl::StatusOr<Input> input = FromProto(message);
    if (!input.ok()) return input.status();
    inputs.push_back(*std::move(input));
  }
  return inputs;
}

void FuzzArena::ReadComparisons(std::vector<ComparedText>* texts,
                                std::vector<ComparedNumber>* numbers) const {
  texts->clear();
  numbers->clear();
  std::set<std::pair<std::string, std::string>> seen_texts;
  std::set<std::tuple<uint64_t, uint64_t, int>> seen_numbers;
  const auto text = [&](std::string_view have, std::string_view want) {
    if (seen_texts.emplace(have, want).second) texts->push_back({std::string(have), std::string(want)});
  };
  const auto number = [&](uint64_t have, uint64_t want, int bytes) {
    if (seen_numbers.emplace(have, want, bytes).second) numbers->push_back({have, want, bytes});
  };
  const size_t count =
      static_cast<size_t>(std::min<uint64_t>(Get(&ArenaHeader::comparisons), kMaxComparisons));
  for (size_t i = 0; i < count; ++i) {
    ComparisonRecord record;
    std::memcpy(&record, memory_ + kComparisonsAt + i * sizeof record, sizeof record);
    const bool constant = (record.kind & kConstant) != 0;
    const uint8_t kind = record.kind & static_cast<uint8_t>(~kConstant);
    if (kind == kStrings) {
      const std::string_view a = TextOf(record.a, record.a_size), b = TextOf(record.b, record.b_size);
      text(a, b);
      text(b, a);
    } else if (kind == 1 || kind == 2 || kind == 4 || kind == 8) {
      const uint64_t a = NumberOf(record.a), b = NumberOf(record.b);
      number(a, b, kind);
      if (!constant) number(b, a, kind);
    }
  }
}

}  // namespace goleakstress::input
