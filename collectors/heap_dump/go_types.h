// The types of a Go program's variables, from its debug information.
#ifndef COLLECTORS_HEAP_DUMP_GO_TYPES_H_
#define COLLECTORS_HEAP_DUMP_GO_TYPES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

// A way from a variable to what it points to.
struct TypePath {
  std::string fields = {};  // ".sessions.byUser"; elements of arrays are "[]"
  std::string type = {};  // of what is found there, packages by their last element: "map[string]*app.Session"
};

// Not thread-safe.
class GoTypes {
 public:
  // InvalidArgument: no ELF file, or one without debug information.
  static absl::StatusOr<std::unique_ptr<GoTypes>> Read(const std::string& path);
  ~GoTypes();

  // Follows offsets[0] in the variable, offsets[1] in what the pointer there points to, and so on, as far as
  // the code of the variable's own module sees it: not into maps, slices and types of other modules. Empty
  // where the variable is not known.
  TypePath Follow(const std::string& variable, const std::vector<uint64_t>& offsets) const;

 private:
  struct Handle;
  GoTypes() = default;

  std::unique_ptr<Handle> handle_;
  std::map<std::string, uint64_t> variables_;  // offset of the variable's entry
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_GO_TYPES_H_
