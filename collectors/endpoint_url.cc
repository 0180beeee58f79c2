#include "collectors/endpoint_url.h"

#include <algorithm>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

constexpr std::string_view kProfiles = "/debug/pprof";

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "host", "host:80", "[::1]", "[::1]:80"
bool SplitAuthority(std::string_view authority, EndpointUrl* url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    url->host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return false;
  } else {
    const size_t colon = std::min(authority.find(':'), authority.size());
    url->host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (url->host.empty() || url->host.find_first_of("@?# /\r\n") != std::string::npos) return false;
  if (port.empty()) return true;
  url->port = port.substr(1);
  return IsPort(url->port);
}

}  // namespace

absl::StatusOr<EndpointUrl> ParseEndpointUrl(std::string_view text) {
  const auto wrong = [text] {
    return absl::InvalidArgumentError(fmt::format(
        "\"{}\": expected http://HOST[:PORT][/PREFIX], https://HOST[:PORT][/PREFIX] or unix:/PATH", text));
  };
  EndpointUrl url;
  std::string_view rest = text;
  if (rest.starts_with("unix:/")) {
    rest.remove_prefix(5);
    while (rest.starts_with("//")) rest.remove_prefix(1);  // unix:///run/x.sock
    url.scheme = EndpointUrl::Scheme::kUnix;
    url.host = rest;
    url.host_header = "localhost";
    url.path = kProfiles;
    return url;
  }
  if (rest.starts_with("http://")) {
    url.port = "80";
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    url.scheme = EndpointUrl::Scheme::kHttps;
    url.port = "443";
    rest.remove_prefix(8);
  } else {
    return wrong();
  }
  const size_t slash = std::min(rest.find('/'), rest.size());
  if (!SplitAuthority(rest.substr(0, slash), &url)) return wrong();
  url.host_header = rest.substr(0, slash);
  std::string_view prefix = rest.substr(slash);
  if (prefix.find_first_of("?# \r\n") != std::string_view::npos) return wrong();
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  url.path = prefix;
  if (!prefix.ends_with(kProfiles)) url.path += kProfiles;
  return url;
}

std::string EscapePath(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (IsAlphanumeric(c) || std::string_view("-._~/").find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

}  // namespace goleakstress::collectors
