#include "harness/campaign/row_source.h"

namespace goleakstress::campaign {

absl::StatusOr<std::vector<input::Input>> RowSource::Take(size_t count) {
  std::vector<input::Input> inputs;
  size_t changed = row_.size();  // the call of this row that has a new key
  for (size_t at = 0; inputs.size() < count; at = (at + 1) % row_.size()) {
    if (at == 0) changed = random_.OneIn(2) ? random_.Below(row_.size()) : row_.size();
    inputs.push_back(row_[at]);
    if (at == changed) PutNewKey(members_, &keys_, &random_, &inputs.back());
  }
  return inputs;
}

}  // namespace goleakstress::campaign
