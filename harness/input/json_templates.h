#ifndef GOLEAKSTRESS_HARNESS_INPUT_JSON_TEMPLATES_H_
#define GOLEAKSTRESS_HARNESS_INPUT_JSON_TEMPLATES_H_

#include <cstddef>
#include <string>
#include <vector>

namespace goleakstress::input {

inline constexpr size_t kMaxTemplates = 64;
inline constexpr size_t kMaxTemplateBytes = 2048;

// JSON texts that the struct types of a package's source files describe, one for each struct, with empty
// values: what the program would like to be sent. No mutation of bytes gets at nested objects with the right
// names, and encoding/json, which knows them, is not instrumented.
//
//   type T struct { A []struct{ B string `json:"b"` }; N int }    ->    {"A":[{"b":""}],"N":0}
//
// Only files that name encoding/json count, and types of other packages are null. Each text once, at most
// kMaxTemplates of at most kMaxTemplateBytes, nested at most 6 deep.
std::vector<std::string> JsonTemplates(const std::vector<std::string>& sources);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_JSON_TEMPLATES_H_
