#include "harness/target/agent_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "harness/target/testing.h"

namespace goleakstress::target {
namespace {

using testing::HasSubstr;

struct Ends {
  AgentChannel channel;
  ScopedFd other;
};

Ends Open() {
  auto pair = AgentChannel::Open();
  if (!pair.ok()) ADD_FAILURE() << pair.status();
  return {std::move(pair->first), std::move(pair->second)};
}

void Write(const ScopedFd& fd, std::string_view bytes) {
  ASSERT_EQ(send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

std::string Framed(const std::string& body) {
  std::string frame(4, '\0');
  for (size_t i = 0; i < 4; ++i) frame[i] = static_cast<char>(body.size() >> (8 * i) & 0xff);
  return frame.append(body);
}

std::string StacksFrame(uint64_t id, const std::string& text) {
  agent::Response response;
  response.set_id(id);
  response.mutable_stacks()->set_text(text);
  return Framed(response.SerializeAsString());
}

Deadline Soon() { return After(std::chrono::milliseconds(20)); }

TEST(AgentChannel, SendsLittleEndianLengthAndMessage) {
  Ends ends = Open();
  agent::Request request;
  request.set_id(258);
  request.mutable_list_profiles();
  ASSERT_TRUE(ends.channel.Send(request, After(kLong)).ok());
  char bytes[100];
  const ssize_t got = recv(ends.other.get(), bytes, sizeof bytes, 0);
  EXPECT_EQ(std::string(bytes, static_cast<size_t>(got)), std::string("\x05\0\0\0\x08\x82\x02\x4a\0", 9));
}

TEST(AgentChannel, ReceivesByteByByteAndSeveralAtOnce) {
  Ends ends = Open();
  const std::string frame = StacksFrame(7, "text");
  for (size_t i = 0; i + 1 < frame.size(); ++i) {
    Write(ends.other, frame.substr(i, 1));
    EXPECT_EQ(ends.channel.Receive(Deadline::min()).status().code(), absl::StatusCode::kDeadlineExceeded);
  }
  Write(ends.other, frame.substr(frame.size() - 1) + StacksFrame(8, "more") + Framed(""));
  for (const auto& [id, text] : {std::pair(7U, "text"), std::pair(8U, "more"), std::pair(0U, "")}) {
    const auto response = ends.channel.Receive(After(kLong));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->id(), id);
    EXPECT_EQ(response->stacks().text(), text);
  }
}

TEST(AgentChannel, TimesOut) {
  Ends ends = Open();
  EXPECT_EQ(ends.channel.Receive(Soon()).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(AgentChannel, EndBetweenMessagesAndInTheMiddleOfOne) {
  {
    Ends ends = Open();
    Write(ends.other, StacksFrame(1, "last words"));
    ends.other.Reset();
    EXPECT_TRUE(ends.channel.Receive(After(kLong)).ok());
    const absl::Status status = ends.channel.Receive(After(kLong)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(status.message(), "the channel was closed");
    EXPECT_EQ(ends.channel.Send({}, After(kLong)).code(), absl::StatusCode::kUnavailable);
  }
  Ends ends = Open();
  Write(ends.other, StacksFrame(1, "cut off").substr(0, 9));
  ends.other.Reset();
  const absl::Status status = ends.channel.Receive(After(kLong)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("in the middle of a message, after 9 bytes"));
}

TEST(AgentChannel, GarbageIsNamedAndStaysSo) {
  for (const std::string& bytes : {Framed("\xff\xff\xff\xff"), std::string("\xff\xff\xff\xff"),
                                   std::string("\x01\0\0\x10", 4), Framed("\x1a\x03\x12\x01\xff")}) {
    Ends ends = Open();
    Write(ends.other, bytes);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(ends.channel.Receive(After(kLong)).status().code(), absl::StatusCode::kDataLoss);
    }
  }
}

TEST(AgentChannel, GreatestLengthIsNotRefusedByItsHeader) {
  Ends ends = Open();
  Write(ends.other, std::string("\0\0\0\x10", 4));
  EXPECT_EQ(ends.channel.Receive(Soon()).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(AgentChannel, LargeMessagesCross) {
  Ends ends = Open();
  const std::string text(20 << 20, 'x');
  std::thread writer([&] { Write(ends.other, StacksFrame(1, text)); });
  const auto response = ends.channel.Receive(After(kLong));
  writer.join();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->stacks().text() == text);
}

agent::Request LargeRequest() {
  agent::Request request;
  request.mutable_run()->add_inputs()->add_values()->set_text(std::string(4 << 20, 'x'));
  return request;
}

TEST(AgentChannel, WriteStall) {
  Ends ends = Open();
  EXPECT_EQ(ends.channel.Send(LargeRequest(), Soon()).code(), absl::StatusCode::kDeadlineExceeded);
  // Half a request is on its way: another one would be garbage to the other side.
  EXPECT_EQ(ends.channel.Send({}, After(kLong)).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(AgentChannel, SendingWhileTheOtherSideSendsDoesNotLockUp) {
  Ends ends = Open();
  std::thread other([&] {
    Write(ends.other, StacksFrame(5, std::string(4 << 20, 'y')));  // reads nothing before this is through
    std::string sink(1 << 20, '\0');
    while (recv(ends.other.get(), sink.data(), sink.size(), 0) > 0) {
    }
  });
  EXPECT_TRUE(ends.channel.Send(LargeRequest(), After(kLong)).ok());
  const auto response = ends.channel.Receive(After(kLong));
  EXPECT_TRUE(response.ok()) << response.status();
  shutdown(ends.other.get(), SHUT_RD);
  other.join();
}

TEST(AgentChannel, CancelEndsBothWaits) {
  Ends ends = Open();
  std::atomic<bool> cancel = false;
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancel = true;
  });
  EXPECT_EQ(ends.channel.Receive(Deadline::max(), &cancel).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(ends.channel.Send(LargeRequest(), Deadline::max(), &cancel).code(), absl::StatusCode::kCancelled);
  later.join();
}

RC_GTEST_PROP(AgentChannel, AnyBytesEndInANamedStatus, (const std::string& bytes)) {
  Ends ends = Open();
  Write(ends.other, bytes);
  ends.other.Reset();
  absl::Status status;
  for (size_t messages = 0; status.ok(); ++messages) {
    RC_ASSERT(messages <= bytes.size());
    status = ends.channel.Receive(After(kLong)).status();
  }
  RC_ASSERT(absl::IsUnavailable(status) || absl::IsDataLoss(status));
}

RC_GTEST_PROP(AgentChannel, MessagesArriveHoweverTheyAreCut,
              (const std::vector<std::vector<uint8_t>>& texts)) {
  Ends ends = Open();
  std::string stream;
  for (const auto& text : texts) stream += StacksFrame(1, std::string(text.size(), 'x'));
  size_t next = 0;
  while (!stream.empty() || next < texts.size()) {
    const std::string piece = stream.substr(0, *rc::gen::inRange<size_t>(1, 40));
    stream.erase(0, piece.size());
    Write(ends.other, piece);
    for (;;) {
      const auto response = ends.channel.Receive(Deadline::min());
      if (!response.ok()) {
        RC_ASSERT(absl::IsDeadlineExceeded(response.status()));
        break;
      }
      RC_ASSERT(next < texts.size());
      RC_ASSERT(response->stacks().text().size() == texts[next++].size());
    }
  }
}

}  // namespace
}  // namespace goleakstress::target
