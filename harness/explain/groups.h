// Sites that hang together: a union-find forest.
//
// Not thread-safe.
#ifndef HARNESS_EXPLAIN_GROUPS_H_
#define HARNESS_EXPLAIN_GROUPS_H_

#include <cstddef>
#include <numeric>
#include <vector>

namespace goleakstress::explain {

class Groups {
 public:
  // Each site by itself.
  explicit Groups(size_t sites) : parent_(sites) { std::iota(parent_.begin(), parent_.end(), size_t{0}); }

  // The site that stands for the group of `site`; another one may once it is joined.
  size_t Of(size_t site) {
    while (parent_[site] != site) site = parent_[site] = parent_[parent_[site]];
    return site;
  }
  // The site that stands for the group of `b` stands for both then.
  void Join(size_t a, size_t b) { parent_[Of(a)] = Of(b); }

 private:
  std::vector<size_t> parent_;
};

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_GROUPS_H_
