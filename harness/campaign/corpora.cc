#include "harness/campaign/corpora.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <tuple>

#include "harness/input/sha256.h"

namespace goleakstress::campaign {
namespace {

namespace fs = std::filesystem;

constexpr char kKind[] = "fuzz";  // in the cache

std::string NameOf(const std::string& package_dir, const std::string& entry) {
  return fmt::format("{}-{}", entry, input::Sha256Hex(package_dir + "\n" + entry).substr(0, 16));
}

}  // namespace

std::string CorporaPlace(const Options& options, const Workplace& place) {
  if (options.work.empty()) return fmt::format("{}/{}", place.cache->dir(), kKind);
  const fs::path work = fs::path(place.cwd) / options.work;
  return target::WorkDir::InputsDirOf(work.lexically_normal().string());
}

std::string MakeCorpusDir(const std::string& package_dir, const std::string& entry, const Workplace& place) {
  const std::string name = NameOf(package_dir, entry);
  if (place.work_dir->kept()) return fmt::format("{}/{}", place.work_dir->inputs_dir(), name);
  auto made = place.cache->Entry(kKind, name);
  return made.ok() ? *made : "";
}

void CountCorpus(report::Corpus* corpus) {
  int inputs = 0;
  int64_t bytes = 0;
  std::time_t newest = 0;
  std::error_code error;
  for (fs::directory_iterator at(corpus->directory() + "/corpus", error), end; !error && at != end;
       at.increment(error)) {
    struct stat file;
    if (stat(at->path().c_str(), &file) != 0 || !S_ISREG(file.st_mode)) continue;
    ++inputs;
    bytes += file.st_size;
    newest = std::max(newest, file.st_mtime);
  }
  corpus->set_inputs(inputs);
  corpus->set_bytes(bytes);
  corpus->set_last_gain(inputs == 0 ? "" : fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(newest)));
}

std::vector<report::Corpus> FindCorpora(const std::string& corpora_place,
                                        const std::vector<build::Package>& packages,
                                        const std::function<bool(const std::string&)>& wanted) {
  std::vector<report::Corpus> found;
  std::error_code error;
  for (fs::directory_iterator at(corpora_place, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    const std::string entry = name.substr(0, name.rfind('-'));
    if (!entry.starts_with("Fuzz") || !wanted(entry)) continue;
    const auto owner = std::find_if(packages.begin(), packages.end(), [&](const build::Package& package) {
      return NameOf(package.dir, entry) == name;
    });
    if (owner == packages.end()) continue;
    report::Corpus& corpus = found.emplace_back();
    corpus.set_package(owner->import_path);
    corpus.set_entry(entry);
    corpus.set_directory(at->path());
    CountCorpus(&corpus);
  }
  std::sort(found.begin(), found.end(), [](const report::Corpus& a, const report::Corpus& b) {
    return std::tie(a.package(), a.entry()) < std::tie(b.package(), b.entry());
  });
  return found;
}

}  // namespace goleakstress::campaign
