#include "collectors/heap_dump/object_graph.h"

#include <algorithm>
#include <utility>

namespace goleakstress::collectors {
namespace {

constexpr size_t kBucketObjects = 8;    // in a bucket of addresses, in the mean
constexpr size_t kSmallestRecord = 17;  // of an object of 8 bytes
constexpr size_t kBatch = 256;          // words that are looked up together

}  // namespace

class ObjectGraph::Objects : public DumpVisitor {
 public:
  explicit Objects(std::vector<Node>* nodes) : nodes_(nodes) {}
  void Object(uint64_t address, uint64_t size, uint64_t pointers) override {
    const uint64_t granules = std::min<uint64_t>((size + kGranule - 1) / kGranule, 0xffffffff);
    nodes_->push_back({address, static_cast<uint32_t>(granules), static_cast<uint32_t>(pointers)});
  }

 private:
  std::vector<Node>* const nodes_;
};

// Fills the pointers in and passes on the rest. Words are looked up in batches: memory is slow to answer, but
// answers many questions at once.
class ObjectGraph::Pointers : public DumpVisitor {
 public:
  Pointers(ObjectGraph* graph, DumpVisitor& other) : graph_(graph), other_(other) { words_.reserve(kBatch); }

  void Object(uint64_t address, uint64_t, uint64_t) override {
    // Dumps hold the objects of a span in order.
    uint32_t object = last_ == kNone ? kNone : last_ + 1;
    if (object >= graph_->size() || graph_->address(object) != address) object = graph_->Find(address);
    last_ = object;
    if (object == kNone || graph_->address(object) != address) {
      next_ = end_ = 0;  // the file has changed
      return;
    }
    const std::span<const uint32_t> pointers = graph_->pointers(object);
    next_ = static_cast<size_t>(pointers.data() - graph_->targets_.data());
    end_ = next_ + pointers.size();
  }
  void ObjectWord(uint64_t, uint64_t value) override {
    if (next_ == end_) return;
    words_.push_back({value, next_++});
    if (words_.size() == kBatch) LookUp();
  }
  // To be called once more at the end.
  void LookUp() {
    for (const Word& word : words_) graph_->PrefetchBucket(word.value);
    for (const Word& word : words_) graph_->PrefetchNodes(word.value);
    for (const Word& word : words_) graph_->targets_[word.slot] = graph_->Find(word.value);
    words_.clear();
  }
  void Goroutine(const DumpGoroutine& goroutine) override { other_.Goroutine(goroutine); }
  void Frame(std::string_view function, uint64_t pc) override { other_.Frame(function, pc); }
  void FrameWord(uint64_t value) override { other_.FrameWord(value); }
  void FrameMemory(uint64_t value) override { other_.FrameMemory(value); }
  void Segment(uint64_t address, uint64_t size) override { other_.Segment(address, size); }
  void SegmentWord(uint64_t address, uint64_t value) override { other_.SegmentWord(address, value); }
  void Finalizer(const DumpFinalizer& finalizer) override {
    LookUp();  // it asks for pointers
    other_.Finalizer(finalizer);
  }
  void OtherRoot(std::string_view text, uint64_t value) override { other_.OtherRoot(text, value); }
  void HeapAlloc(uint64_t bytes) override { other_.HeapAlloc(bytes); }
  void AllocationStack(uint64_t id) override { other_.AllocationStack(id); }
  void AllocationFrame(std::string_view function, std::string_view file, uint64_t line) override {
    other_.AllocationFrame(function, file, line);
  }
  void Sample(uint64_t object, uint64_t stack) override { other_.Sample(object, stack); }

 private:
  struct Word {
    uint64_t value;
    size_t slot;  // in targets_
  };
  ObjectGraph* const graph_;
  DumpVisitor& other_;
  std::vector<Word> words_;
  uint32_t last_ = kNone;
  size_t next_ = 0, end_ = 0;
};

absl::StatusOr<ObjectGraph> ObjectGraph::ReadObjects(ByteSource& source, const DumpLimits& limits) {
  ObjectGraph graph;
  // Address space, not memory: growing step by step would hold everything twice.
  graph.nodes_.reserve(std::min(source.size() / kSmallestRecord, limits.max_objects));
  Objects objects(&graph.nodes_);
  if (absl::Status status = ReadDump(source, objects, false, limits); !status.ok()) return status;
  std::vector<Node>& nodes = graph.nodes_;
  std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.address < b.address; });
  nodes.erase(std::unique(nodes.begin(), nodes.end(),
                          [](const Node& a, const Node& b) { return a.address == b.address; }),
              nodes.end());
  uint64_t total = 0;
  for (Node& node : nodes) {
    const uint32_t pointers = std::exchange(node.begin, static_cast<uint32_t>(total));
    total += pointers;
  }
  if (total > limits.max_pointers || total >= kNone || nodes.size() >= kNone / 2)
    return absl::ResourceExhaustedError("the heap dump has too many objects");
  graph.targets_.assign(total, kNone);
  graph.MakeBuckets();
  return graph;
}

absl::Status ObjectGraph::ReadPointers(ByteSource& source, DumpVisitor& other, const DumpLimits& limits) {
  Pointers pointers(this, other);
  const absl::Status status = ReadDump(source, pointers, true, limits);
  pointers.LookUp();
  return status;
}

ObjectGraph ObjectGraph::Of(const std::vector<Object>& objects) {
  ObjectGraph graph;
  for (const Object& object : objects) {
    graph.nodes_.push_back({object.address, static_cast<uint32_t>(object.size / kGranule),
                            static_cast<uint32_t>(graph.targets_.size())});
    graph.targets_.insert(graph.targets_.end(), object.pointers.begin(), object.pointers.end());
  }
  graph.MakeBuckets();
  return graph;
}

void ObjectGraph::MakeBuckets() {
  if (nodes_.empty()) return;
  const uint64_t span = nodes_.back().address - nodes_.front().address;
  while (span >> shift_ >= nodes_.size() / kBucketObjects + 1) ++shift_;
  buckets_.reserve(static_cast<size_t>(span >> shift_) + 2);
  for (uint32_t object = 0; object < nodes_.size(); ++object) {
    const uint64_t bucket = (nodes_[object].address - nodes_.front().address) >> shift_;
    while (buckets_.size() <= bucket) buckets_.push_back(object);
  }
  buckets_.push_back(static_cast<uint32_t>(nodes_.size()));
}

size_t ObjectGraph::BucketOf(uint64_t address) const {
  const uint64_t wanted = (address - nodes_.front().address) >> shift_;
  return static_cast<size_t>(std::min<uint64_t>(wanted, buckets_.size() - 2));
}

void ObjectGraph::PrefetchBucket(uint64_t address) const {
  if (!nodes_.empty()) __builtin_prefetch(&buckets_[BucketOf(address)]);
}

void ObjectGraph::PrefetchNodes(uint64_t address) const {
  constexpr size_t kInLine = 64 / sizeof(Node);
  if (nodes_.empty()) return;
  const size_t bucket = BucketOf(address);
  const size_t end = std::min<size_t>(buckets_[bucket + 1], buckets_[bucket] + 2 * kBucketObjects);
  for (size_t node = buckets_[bucket]; node < end; node += kInLine) __builtin_prefetch(&nodes_[node]);
}

uint32_t ObjectGraph::Find(uint64_t address) const {
  if (nodes_.empty() || address < nodes_.front().address) return kNone;
  const size_t bucket = BucketOf(address);
  const auto after =
      std::upper_bound(nodes_.begin() + buckets_[bucket], nodes_.begin() + buckets_[bucket + 1], address,
                       [](uint64_t value, const Node& node) { return value < node.address; });
  const auto object = static_cast<uint32_t>(after - nodes_.begin() - 1);
  return address - nodes_[object].address < bytes(object) ? object : kNone;
}

}  // namespace goleakstress::collectors
