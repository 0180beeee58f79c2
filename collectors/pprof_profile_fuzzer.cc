// Feeds bytes to the profile decoder and to all that reads its result. With clang and -fsanitize=fuzzer this
// is a fuzzer; the replay test calls it with the profiles of corpora/profiles.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collectors/pprof_profile.h"
#include "collectors/profile_sites.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace goleakstress::collectors;
  const ProfileLimits limits = {.max_bytes = 16 << 20, .max_table_bytes = 256 << 20, .max_frames = 1'000'000};
  const absl::StatusOr<Profile> profile =
      DecodeProfile(std::string(reinterpret_cast<const char*>(data), size), limits);
  if (!profile.ok()) return 0;
  size_t read = 0;
  for (const Sample& sample : profile->samples) {
    if (profile->ValuesOf(sample).size() != profile->sample_types.size()) abort();
    for (const Frame& frame : profile->StackOf(sample)) read += frame.function.size() + frame.file.size();
    for (const Label& label : profile->LabelsOf(sample))
      read += profile->Text(label.key).size() + profile->Text(label.value).size() +
              profile->Text(label.unit).size();
  }
  for (const bool by_labels : {false, true}) {
    const SiteOptions options = {.by_labels = by_labels, .excluded = {{"goleakstress", "agent"}}};
    for (size_t column = 0; column < profile->sample_types.size(); ++column) {
      if (AggregateBySite(*profile, column, options).size() > profile->samples.size()) abort();
      if (column == 4) break;  // a profile may have as many types as it has bytes
    }
  }
  // Every view was followed into the buffer, which a sanitizer checks.
  return read == SIZE_MAX ? 1 : 0;
}
