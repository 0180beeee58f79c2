// Reading test data: paths start at the top of the repository, where ctest runs the tests.
#ifndef COLLECTORS_TEST_FILES_H_
#define COLLECTORS_TEST_FILES_H_

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace goleakstress::collectors {

// The bytes of a file that must be there.
inline std::string ReadTestFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_TEST_FILES_H_
