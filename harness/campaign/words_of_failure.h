// What a failed call said of it, from the text that Go makes of it.
#ifndef HARNESS_CAMPAIGN_WORDS_OF_FAILURE_H_
#define HARNESS_CAMPAIGN_WORDS_OF_FAILURE_H_

#include <string>
#include <string_view>

#include "harness/campaign/session.h"

namespace goleakstress::campaign {

// What a call that failed, panicked or exited said, and where: "x_test.go:12: no connection", of 200 bytes at
// most, from the notes or from what the target printed. Empty where it is not known. Pure.
std::string WordsOfFailure(const CallTally& tally, std::string_view output);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_WORDS_OF_FAILURE_H_
