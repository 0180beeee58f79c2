// The parts of the URLs that PprofEndpoint takes.
#ifndef COLLECTORS_ENDPOINT_URL_H_
#define COLLECTORS_ENDPOINT_URL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

struct EndpointUrl {
  enum class Scheme { kHttp, kHttps, kUnix };
  Scheme scheme = Scheme::kHttp;
  std::string host;  // without the brackets of an IPv6 address; for kUnix the socket's path
  std::string port;  // decimal; empty for kUnix
  std::string host_header;
  std::string path;  // of the profiles, ends in "/debug/pprof"
};

// See PprofEndpoint::Create for what is taken. InvalidArgument otherwise.
absl::StatusOr<EndpointUrl> ParseEndpointUrl(std::string_view url);

// `name` with everything percent-encoded but letters, digits and "-._~/".
std::string EscapePath(std::string_view name);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_ENDPOINT_URL_H_
