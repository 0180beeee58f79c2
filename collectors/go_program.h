// Builds and runs the small Go programs that tests talk to. A test that needs one fails where Go is missing.
#ifndef COLLECTORS_GO_PROGRAM_H_
#define COLLECTORS_GO_PROGRAM_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace goleakstress::collectors {

// A running program with a directory of its own. Ends it, and removes the directory, on destruction.
class GoProgram {
 public:
  // Builds the module in collectors/testdata/`name` and starts it with its directory as only argument. Throws
  // std::runtime_error with the compiler's words.
  explicit GoProgram(const std::string& name);
  GoProgram(const GoProgram&) = delete;
  GoProgram& operator=(const GoProgram&) = delete;
  ~GoProgram();

  // The next line of its standard output, without the newline; what there is of it if the program ends.
  std::string ReadLine();

  const std::string& directory() const { return directory_; }
  pid_t pid() const { return pid_; }

 private:
  std::string directory_;
  pid_t pid_ = -1;
  int input_ = -1;   // its standard input: closing it ends the program
  int output_ = -1;  // its standard output
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_GO_PROGRAM_H_
