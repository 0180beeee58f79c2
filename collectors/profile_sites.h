// Sums the samples of a profile by the place in the code where they come from.
#ifndef COLLECTORS_PROFILE_SITES_H_
#define COLLECTORS_PROFILE_SITES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "collectors/pprof_profile.h"

namespace goleakstress::collectors {

// Samples with equal stacks: the same functions, files and lines, whatever the addresses.
struct Site {
  Sample sample;  // the first of them: its stack is the site's, and so are its string labels where they are
                  // in the key
  int64_t value = 0;  // sum over them, held at the ends of the range instead of wrapping
};

struct StringLabel {
  std::string key;
  std::string value;

  friend bool operator==(const StringLabel&, const StringLabel&) = default;
};

struct SiteOptions {
  bool by_labels = false;                  // string labels are part of the key too, in any order
  std::vector<StringLabel> excluded = {};  // samples with one of these labels are left out
};

// Sums `column` of the profile by site, in the order of first appearance. A heap profile holds one sample per
// stack and object size, so its sites are fewer than its samples. Precondition: column <
// profile.sample_types.size() or no samples.
std::vector<Site> AggregateBySite(const Profile& profile, size_t column, const SiteOptions& options = {});

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PROFILE_SITES_H_
