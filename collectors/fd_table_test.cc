#include "collectors/fd_table.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "collectors/socket_table.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;
using ::testing::StartsWith;

// Closes what a test opened, in whatever order it was.
class FdTableTest : public testing::Test {
 protected:
  ~FdTableTest() override {
    for (const int fd : opened_) close(fd);
    std::filesystem::remove_all(directory_);
  }

  int Keep(int fd) {
    EXPECT_GE(fd, 0) << strerror(errno);
    opened_.push_back(fd);
    return fd;
  }

  FdEntry Find(int fd, const FdOptions& options = {}) {
    const std::vector<FdEntry> entries = ReadFdTable(getpid(), options).value();
    for (const FdEntry& entry : entries) {
      if (entry.fd == fd) return entry;
    }
    ADD_FAILURE() << "fd " << fd << " is not in the table";
    return {};
  }

  std::string_view KindAt(int fd) { return FdKindName(Find(fd).kind); }

  const std::string directory_ = [] {
    std::string pattern = std::filesystem::temp_directory_path() / "fd_table_test.XXXXXX";
    return std::string(mkdtemp(pattern.data()));
  }();
  std::vector<int> opened_;
};

TEST_F(FdTableTest, TellsFilesApart) {
  const std::string file = directory_ + "/some file";
  const int fd = Keep(open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  EXPECT_EQ(KindAt(fd), "file");
  EXPECT_EQ(Find(fd).detail, file);
  EXPECT_EQ(KindAt(Keep(open(directory_.c_str(), O_RDONLY))), "directory");
  EXPECT_EQ(KindAt(Keep(open("/dev/null", O_RDONLY))), "device");
  const std::string fifo = directory_ + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(KindAt(Keep(open(fifo.c_str(), O_RDWR))), "pipe");
  unlink(file.c_str());
  EXPECT_EQ(KindAt(fd), "file");
  EXPECT_EQ(Find(fd).detail, file + " (deleted)");
}

TEST_F(FdTableTest, TellsAnonymousDescriptorsApart) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(KindAt(Keep(ends[0])), "pipe");
  EXPECT_EQ(KindAt(Keep(ends[1])), "pipe");
  EXPECT_EQ(KindAt(Keep(epoll_create1(0))), "eventpoll");
  EXPECT_EQ(KindAt(Keep(eventfd(0, 0))), "eventfd");
  EXPECT_EQ(KindAt(Keep(inotify_init())), "inotify");
  EXPECT_EQ(KindAt(Keep(timerfd_create(CLOCK_MONOTONIC, 0))), "timerfd");
  sigset_t signals;
  sigemptyset(&signals);
  EXPECT_EQ(KindAt(Keep(signalfd(-1, &signals, 0))), "signalfd");
  EXPECT_EQ(KindAt(Keep(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)))), "pidfd");
  EXPECT_EQ(KindAt(Keep(memfd_create("cache", 0))), "memfd");
}

TEST_F(FdTableTest, TellsSocketsApart) {
  EXPECT_EQ(KindAt(Keep(socket(AF_INET, SOCK_STREAM, 0))), "socket.tcp");
  EXPECT_EQ(KindAt(Keep(socket(AF_INET, SOCK_DGRAM, 0))), "socket.udp");
  EXPECT_EQ(KindAt(Keep(socket(AF_UNIX, SOCK_STREAM, 0))), "socket.unix");
  EXPECT_EQ(KindAt(Keep(socket(AF_UNIX, SOCK_DGRAM, 0))), "socket.unix");
  EXPECT_EQ(KindAt(Keep(socket(AF_NETLINK, SOCK_RAW, 0))), "socket.other");
}

TEST_F(FdTableTest, TellsLaterSocketsApartWhereTheKernelHasThem) {
  if (const int fd = socket(AF_INET6, SOCK_STREAM, 0); fd >= 0) {
    EXPECT_EQ(KindAt(Keep(fd)), "socket.tcp");
  }
  constexpr int kMptcp = 262;
  if (const int fd = socket(AF_INET, SOCK_STREAM, kMptcp); fd >= 0) {
    EXPECT_EQ(KindAt(Keep(fd)), "socket.tcp");
  }
}

TEST_F(FdTableTest, NamesTheEndsOfConnections) {
  const int server = Keep(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(server, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(server, 1), 0);
  ASSERT_EQ(getsockname(server, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const int client = Keep(socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), size), 0);
  const FdOptions details = {.socket_details = true};
  const std::string local = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  EXPECT_EQ(Find(server, details).detail, local + " LISTEN");
  EXPECT_THAT(Find(client, details).detail,
              AllOf(StartsWith("127.0.0.1:"), EndsWith("->" + local + " ESTABLISHED")));
  EXPECT_THAT(Find(client).detail, StartsWith("socket:["));

  const int named = Keep(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un path = {};
  path.sun_family = AF_UNIX;
  fmt::format_to_n(path.sun_path, sizeof(path.sun_path) - 1, "{}/a socket", directory_);
  ASSERT_EQ(bind(named, reinterpret_cast<sockaddr*>(&path), sizeof(path)), 0);
  EXPECT_EQ(Find(named, details).detail, directory_ + "/a socket");
}

TEST_F(FdTableTest, ReadsFlagsAndPositionOnRequest) {
  const int fd = Keep(open((directory_ + "/x").c_str(), O_CREAT | O_RDWR | O_APPEND, 0600));
  ASSERT_EQ(write(fd, "12345", 5), 5);
  const FdEntry entry = Find(fd, {.fdinfo = true});
  EXPECT_EQ(entry.position, 5);
  EXPECT_EQ(entry.flags.value() & (O_ACCMODE | O_APPEND), O_RDWR | O_APPEND);
  EXPECT_EQ(Find(fd).flags, std::nullopt);
}

TEST_F(FdTableTest, ListsEachDescriptorOnceInOrderAndNotItsOwn) {
  const auto numbers = [](const FdOptions& options) {
    std::vector<int> fds;
    const std::vector<FdEntry> entries = ReadFdTable(getpid(), options).value();
    for (const FdEntry& entry : entries) fds.push_back(entry.fd);
    return fds;
  };
  const std::vector<int> before = numbers({});
  const int low = Keep(eventfd(0, 0));
  const int high = Keep(dup2(low, 200));
  std::vector<int> expected = before;
  expected.insert(expected.end(), {low, high});
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(numbers({}), expected);
  EXPECT_EQ(numbers({.skip = {high, low}}), before);
}

TEST_F(FdTableTest, CountsByKind) {
  std::vector<FdEntry> entries(3);
  entries[0].kind = entries[2].kind = FdKind::kPipe;
  entries[1].kind = FdKind::kFile;
  EXPECT_THAT(CountByKind(entries), ElementsAre(Pair("file", 1), Pair("pipe", 2)));
}

TEST_F(FdTableTest, ReadsAnotherProcess) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    char byte = 0;
    _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  Keep(ends[0]);
  const absl::StatusOr<std::vector<FdEntry>> entries = ReadFdTable(child);
  close(ends[1]);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_TRUE(std::any_of(entries->begin(), entries->end(), [&](const FdEntry& entry) {
    return entry.fd == ends[0] && entry.kind == FdKind::kPipe;
  }));
  waitpid(child, nullptr, 0);
  EXPECT_EQ(ReadFdTable(child).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(FdTableTest, CountsWithoutAskingWhatTheyAre) {
  const int64_t before = CountFds(getpid()).value();
  const int fd = Keep(eventfd(0, 0));
  EXPECT_EQ(CountFds(getpid()).value(), before + 1);
  EXPECT_EQ(CountFds(getpid(), {.skip = {fd}}).value(), before);
  EXPECT_EQ(CountFds(getpid()).value(), static_cast<int64_t>(ReadFdTable(getpid()).value().size()));
}

TEST_F(FdTableTest, RemembersWhatEachSocketIs) {
  const int fd = Keep(socket(AF_INET, SOCK_STREAM, 0));
  struct stat info = {};
  ASSERT_EQ(fstat(fd, &info), 0);
  SocketKinds sockets;
  EXPECT_EQ(Find(fd, {.sockets = &sockets}).kind, FdKind::kSocketTcp);
  ASSERT_TRUE(sockets.contains(info.st_ino));
  sockets[info.st_ino] = FdKind::kSocketUdp;  // from now on this is believed
  EXPECT_EQ(Find(fd, {.sockets = &sockets}).kind, FdKind::kSocketUdp);
  EXPECT_EQ(Find(fd).kind, FdKind::kSocketTcp);
}

TEST_F(FdTableTest, BoundsTheNumberOfEntries) {
  Keep(eventfd(0, 0));
  Keep(eventfd(0, 0));
  EXPECT_EQ(ReadFdTable(getpid(), {.max_entries = 1}).status().code(), absl::StatusCode::kResourceExhausted);
}

// What this kernel may not offer: other spellings, and a socket known by its table alone.
TEST_F(FdTableTest, ReadsOtherSpellings) {
  std::filesystem::create_directories(directory_ + "/7/fd");
  std::filesystem::create_directories(directory_ + "/7/net");
  const std::vector<std::string> links = {
      "anon_inode:[eventfd:12]", "pidfd:[99]", "anon_inode:[io_uring]", "/dev/gone", "/gone (deleted)",
      "socket:[4711]",           "socket:[1]"};
  for (size_t i = 0; i < links.size(); ++i) {
    std::filesystem::create_symlink(links[i], fmt::format("{}/7/fd/{}", directory_, i));
  }
  std::ofstream(directory_ + "/7/net/tcp6")
      << "  sl  local_address remote_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode\n"
         "   0: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:C350 08 "
         "00000000:00000000 "
         "00:00000000 00000000  1000        0 4711 1 0\n";
  const std::vector<FdEntry> entries =
      ReadFdTable(7, {.socket_details = true, .proc_root = directory_}).value();
  std::vector<std::string> read;
  for (const FdEntry& entry : entries)
    read.push_back(fmt::format("{} {}", FdKindName(entry.kind), entry.detail));
  EXPECT_THAT(read, ElementsAre("eventfd anon_inode:[eventfd:12]", "pidfd pidfd:[99]",
                                "other anon_inode:[io_uring]", "device /dev/gone", "file /gone (deleted)",
                                "socket.tcp [::1]:8080->[::1]:50000 CLOSE_WAIT", "socket.other socket:[1]"));
}

TEST(SocketTable, SurvivesDamagedLines) {
  std::string pattern = std::filesystem::temp_directory_path() / "socket_table_test.XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  std::ofstream(directory + "/tcp") << "\n   \n0: x y z\n0: 0:0 0:0 FF a a a a a 12 \n0: 0100007F:1F90 0";
  std::ofstream(directory + "/unix") << "\nshort\n0: 0 0 0 1 1 77\n0: 0 0 0 1 1 78 @a b";
  const auto sockets = ReadSocketTable(directory);
  std::filesystem::remove_all(directory);
  ASSERT_EQ(sockets.size(), 3u);
  EXPECT_EQ(sockets.at(12).detail, "?->? ");
  EXPECT_EQ(sockets.at(77).detail, "");
  EXPECT_EQ(sockets.at(78).detail, "@a b");
}

}  // namespace
}  // namespace goleakstress::collectors
