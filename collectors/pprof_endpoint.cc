#include "collectors/pprof_endpoint.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/version.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "collectors/endpoint_url.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using UnixStream = beast::basic_stream<asio::local::stream_protocol>;
using Parser = http::response_parser<http::string_body>;
using Request = http::request<http::empty_body>;
using Deadline = std::chrono::steady_clock::time_point;

// Runs one asynchronous operation to its end: only those heed a stream's deadline.
template <typename Start>
error_code Await(asio::io_context& io, Start start) {
  error_code result;
  start([&result](error_code error, auto&&...) { result = error; });
  io.restart();
  io.run();
  return result;
}

// A connection: its three kinds differ in how it is opened.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual error_code Open(const EndpointUrl& url, Deadline deadline) = 0;
  virtual error_code Exchange(const Request& request, Parser* parser, Deadline deadline) = 0;
};

template <typename Stream>
class StreamConnection : public Connection {
 public:
  template <typename... Args>
  explicit StreamConnection(asio::io_context& io, Args&&... args)
      : io_(io), stream_(io, std::forward<Args>(args)...) {}

  error_code Open(const EndpointUrl& url, Deadline deadline) override {
    beast::get_lowest_layer(stream_).expires_at(deadline);
    if constexpr (std::is_same_v<Stream, UnixStream>) {
      constexpr size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
      if (url.host.size() > kLongestPath) return asio::error::name_too_long;
      return Await(io_, [&](auto done) {
        stream_.async_connect(asio::local::stream_protocol::endpoint(url.host), std::move(done));
      });
    } else {
      return OpenTcp(url, deadline);
    }
  }

  error_code Exchange(const Request& request, Parser* parser, Deadline deadline) override {
    beast::get_lowest_layer(stream_).expires_at(deadline);
    error_code error = Await(io_, [&](auto done) { http::async_write(stream_, request, std::move(done)); });
    if (error) return error;
    return Await(io_, [&](auto done) { http::async_read(stream_, buffer_, *parser, std::move(done)); });
  }

 private:
  error_code OpenTcp(const EndpointUrl& url, Deadline deadline) {
    asio::ip::tcp::resolver resolver(io_);
    error_code error;
    const auto addresses = resolver.resolve(url.host, url.port, error);
    if (error) return error;
    auto& lowest = beast::get_lowest_layer(stream_);
    lowest.expires_at(deadline);
    error = Await(io_, [&](auto done) { lowest.async_connect(addresses, std::move(done)); });
    if (error) return error;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (!SSL_set_tlsext_host_name(stream_.native_handle(), url.host.c_str())) {
        return error_code(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category());
      }
      stream_.set_verify_callback(asio::ssl::host_name_verification(url.host));
      return Await(
          io_, [&](auto done) { stream_.async_handshake(asio::ssl::stream_base::client, std::move(done)); });
    }
    return {};
  }

  asio::io_context& io_;
  Stream stream_;
  beast::flat_buffer buffer_{256 << 10};
};

// The start of what a server says, fit for one line of a message.
std::string Excerpt(std::string_view body) {
  std::string excerpt;
  for (const char c : body.substr(0, 200)) excerpt += c >= ' ' && c <= '~' ? c : ' ';
  while (excerpt.ends_with(' ')) excerpt.pop_back();
  return excerpt;
}

absl::Status TransportError(error_code error, const std::string& what) {
  const std::string text = fmt::format("{}: {}", what, error.message());
  if (error == beast::error::timeout) return absl::DeadlineExceededError(text);
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    return absl::ResourceExhaustedError(text);
  }
  if (error.category() == make_error_code(http::error::bad_version).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return absl::FailedPreconditionError(fmt::format("{}, so it is no HTTP server", text));
  }
  return absl::UnavailableError(text);
}

absl::StatusOr<std::string> BodyOf(Parser* parser, const std::string& what) {
  auto& response = parser->get();
  const unsigned status = response.result_int();
  const auto content_type = response[http::field::content_type];
  if (status == 200 && !beast::iequals(content_type.substr(0, 9), "text/html"))
    return std::move(response.body());
  if (status == 200) {
    return absl::FailedPreconditionError(
        fmt::format("{}: answered with a web page instead of a profile", what));
  }
  const std::string text = fmt::format("{}: status {}: {}", what, status, Excerpt(response.body()));
  if (status == 404) {
    return absl::NotFoundError(
        fmt::format("{}: profile not served here (404: {})", what, Excerpt(response.body())));
  }
  if (status == 401 || status == 403) return absl::PermissionDeniedError(text);
  if (status >= 500) return absl::UnavailableError(text);
  if (status >= 300 && status < 400) {
    return absl::FailedPreconditionError(
        fmt::format("{}: redirects to {}", what, Excerpt(std::string(response[http::field::location]))));
  }
  return absl::FailedPreconditionError(text);
}

}  // namespace

class PprofEndpoint::Impl {
 public:
  Impl(EndpointUrl url, EndpointOptions options) : url_(std::move(url)), options_(std::move(options)) {}

  absl::Status SetUpTls() {
    if (url_.scheme != EndpointUrl::Scheme::kHttps) return absl::OkStatus();
    error_code error;
    tls_.set_default_verify_paths(error);
    tls_.set_verify_mode(asio::ssl::verify_peer);
    if (options_.ca_file.empty()) return absl::OkStatus();
    tls_.load_verify_file(options_.ca_file, error);
    if (!error) return absl::OkStatus();
    return absl::InvalidArgumentError(fmt::format("reading {}: {}", options_.ca_file, error.message()));
  }

  absl::StatusOr<std::string> Get(std::string_view name, std::string_view query) {
    Request request(http::verb::get, fmt::format("{}/{}?{}", url_.path, EscapePath(name), query), 11);
    request.set(http::field::host, url_.host_header);
    request.set(http::field::user_agent, "goleakstress");
    const std::string what =
        fmt::format("{} {}: GET {}", url_.host, url_.port, std::string(request.target()));
    const Deadline deadline = std::chrono::steady_clock::now() + options_.timeout;

    std::optional<Parser> parser;
    error_code error = asio::error::not_connected;
    if (connection_ != nullptr) error = Exchange(request, &parser, deadline);
    // A server may close an idle connection at any time: then, and only where it sent nothing, ask again.
    const bool nothing_came = !parser.has_value() || !parser->got_some();
    if (connection_ == nullptr || (error && error != beast::error::timeout && nothing_came)) {
      connection_ = NewConnection();
      error = connection_->Open(url_, deadline);
      if (!error) error = Exchange(request, &parser, deadline);
    }
    if (error) {
      connection_.reset();
      return TransportError(error, what);
    }
    if (!parser->get().keep_alive()) connection_.reset();
    return BodyOf(&*parser, what);
  }

 private:
  error_code Exchange(const Request& request, std::optional<Parser>* parser, Deadline deadline) {
    parser->emplace();
    (*parser)->body_limit(options_.max_body_bytes);
    return connection_->Exchange(request, &**parser, deadline);
  }

  std::unique_ptr<Connection> NewConnection() {
    switch (url_.scheme) {
      case EndpointUrl::Scheme::kHttps:
        return std::make_unique<StreamConnection<TlsStream>>(io_, tls_);
      case EndpointUrl::Scheme::kUnix:
        return std::make_unique<StreamConnection<UnixStream>>(io_);
      case EndpointUrl::Scheme::kHttp:
        break;
    }
    return std::make_unique<StreamConnection<PlainStream>>(io_);
  }

  const EndpointUrl url_;
  const EndpointOptions options_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  std::unique_ptr<Connection> connection_;
};

absl::StatusOr<PprofEndpoint> PprofEndpoint::Create(std::string_view url, EndpointOptions options) {
  absl::StatusOr<EndpointUrl> parsed = ParseEndpointUrl(url);
  if (!parsed.ok()) return parsed.status();
  auto impl = std::make_unique<Impl>(*std::move(parsed), std::move(options));
  if (absl::Status status = impl->SetUpTls(); !status.ok()) return status;
  return PprofEndpoint(std::move(impl));
}

PprofEndpoint::PprofEndpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PprofEndpoint::PprofEndpoint(PprofEndpoint&&) noexcept = default;
PprofEndpoint& PprofEndpoint::operator=(PprofEndpoint&&) noexcept = default;
PprofEndpoint::~PprofEndpoint() = default;

absl::StatusOr<std::string> PprofEndpoint::Get(std::string_view name, std::string_view query) {
  return impl_->Get(name, query);
}

}  // namespace goleakstress::collectors
