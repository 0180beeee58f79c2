#ifndef GOLEAKSTRESS_HARNESS_INPUT_DICTIONARY_H_
#define GOLEAKSTRESS_HARNESS_INPUT_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goleakstress::input {

// The constants of a program: words and numbers that its branches may ask for. Sorted, without duplicates,
// but for the templates.
struct Dictionary {
  static constexpr size_t kMaxWords = 4096;
  static constexpr size_t kMaxWordBytes = 128;
  static constexpr size_t kMaxIntegers = 4096;

  std::vector<std::string> words = {};  // 1 to kMaxWordBytes bytes each
  std::vector<uint64_t> integers = {};  // negative constants are not known as such: the minus is an operator

  std::vector<std::string> templates =
      {};  // whole texts to begin with, see json_templates.h; as they stand in the source

  bool operator==(const Dictionary&) const = default;
};

// Adds the constants of one Go source file: string literals, the names inside struct tags, rune and integer
// literals, the layouts of package time that it names (they are dates themselves). Comments, the import
// declarations and literals that are malformed or too long are passed over; a file that cannot be lexed to
// its end adds what came before. What goes over the bounds is dropped.
void AddGoSource(std::string_view source, Dictionary* dictionary);

// The dictionary, templates included, of the .go files directly in `directory`, test files included: at most
// 200 files of 1 MiB. A directory or file that cannot be read adds nothing: a dictionary only ever helps.
Dictionary ReadPackageDictionary(const std::string& directory);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_DICTIONARY_H_
