// The first half of decoding a profile: reading the message as it stands, before anything in it is looked up.
#ifndef COLLECTORS_PROFILE_MESSAGE_H_
#define COLLECTORS_PROFILE_MESSAGE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "collectors/pprof_profile.h"

namespace goleakstress::collectors {

// Ids of any size as 32 bits: those that encoders really use stay what they are, larger ones are numbered as
// they come.
class IdCompactor {
 public:
  uint32_t operator()(uint64_t id) {
    if (id < kFirstLarge) return static_cast<uint32_t>(id);
    return kFirstLarge + large_.emplace(id, static_cast<uint32_t>(large_.size())).first->second;
  }

 private:
  static constexpr uint32_t kFirstLarge = uint32_t{1} << 31;
  absl::flat_hash_map<uint64_t, uint32_t> large_;
};

// Parts of a message may come in any order, and runtime/pprof writes the strings last: so ids and indices
// stay as they are, indices of strings that cannot exist as kNoString.
struct ProfileMessage {
  static constexpr uint32_t kNoString = ~uint32_t{0};

  struct Type {
    uint32_t type = 0;
    uint32_t unit = 0;
  };
  struct Function {
    uint32_t id = 0;
    uint32_t name = 0;
    uint32_t file = 0;
  };
  struct Line {
    uint32_t function = 0;  // 0: unknown
    int64_t line = 0;
  };

  std::vector<Type> sample_types;
  Type period_type;
  uint32_t default_sample_type = 0;
  std::vector<Function> functions;
  std::vector<Line> lines;             // in the order of Profile::frames
  std::vector<uint32_t> location_ids;  // in the order of Profile::locations
};

// Reads profile->buffer. What needs no looking up goes straight into `profile`; its sample_locations hold the
// ids of locations and its string indices are unchecked until they are resolved. InvalidArgument for a
// damaged message, ResourceExhausted where the tables of both would take more than `max_table_bytes`.
absl::StatusOr<ProfileMessage> ReadProfileMessage(uint64_t max_table_bytes, Profile* profile);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PROFILE_MESSAGE_H_
