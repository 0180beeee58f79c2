// What the documents say of the program holds: commands parse, names are complete, links lead somewhere.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "harness/build/probes.h"
#include "harness/options.h"
#include "harness/proto/report.pb.h"
#include "harness/report/rules.h"
#include "harness/report/writer.h"

namespace goleakstress {
namespace {

using ::testing::HasSubstr;

constexpr char kManual[] = "docs/goleakstress.1";

std::string Read(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Documents() {
  std::vector<std::string> paths = {"README.md", "targets/README.md"};
  for (const auto& entry : std::filesystem::directory_iterator("docs")) paths.push_back(entry.path());
  return paths;
}

std::vector<std::string> Matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    found.push_back((*at)[1].str());
  }
  return found;
}

// The words of a command line as a shell sees them, up to a comment.
std::vector<std::string> Words(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string& word : Matches(line, R"(('[^']*'|[^\s']+))")) {
    if (word.starts_with('#')) break;
    words.push_back(word.starts_with('\'') ? word.substr(1, word.size() - 2) : word);
  }
  return words;
}

TEST(Documents, CommandsParse) {
  size_t commands = 0;
  for (const std::string& path : Documents()) {
    const std::string text = std::regex_replace(Read(path), std::regex(R"(\\-)"), "-");
    for (const std::string& line : Matches(text, "goleakstress (run[^`\n\"]*)")) {
      const auto options = ParseOptions(Words(line));
      ASSERT_TRUE(options.ok()) << path << ": " << line << "\n" << options.status();
      EXPECT_TRUE(report::ParseFormats(options->formats).ok()) << path << ": " << line;
      ++commands;
    }
  }
  EXPECT_GT(commands, 10u);
}

TEST(Documents, TheManualNamesEveryFlagAndNoOther) {
  const std::string help = ParseOptions({"help"})->help;
  const auto in_help = Matches(help, R"( -([a-z][a-z-]*))");
  std::set<std::string> known(in_help.begin(), in_help.end());
  const auto in_manual = Matches(Read(kManual), R"(Fl ([a-z][a-z-]*))");
  EXPECT_EQ(known, std::set<std::string>(in_manual.begin(), in_manual.end()));
}

TEST(Documents, TheManualNamesEveryProbeAndFormat) {
  const std::string manual = Read(kManual);
  for (const build::Probe& probe : build::AllProbes(build::AgentPlaceFor(26))) {
    EXPECT_THAT(manual, HasSubstr(probe.name));
  }
  for (const report::ReportWriter* writer : report::Writers()) {
    EXPECT_THAT(manual, HasSubstr(std::string(writer->name())));
  }
}

void ExpectFieldsNamed(const google::protobuf::Descriptor& type, const std::string& text) {
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    EXPECT_TRUE(std::regex_search(text, std::regex(fmt::format(R"(`{}(\[\])?`)", field.name()))))
        << "docs/reports.md says nothing of " << field.full_name();
    if (field.message_type() != nullptr) ExpectFieldsNamed(*field.message_type(), text);
  }
}

TEST(Documents, EveryFieldOfTheReportIsExplained) {
  ExpectFieldsNamed(*report::Report::descriptor(), Read("docs/reports.md"));
}

TEST(Documents, RulesAreThoseOfTheProgram) {
  const std::string text = Read("docs/reports.md");
  for (const report::Rule& rule : report::Rules()) {
    EXPECT_THAT(text, HasSubstr(fmt::format("| {} | {} |", rule.id, rule.title)));
  }
}

TEST(Documents, LinksLeadSomewhere) {
  for (const std::string& path : Documents()) {
    const std::filesystem::path dir = std::filesystem::path(path).parent_path();
    for (const std::string& link : Matches(Read(path), R"(\]\(([^)#:]+)\))")) {
      EXPECT_TRUE(std::filesystem::exists(dir / link)) << path << " links to " << link;
    }
  }
}

}  // namespace
}  // namespace goleakstress
