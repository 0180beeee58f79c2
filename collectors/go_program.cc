#include "collectors/go_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "collectors/test_files.h"
#include "fmt/format.h"

namespace goleakstress::collectors {

GoProgram::GoProgram(const std::string& name) {
  std::string pattern = std::filesystem::temp_directory_path() / (name + ".XXXXXX");
  directory_ = mkdtemp(pattern.data());
  const std::string program = directory_ + "/program";
  const std::string log = directory_ + "/build.log";
  const std::string command =
      fmt::format("go build -C collectors/testdata/{} -o {} . > {} 2>&1", name, program, log);
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command + ": " + ReadTestFile(log));

  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  input_ = in[1];
  output_ = out[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::vector<char*> arguments = {const_cast<char*>(program.c_str()), directory_.data(), nullptr};
  const int error = posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (error != 0) throw std::runtime_error("cannot start " + program);
}

GoProgram::~GoProgram() {
  close(input_);
  close(output_);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  std::filesystem::remove_all(directory_);
}

std::string GoProgram::ReadLine() {
  std::string line;
  char next = 0;
  while (read(output_, &next, 1) == 1 && next != '\n') line.push_back(next);
  return line;
}

}  // namespace goleakstress::collectors
