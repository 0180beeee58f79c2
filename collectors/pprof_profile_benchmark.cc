// Times the decoding of profiles: pprof_profile_benchmark FILE... [--benchmark_...=...]
// The Go counterpart is BenchmarkDecode in testdata/pprofgo.
#include <benchmark/benchmark.h>

#include "collectors/gunzip.h"
#include "collectors/pprof_profile.h"
#include "collectors/profile_sites.h"
#include "collectors/test_files.h"

namespace goleakstress::collectors {
namespace {

void Decode(benchmark::State& state, const std::string& bytes) {
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(DecodeProfile(bytes).value());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
}

void Aggregate(benchmark::State& state, const std::string& bytes) {
  const Profile profile = DecodeProfile(bytes).value();
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(AggregateBySite(profile, 0));
  }
  state.counters["samples"] = static_cast<double>(profile.samples.size());
}

void Unpack(benchmark::State& state, const std::string& bytes) {
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(Gunzip(bytes, size_t{1} << 32).value());
  }
}

}  // namespace
}  // namespace goleakstress::collectors

int main(int argc, char** argv) {
  using namespace goleakstress::collectors;
  benchmark::Initialize(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const std::string bytes = ReadTestFile(name);
    const std::string raw = IsGzip(bytes) ? Gunzip(bytes, size_t{1} << 32).value() : bytes;
    benchmark::RegisterBenchmark((name + "/packed").c_str(), Decode, bytes);
    benchmark::RegisterBenchmark((name + "/raw").c_str(), Decode, raw);
    if (IsGzip(bytes)) benchmark::RegisterBenchmark((name + "/unpack").c_str(), Unpack, bytes);
    benchmark::RegisterBenchmark((name + "/aggregate").c_str(), Aggregate, raw);
  }
  benchmark::RunSpecifiedBenchmarks();
}
