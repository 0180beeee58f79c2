#include "collectors/pprof_endpoint.h"

#include <sstream>

#include "absl/status/status.h"
#include "collectors/endpoint_url.h"
#include "collectors/go_program.h"
#include "collectors/goroutine_text.h"
#include "collectors/pprof_profile.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

using ::testing::HasSubstr;

class PprofEndpointTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new GoProgram("pprofserver");
    std::istringstream(server_->ReadLine()) >> plain_port_ >> tls_port_;
  }
  static void TearDownTestSuite() { delete server_; }

  static std::string Url(std::string_view prefix = "") {
    return fmt::format("http://127.0.0.1:{}{}", plain_port_, prefix);
  }

  static absl::Status StatusAt(std::string_view prefix, const EndpointOptions& options = {}) {
    return PprofEndpoint::Create(Url(prefix), options).value().Get("heap").status();
  }

  static void ExpectServes(const std::string& url, const EndpointOptions& options = {}) {
    absl::StatusOr<PprofEndpoint> endpoint = PprofEndpoint::Create(url, options);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
    for (const char* name : {"goroutine", "heap", "goroutine"}) {
      const absl::StatusOr<std::string> body = endpoint->Get(name);
      ASSERT_TRUE(body.ok()) << url << ": " << body.status();
      const absl::StatusOr<Profile> profile = DecodeProfile(*body);
      ASSERT_TRUE(profile.ok()) << url << ": " << profile.status();
      EXPECT_FALSE(profile->samples.empty()) << url;
    }
  }

  inline static GoProgram* server_ = nullptr;
  inline static int plain_port_ = 0;
  inline static int tls_port_ = 0;
};

TEST_F(PprofEndpointTest, ServesOverHttp) {
  ExpectServes(Url());
  ExpectServes(Url("/"));
  ExpectServes(fmt::format("http://localhost:{}", plain_port_));
}

TEST_F(PprofEndpointTest, ServesBelowAPrefix) {
  ExpectServes(Url("/some/prefix"));
  ExpectServes(Url("/debug/pprof"));
  ExpectServes(Url("/some/prefix/debug/pprof/"));
}

TEST_F(PprofEndpointTest, ServesOverAUnixSocket) {
  ExpectServes("unix:" + server_->directory() + "/pprof.sock");
  ExpectServes("unix://" + server_->directory() + "/pprof.sock");
}

TEST_F(PprofEndpointTest, ServesOverTlsToThoseThatTrustIt) {
  const std::string url = fmt::format("https://localhost:{}", tls_port_);
  EndpointOptions options;
  options.ca_file = server_->directory() + "/cert.pem";
  ExpectServes(url, options);
  const absl::Status untrusted = PprofEndpoint::Create(url).value().Get("heap").status();
  EXPECT_EQ(untrusted.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(untrusted.message()), HasSubstr("certificate verify failed"));
  const std::string other_name = fmt::format("https://127.0.0.1:{}", tls_port_);
  EXPECT_FALSE(PprofEndpoint::Create(other_name, options).value().Get("heap").ok());
}

TEST_F(PprofEndpointTest, ServesTexts) {
  PprofEndpoint endpoint = PprofEndpoint::Create(Url()).value();
  const GoroutineDump dump = ParseGoroutineText(endpoint.Get("goroutine", "debug=2").value());
  EXPECT_GE(dump.goroutines.size(), 3u);
  EXPECT_FALSE(dump.cut);
}

TEST_F(PprofEndpointTest, EscapesNames) {
  PprofEndpoint endpoint = PprofEndpoint::Create(Url()).value();
  EXPECT_EQ(endpoint.Get("echo/goleakstress.fd?x y\r\n").value(),
            "/debug/pprof/echo/goleakstress.fd%3Fx%20y%0D%0A?debug=0");
}

TEST_F(PprofEndpointTest, KeepsOneConnection) {
  PprofEndpoint endpoint = PprofEndpoint::Create(Url()).value();
  const std::string before = endpoint.Get("connections").value();
  ASSERT_TRUE(endpoint.Get("goroutine").ok());
  EXPECT_EQ(endpoint.Get("no-such-profile").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(endpoint.Get("connections").value(), before);
}

TEST_F(PprofEndpointTest, OpensANewConnectionWhereTheServerClosedIt) {
  PprofEndpoint gone = PprofEndpoint::Create(Url("/farewell")).value();
  for (int round = 0; round < 3; ++round) {
    const absl::StatusOr<std::string> body = gone.Get("heap");
    ASSERT_TRUE(body.ok()) << body.status();
    EXPECT_EQ(*body, "ok");
  }

  PprofEndpoint closing = PprofEndpoint::Create(Url("/closing")).value();
  EXPECT_EQ(closing.Get("heap").value(), "last words");
  EXPECT_EQ(closing.Get("heap").value(), "last words");
}

TEST_F(PprofEndpointTest, SaysWhatIsWrong) {
  for (const auto& [prefix, code, message] :
       std::vector<std::tuple<const char*, absl::StatusCode, const char*>>{
           {"/nowhere", absl::StatusCode::kNotFound, "profile not served here"},
           {"/page", absl::StatusCode::kFailedPrecondition, "web page"},
           {"/moved", absl::StatusCode::kFailedPrecondition, "redirects to https://example.com/"},
           {"/locked", absl::StatusCode::kPermissionDenied, "status 401: who are you?"},
           {"/broken", absl::StatusCode::kUnavailable, "status 500: no [31m more"},
           {"/garbage", absl::StatusCode::kFailedPrecondition, "no HTTP server"},
           {"/cut", absl::StatusCode::kUnavailable, "partial message"},
           {"/hangup", absl::StatusCode::kUnavailable, "end of stream"}}) {
    const absl::Status status = StatusAt(prefix);
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("GET " + std::string(prefix) + "/debug/pprof/heap?debug=0"));
  }
}

TEST_F(PprofEndpointTest, BoundsTheBody) {
  EndpointOptions options;
  options.max_body_bytes = 1 << 20;
  EXPECT_EQ(StatusAt("/endless", options).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(StatusAt("/declared", options).code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(PprofEndpointTest, BoundsTheTime) {
  EndpointOptions options;
  options.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(StatusAt("/silent", options).code(), absl::StatusCode::kDeadlineExceeded);
  // Bytes that keep coming do not put the deadline off.
  EXPECT_EQ(StatusAt("/trickle", options).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(PprofEndpointTest, IsUsableAfterAnError) {
  EndpointOptions options;
  options.max_body_bytes = 100;
  PprofEndpoint endpoint = PprofEndpoint::Create(Url(), options).value();
  EXPECT_EQ(endpoint.Get("goroutine", "debug=2").status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(endpoint.Get("connections").ok());
}

TEST(PprofEndpoint, SaysThatNobodyListens) {
  for (const char* url : {"http://127.0.0.1:1", "unix:/nonexistent/socket", "https://127.0.0.1:1"}) {
    EXPECT_EQ(PprofEndpoint::Create(url).value().Get("heap").status().code(), absl::StatusCode::kUnavailable)
        << url;
  }
  EXPECT_EQ(PprofEndpoint::Create("unix:/" + std::string(500, 'x')).value().Get("heap").status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(PprofEndpoint, RefusesAMissingAuthority) {
  EndpointOptions options;
  options.ca_file = "/nonexistent.pem";
  EXPECT_EQ(PprofEndpoint::Create("https://localhost", options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

std::string Parts(std::string_view url) {
  const absl::StatusOr<EndpointUrl> parts = ParseEndpointUrl(url);
  if (!parts.ok()) return "wrong";
  return fmt::format("{} {} {} {} {}", static_cast<int>(parts->scheme), parts->host, parts->port,
                     parts->host_header, parts->path);
}

TEST(EndpointUrl, TakesItsThreeForms) {
  EXPECT_EQ(Parts("http://host"), "0 host 80 host /debug/pprof");
  EXPECT_EQ(Parts("https://host/"), "1 host 443 host /debug/pprof");
  EXPECT_EQ(Parts("http://host:6060/a/b/"), "0 host 6060 host:6060 /a/b/debug/pprof");
  EXPECT_EQ(Parts("http://[::1]:6060/debug/pprof/"), "0 ::1 6060 [::1]:6060 /debug/pprof");
  EXPECT_EQ(Parts("https://[::1]"), "1 ::1 443 [::1] /debug/pprof");
  EXPECT_EQ(Parts("unix:/run/a b.sock"), "2 /run/a b.sock  localhost /debug/pprof");
  EXPECT_EQ(Parts("unix:///run/x.sock"), "2 /run/x.sock  localhost /debug/pprof");
}

TEST(EndpointUrl, RefusesTheRest) {
  for (const char* url :
       {"", "host:6060", "ftp://host", "http://", "http:///x", "http://:80", "http://host:", "http://host:x",
        "http://host:123456", "http://[::1", "http://[::1]x", "http://me@host", "http://host/a?b",
        "http://host/a b", "http://ho\r\nst", "unix:relative"}) {
    EXPECT_EQ(Parts(url), "wrong") << url;
  }
}

}  // namespace
}  // namespace goleakstress::collectors
