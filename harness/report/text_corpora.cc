#include "harness/report/text_corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/report/escape.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

std::string NameOf(const Corpus& corpus) {
  return fmt::format("{}  {}", OneLine(corpus.package()), OneLine(corpus.entry()));
}

}  // namespace

std::string CorporaText(const Corpora& corpora) {
  size_t width = 0;
  int64_t inputs = 0, bytes = 0;
  for (const Corpus& corpus : corpora.corpus()) {
    width = std::max(width, NameOf(corpus).size());
    inputs += corpus.inputs();
    bytes += corpus.bytes();
  }
  std::string text;
  const auto out = std::back_inserter(text);
  for (const Corpus& corpus : corpora.corpus()) {
    fmt::format_to(out, "{:<{}}  {:>13}  {:>10}", NameOf(corpus), width, Count(corpus.inputs(), "input"),
                   Bytes(static_cast<double>(corpus.bytes())));
    if (!corpus.last_gain().empty()) fmt::format_to(out, "  last gain {}", OneLine(corpus.last_gain()));
    if (corpus.merge().inputs_before() > 0 && corpus.merge().error().empty()) {
      fmt::format_to(out, ", of {} ({}), {}", Count(corpus.merge().inputs_before(), "input"),
                     Bytes(static_cast<double>(corpus.merge().bytes_before())),
                     Count(corpus.merge().features(), "feature"));
    }
    text += '\n';
    for (const SetAside& aside : corpus.merge().set_aside()) {
      fmt::format_to(out, "      set aside {}: {}\n", OneLine(aside.file(), 1000), OneLine(aside.why()));
    }
    if (!corpus.merge().error().empty()) {
      fmt::format_to(out, "      not merged to the end: {}\n", OneLine(corpus.merge().error(), 1000));
    }
  }
  fmt::format_to(out, "{}, {}, {} in {}\n", Count(corpora.corpus_size(), "entry"), Count(inputs, "input"),
                 Bytes(static_cast<double>(bytes)), OneLine(corpora.place(), 1000));
  return text;
}

}  // namespace goleakstress::report
