// Fresh inputs where what leaks is a row of calls.
#ifndef HARNESS_CAMPAIGN_ROW_SOURCE_H_
#define HARNESS_CAMPAIGN_ROW_SOURCE_H_

#include <vector>

#include "harness/campaign/spellings.h"
#include "harness/input/input_source.h"
#include "harness/input/minimise.h"
#include "harness/input/new_keys.h"
#include "harness/input/random.h"

namespace goleakstress::campaign {

// Calls in any other order would leak at a rate of their own, and growth would follow the mixture rather than
// the calls. So the row is kept; in every other one a call has a new key.
class RowSource final : public input::InputSource {
 public:
  // Pre: the row is not empty. `members`: of a combined entry.
  RowSource(input::Sequence row, Members members, uint64_t seed)
      : row_(std::move(row)), members_(std::move(members)), random_(seed) {}

  absl::StatusOr<std::vector<input::Input>> Take(size_t count) override;  // begins with the row's first call
  absl::Status Report(const std::vector<input::CallResult>&) override { return absl::OkStatus(); }
  std::vector<input::Input> RepeatPool() override { return row_; }

 private:
  const input::Sequence row_;
  const Members members_;
  input::Random random_;
  input::NewKeys keys_;
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_ROW_SOURCE_H_
