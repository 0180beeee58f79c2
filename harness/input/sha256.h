#ifndef GOLEAKSTRESS_HARNESS_INPUT_SHA256_H_
#define GOLEAKSTRESS_HARNESS_INPUT_SHA256_H_

#include <string>
#include <string_view>

namespace goleakstress::input {

// SHA-256 (FIPS 180-4) of `data` in 64 lower-case hex digits. Go names corpus files by it; nothing here is
// secret.
std::string Sha256Hex(std::string_view data);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_SHA256_H_
