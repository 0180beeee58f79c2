// Fetches profiles from a server that has net/http/pprof.
#ifndef COLLECTORS_PPROF_ENDPOINT_H_
#define COLLECTORS_PPROF_ENDPOINT_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

struct EndpointOptions {
  std::chrono::milliseconds timeout =
      std::chrono::seconds(30);  // for one Get as a whole, but for the name look-up
  uint64_t max_body_bytes = uint64_t{512} << 20;
  std::string ca_file = {};  // https: PEM file of authorities to trust besides the system's
};

// One server, over one connection that stays open from Get to Get. For one thread at a time.
class PprofEndpoint {
 public:
  // `url` is http://HOST[:PORT][/PREFIX], https://HOST[:PORT][/PREFIX] or unix:/PATH. The profiles are looked
  // for below PREFIX/debug/pprof, or below PREFIX itself if it already ends so. Does not connect yet.
  // InvalidArgument for any other text, and for a ca_file that cannot be read.
  static absl::StatusOr<PprofEndpoint> Create(std::string_view url, EndpointOptions options = {});

  PprofEndpoint(PprofEndpoint&&) noexcept;
  PprofEndpoint& operator=(PprofEndpoint&&) noexcept;
  ~PprofEndpoint();

  // The body of GET PREFIX/debug/pprof/NAME?QUERY. With the default query that is what DecodeProfile takes;
  // "debug=2" of "goroutine" is what ParseGoroutineText takes; "gc=1" of "heap" collects garbage first. A
  // connection that the server had closed meanwhile is opened anew. NotFound: the server has no such profile;
  // Unavailable: no connection, or the server fails; DeadlineExceeded; ResourceExhausted: a body above the
  // limit; PermissionDenied; FailedPrecondition: the answer comes from something that is no pprof server.
  absl::StatusOr<std::string> Get(std::string_view name, std::string_view query = "debug=0");

 private:
  class Impl;
  explicit PprofEndpoint(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PPROF_ENDPOINT_H_
