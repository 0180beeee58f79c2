// A target without Go, for tests: its arguments are a script of words that are carried out in order.
//
// Events
//   hello, entries, ready
// Answers; all but serve only set how it behaves
//   serve            answers requests until the channel ends or Finish is asked
//   leak=N           each call leaves N goroutines behind, as metrics and profile tell
//   slow=MS          each answer takes so long
//   hang_run         Run ends only when it is abandoned
//   exit_on_run=N    exits with code N when asked to run
//   hold_first       the first answer is held back until the second request
//   refuse, wrong_id, wrong_body
// Bad channel
//   garbage, oversize_length, half_message, close_channel
// Output
//   say=TEXT, say_err=TEXT, long_output=BYTES
//   print_fds, print_env=NAME, print_dir, print_limits, print_signals
// Processes; both print "child PID" and live 1000 s
//   fork_child       in the same group
//   daemon_child     in a session of its own
// Ends
//   exit=N, abort, kill_self, eat_memory, hang, sleep=MS
//   ignore_sigterm   makes the end harder
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/proto/agent.pb.h"

namespace {

namespace agent = goleakstress::agent;

constexpr int kChannel = 3;

struct Behaviour {
  uint64_t leak = 0;
  long slow_ms = 0;
  bool hang_run = false, hold_first = false, wrong_id = false, wrong_body = false, refuse = false;
  int exit_on_run = -1;
};

void WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written <= 0) _exit(120);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void Say(const std::string& text) { WriteAll(STDOUT_FILENO, text + "\n"); }

void SleepMs(long ms) {
  if (ms > 0) usleep(static_cast<useconds_t>(ms * 1000));
}

[[noreturn]] void SleepForEver() {
  for (;;) pause();
}

std::string Length(uint32_t n) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(n >> shift & 0xff));
  return bytes;
}

void Send(const agent::Response& response) {
  const std::string body = response.SerializeAsString();
  WriteAll(kChannel, Length(static_cast<uint32_t>(body.size())) + body);
}

bool ReadAll(char* at, size_t size) {
  while (size > 0) {
    const ssize_t got = read(kChannel, at, size);
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

bool Receive(agent::Request& request) {
  unsigned char header[4];
  if (!ReadAll(reinterpret_cast<char*>(header), sizeof header)) return false;
  std::string body(header[0] | size_t{header[1]} << 8 | size_t{header[2]} << 16 | size_t{header[3]} << 24,
                   '\0');
  return ReadAll(body.data(), body.size()) && request.ParseFromString(body);
}

void SendEntries() {
  agent::Response response;
  for (const char* name : {"FuzzLeak", "TestClean"}) {
    agent::EntryInfo& entry = *response.mutable_entries()->add_entries();
    entry.set_name(name);
    entry.set_kind(name[0] == 'F' ? agent::ENTRY_FUZZ : agent::ENTRY_TEST);
  }
  Send(response);
}

void SendHello() {
  agent::Response response;
  response.mutable_hello()->set_protocol(1);
  response.mutable_hello()->set_go_version("go0.fake");
  response.mutable_hello()->add_live("clock");
  Send(response);
}

void SendReady() {
  agent::Response response;
  response.mutable_ready()->add_argument_kinds(agent::VALUE_BYTES);
  response.mutable_ready()->add_seeds()->add_values()->set_text("seed");
  Send(response);
}

void AppendVarint(std::string& to, uint64_t value) {
  for (; value >= 0x80; value >>= 7) to.push_back(static_cast<char>(value | 0x80));
  to.push_back(static_cast<char>(value));
}

std::string Number(uint64_t field, uint64_t value) {
  std::string bytes;
  AppendVarint(bytes, field << 3);
  AppendVarint(bytes, value);
  return bytes;
}

std::string Bytes(uint64_t field, std::string_view value) {
  std::string bytes;
  AppendVarint(bytes, field << 3 | 2);
  AppendVarint(bytes, value.size());
  bytes.append(value);
  return bytes;
}

// profile.proto by hand: one sample type goroutine/count, all in main.leak, /src/leak.go:7.
std::string GoroutineProfile(uint64_t count) {
  std::string profile = Bytes(1, Number(1, 1) + Number(2, 2));                     // sample_type
  profile += Bytes(2, Number(1, 1) + Number(2, count));                            // sample
  profile += Bytes(4, Number(1, 1) + Bytes(4, Number(1, 1) + Number(2, 7)));       // location, line
  profile += Bytes(5, Number(1, 1) + Number(2, 3) + Number(3, 3) + Number(4, 4));  // function
  for (const char* text : {"", "goroutine", "count", "main.leak", "/src/leak.go"}) profile += Bytes(6, text);
  return profile;
}

// Carries out one request. The body of the answer, or none while a run goes on.
class Server {
 public:
  explicit Server(const Behaviour& behaviour) : behaviour_(behaviour) {}

  void Serve() {
    agent::Request request;
    while (Receive(request)) {
      SleepMs(behaviour_.slow_ms);
      agent::Response response;
      response.set_id(request.id() + (behaviour_.wrong_id ? 1000 : 0));
      if (behaviour_.refuse) {
        response.set_error("refused by script");
        Send(response);
        continue;
      }
      const bool answered = Fill(request, response);
      if (behaviour_.hold_first) {
        behaviour_.hold_first = false;
        held_ = response;
        continue;
      }
      if (held_.id() != 0) Send(std::exchange(held_, {}));
      if (answered) Send(behaviour_.wrong_body ? Wrong(response.id()) : response);
      if (request.has_abandon() && pending_.id() != 0) {
        Send(pending_);
        pending_.Clear();
      }
      if (request.has_finish()) return;
    }
  }

 private:
  static agent::Response Wrong(uint64_t id) {
    agent::Response response;
    response.set_id(id);
    response.mutable_stacks()->set_text("not what was asked");
    return response;
  }

  void Run(const agent::Run& run, agent::RunDone& done) {
    for (uint64_t i = 0; i < run.count(); ++i) {
      done.add_duration_ns(1000);
      done.mutable_outcomes()->push_back('\0');
      done.add_goroutine_delta(static_cast<int64_t>(behaviour_.leak));
      goroutines_ += behaviour_.leak;
    }
  }

  bool Fill(const agent::Request& request, agent::Response& response) {
    switch (request.body_case()) {
      case agent::Request::kRun:
        if (behaviour_.exit_on_run >= 0) _exit(behaviour_.exit_on_run);
        if (behaviour_.hang_run) {
          pending_.set_id(response.id());
          pending_.mutable_run_done()->mutable_outcomes()->push_back(static_cast<char>(agent::OUTCOME_HUNG));
          return false;
        }
        Run(request.run(), *response.mutable_run_done());
        return true;
      case agent::Request::kSettle:
        response.mutable_settled()->set_quiet(true);
        return true;
      case agent::Request::kReadProfile:
        if (request.read_profile().name() == "goroutine") {
          response.mutable_profile()->set_data(GoroutineProfile(goroutines_));
        } else {
          response.mutable_profile()->set_missing(true);
        }
        return true;
      case agent::Request::kReadMetrics:
        for (const std::string& name : request.read_metrics().names()) {
          if (name != "/sched/goroutines:goroutines") continue;
          agent::Metric& metric = *response.mutable_metrics()->add_metrics();
          metric.set_name(name);
          metric.set_value(static_cast<double>(goroutines_));
        }
        response.mutable_metrics();
        return true;
      case agent::Request::kReadStacks:
        response.mutable_stacks()->set_text("goroutine 1 [running]:\n");
        return true;
      case agent::Request::kListProfiles:
        response.mutable_profile_names()->add_names("goroutine");
        return true;
      case agent::Request::kWriteHeapDump: {
        const int fd = open(request.write_heap_dump().path().c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0) {
          response.set_error(strerror(errno));
          return true;
        }
        WriteAll(fd, "go1.7 heap dump\n");
        close(fd);
        response.mutable_done();
        return true;
      }
      default:
        response.mutable_done();
        return true;
    }
  }

  Behaviour behaviour_;
  uint64_t goroutines_ = 4;
  agent::Response held_;
  agent::Response pending_;  // of a run that hangs
};

void PrintFds() {
  std::vector<int> fds;
  DIR* dir = opendir("/proc/self/fd");
  while (const dirent* item = readdir(dir)) {
    if (item->d_name[0] != '.' && atoi(item->d_name) != dirfd(dir)) fds.push_back(atoi(item->d_name));
  }
  closedir(dir);
  std::sort(fds.begin(), fds.end());
  std::string line = "fds";
  for (int fd : fds) line += fmt::format(" {}", fd);
  Say(line);
  char link[256] = {};
  if (readlink("/proc/self/fd/0", link, sizeof link - 1) > 0) Say(fmt::format("stdin {}", link));
}

void PrintLimits() {
  rlimit files, core, memory;
  getrlimit(RLIMIT_NOFILE, &files);
  getrlimit(RLIMIT_CORE, &core);
  getrlimit(RLIMIT_AS, &memory);
  Say(fmt::format("limits files {} {} core {} {} memory {}", files.rlim_cur, files.rlim_max, core.rlim_cur,
                  core.rlim_max, memory.rlim_max));
}

void PrintSignals() {
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  struct sigaction pipe_action;
  sigaction(SIGPIPE, nullptr, &pipe_action);
  Say(fmt::format("signals usr1 {} pipe {}", sigismember(&mask, SIGUSR1) != 0 ? "blocked" : "open",
                  pipe_action.sa_handler == SIG_IGN ? "ignored" : "default"));
}

void StartChild(bool own_session) {
  const pid_t child = fork();
  if (child == 0) {
    if (own_session) setsid();
    signal(SIGTERM, SIG_IGN);
    sleep(1000);
    _exit(0);
  }
  Say(fmt::format("child {}", child));
}

void EatMemory() {
  std::vector<char*> eaten;
  for (;;) {
    char* more = static_cast<char*>(malloc(1 << 20));
    if (more == nullptr) {
      WriteAll(STDERR_FILENO, "fatal error: runtime: out of memory\n");
      _exit(2);
    }
    eaten.push_back(more);
  }
}

// Lines of 100 bytes.
void LongOutput(long bytes) {
  std::string lines;
  while (lines.size() < 100000) lines.append(99, 'x').push_back('\n');
  for (auto left = static_cast<size_t>(bytes); left > 0; left -= std::min(left, lines.size())) {
    WriteAll(STDOUT_FILENO, std::string_view(lines).substr(0, left));
  }
}

bool SetBehaviour(std::string_view word, long number, Behaviour& behaviour) {
  if (word == "leak") return behaviour.leak = static_cast<uint64_t>(number), true;
  if (word == "slow") return behaviour.slow_ms = number, true;
  if (word == "hang_run") return behaviour.hang_run = true;
  if (word == "hold_first") return behaviour.hold_first = true;
  if (word == "wrong_id") return behaviour.wrong_id = true;
  if (word == "wrong_body") return behaviour.wrong_body = true;
  if (word == "refuse") return behaviour.refuse = true;
  if (word == "exit_on_run") return behaviour.exit_on_run = static_cast<int>(number), true;
  return false;
}

bool Act(std::string_view word, const std::string& text, long number) {
  const std::map<std::string_view, void (*)()> plain = {
      {"hello", SendHello},
      {"entries", SendEntries},
      {"ready", SendReady},
      {"garbage", [] { WriteAll(kChannel, Length(5) + "\xff\xff\xff\xff\xff"); }},
      {"oversize_length", [] { WriteAll(kChannel, Length(0x7fffffff)); }},
      {"half_message", [] { WriteAll(kChannel, Length(100) + "half"); }},
      {"close_channel", [] { close(kChannel); }},
      {"hang", SleepForEver},
      {"print_fds", PrintFds},
      {"print_limits", PrintLimits},
      {"print_signals", PrintSignals},
      {"fork_child", [] { StartChild(false); }},
      {"daemon_child", [] { StartChild(true); }},
      {"abort", [] { abort(); }},
      {"kill_self", [] { kill(getpid(), SIGKILL); }},
      {"ignore_sigterm", [] { signal(SIGTERM, SIG_IGN); }},
      {"eat_memory", EatMemory},
  };
  if (const auto found = plain.find(word); found != plain.end()) return found->second(), true;
  if (word == "say") return Say(text), true;
  if (word == "say_err") return WriteAll(STDERR_FILENO, text + "\n"), true;
  if (word == "print_env") {
    const char* value = getenv(text.c_str());
    return Say(fmt::format("{}={}", text, value == nullptr ? "" : value)), true;
  }
  if (word == "print_dir") {
    char dir[4096] = {};
    return Say(getcwd(dir, sizeof dir) != nullptr ? dir : "?"), true;
  }
  if (word == "long_output") return LongOutput(number), true;
  if (word == "exit") _exit(static_cast<int>(number));
  if (word == "sleep") return SleepMs(number), true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  Behaviour behaviour;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const size_t equals = argument.find('=');
    const std::string_view word = argument.substr(0, equals);
    const std::string text(equals == std::string_view::npos ? "" : argument.substr(equals + 1));
    const long number = atol(text.c_str());
    if (word == "serve") {
      Server(behaviour).Serve();
    } else if (!SetBehaviour(word, number, behaviour) && !Act(word, text, number)) {
      WriteAll(STDERR_FILENO, fmt::format("fake_target: unknown word {}\n", argument));
      return 121;
    }
  }
  return 0;
}
