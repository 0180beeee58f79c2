// Makes go's messages read as if go had been run by the user, in the user's directory, on the user's own
// files.
#ifndef HARNESS_BUILD_GO_TEXT_H_
#define HARNESS_BUILD_GO_TEXT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace goleakstress::build {

struct TextView {
  std::string go_dir = {};    // where go ran: what its relative paths are relative to
  std::string user_dir = {};  // what the user's are relative to
  // Texts and what they become, tried in order at every place: files of the overlay, the mirror of GOROOT.
  std::vector<std::pair<std::string, std::string>> names = {};
};

// `text` without trailing white space. A path at the start of a line that go printed relative to go_dir
// ("a/b.go:3:1: ...") is spelled as seen from user_dir. At most 64 KiB: the rest is cut off, with a line that
// says so.
std::string ForUser(std::string_view text, const TextView& view);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_GO_TEXT_H_
