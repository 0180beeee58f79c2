// Writes heap dumps as Go's runtime does: for tests and benchmarks.
#ifndef COLLECTORS_HEAP_DUMP_DUMP_BUILDER_H_
#define COLLECTORS_HEAP_DUMP_DUMP_BUILDER_H_

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace goleakstress::collectors {

// Words by their offset; those left out are 0.
using Words = std::vector<std::pair<uint64_t, uint64_t>>;

class DumpBuilder {
 public:
  DumpBuilder() { bytes_ = "go1.7 heap dump\n"; }

  void Number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void Numbers(std::initializer_list<uint64_t> values) {
    for (const uint64_t value : values) Number(value);
  }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_ += text;
  }
  // Contents of `size` bytes; fields follow with Fields.
  void Contents(uint64_t size, const Words& words) {
    Number(size);
    const size_t begin = bytes_.size();
    bytes_.resize(begin + size);
    for (const auto& [offset, value] : words) std::memcpy(&bytes_[begin + offset], &value, sizeof value);
  }
  void Fields(const Words& words) {
    for (const auto& [offset, value] : words) Numbers({1, offset});
    Number(0);
  }

  void Params() {
    Numbers({6, 0, 8, 0, 0});
    Text("amd64");
    Text("go1.26");
    Number(2);
  }
  void Object(uint64_t address, uint64_t size, const Words& words = {}) {
    Numbers({1, address});
    Contents(size, words);
    Fields(words);
  }
  void Goroutine(uint64_t id, uint64_t created_at, std::string_view reason) {
    Numbers({4, 0, 0, id, created_at, 4, 0, 0, 0});
    Text(reason);
    Numbers({0, 0, 0, 0});
  }
  // `unlisted`: words that no field tells of.
  void Frame(std::string_view function, uint64_t size, const Words& words, const Words& unlisted = {}) {
    Numbers({5, 0, 0, 0});
    Words all = words;
    all.insert(all.end(), unlisted.begin(), unlisted.end());
    Contents(size, all);
    Numbers({0, 0, 0});
    Text(function);
    Fields(words);
  }
  void Finalizer(uint64_t object, uint64_t code, bool queued = false) {
    Numbers({queued ? 11ULL : 7ULL, object, 0, code, 0, 0});
  }
  void Data(uint64_t address, uint64_t size, const Words& words) {
    Numbers({12, address});
    Contents(size, words);
    Fields(words);
  }
  void Stack(uint64_t id, const std::vector<std::pair<std::string, uint64_t>>& places) {
    Numbers({16, id, 0, places.size()});
    for (const auto& [place, line] : places) {
      Text("f");
      Text(place);
      Number(line);
    }
    Numbers({1, 0});
  }
  void Sample(uint64_t object, uint64_t stack) { Numbers({17, object, stack}); }

  // What was written since the last call.
  std::string TakePart() { return std::exchange(bytes_, {}); }
  std::string Take() {
    Number(0);
    return TakePart();
  }

 private:
  std::string bytes_;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_DUMP_BUILDER_H_
