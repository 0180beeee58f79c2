#include "harness/build/run_command_for_test.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "harness/build/files.h"
#include "harness/input/sha256.h"

namespace goleakstress::build {
namespace fs = std::filesystem;

absl::StatusOr<CommandResult> RunForTest(const CommandSpec& spec) {
  const TemporaryDir outputs;
  const std::string out = outputs.path() + "/out", err = outputs.path() + "/err";
  std::vector<char*> argv{const_cast<char*>(spec.program.c_str())};
  for (const std::string& arg : spec.args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const std::string& entry : spec.env) envp.push_back(const_cast<char*>(entry.c_str()));
  envp.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    const int out_fd = open(out.c_str(), O_WRONLY | O_CREAT, 0600),
              err_fd = open(err.c_str(), O_WRONLY | O_CREAT, 0600);
    const int in_fd = open("/dev/null", O_RDONLY);
    if (chdir(spec.dir.c_str()) != 0 || dup2(in_fd, 0) < 0 || dup2(out_fd, 1) < 0 || dup2(err_fd, 2) < 0)
      _exit(126);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    return absl::ErrnoToStatus(errno, "running " + spec.program);
  if (!WIFEXITED(status)) return absl::AbortedError(spec.program + " was killed");
  CommandResult result{.exit_code = WEXITSTATUS(status), .out = {}, .err = {}};
  if (auto text = ReadFile(out); text.ok()) result.out = *text;
  if (auto text = ReadFile(err); text.ok()) result.err = *text;
  return result;
}

Environment OwnEnvironment() {
  Environment environment;
  for (char** at = environ; *at != nullptr; ++at) environment.emplace_back(*at);
  return environment;
}

TemporaryDir::TemporaryDir() {
  std::string name = (fs::temp_directory_path() / "gls_build.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TemporaryDir::~TemporaryDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TemporaryDir::Write(const std::string& name, const std::string& contents) const {
  const std::string path = path_ + "/" + name;
  if (!MakeDirectories(fs::path(path).parent_path()).ok() || !WriteFileWhole(path, contents).ok())
    std::abort();
  return path;
}

std::map<std::string, std::string> Checksums(const std::string& dir) {
  std::map<std::string, std::string> sums;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    struct stat info = {};
    lstat(entry.path().c_str(), &info);
    std::string sum = fmt::format("{:o} ", info.st_mode);
    if (S_ISREG(info.st_mode)) sum += input::Sha256Hex(ReadFile(entry.path()).value_or("unreadable"));
    if (S_ISLNK(info.st_mode)) sum += fs::read_symlink(entry.path()).string();
    sums[entry.path()] = sum;
  }
  return sums;
}

std::map<std::string, std::string> Stamps(const std::string& dir) {
  std::map<std::string, std::string> stamps;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    struct stat info = {};
    lstat(entry.path().c_str(), &info);
    stamps[entry.path()] =
        fmt::format("{:o} {} {} {}.{} {}.{}", info.st_mode, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                    info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
  }
  return stamps;
}

}  // namespace goleakstress::build
