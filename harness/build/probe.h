// What a probe is: text that is changed in, or added to, the user's own copy of the standard library while it
// is compiled.
#ifndef HARNESS_BUILD_PROBE_H_
#define HARNESS_BUILD_PROBE_H_

#include <limits>
#include <string>
#include <vector>

namespace goleakstress::build {

// Replaces every match of `anchor`, which must match exactly `count` times. With `regex` the anchor is an
// ECMAScript regular expression and the replacement may name its groups ($1); otherwise both are taken as
// they stand.
struct Substitution {
  std::string anchor = {};
  std::string replacement = {};
  int count = 1;
  bool regex = false;
};

struct Patch {
  std::string file = {};  // relative to GOROOT/src
  std::vector<Substitution> substitutions = {};
  std::string append = {};  // put at the end of the file, after the substitutions
};

// A file that GOROOT does not have.
struct Addition {
  std::string file = {};  // relative to GOROOT/src
  std::string contents = {};
};

// One way to make a probe; applies to some Go versions and processors.
struct Variant {
  std::vector<Patch> patches = {};
  std::vector<Addition> additions = {};
  int min_minor = 0;  // Go 1.min_minor to 1.max_minor, both included
  int max_minor = std::numeric_limits<int>::max();
  std::string arch = {};  // GOARCH; empty: any
};

struct Probe {
  std::string name = {};
  std::string lost = {};               // what the report lacks where the probe is not live
  bool required = false;               // nothing can be run without it
  std::vector<Variant> variants = {};  // the first one that applies and whose every anchor matches is taken
};

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_PROBE_H_
