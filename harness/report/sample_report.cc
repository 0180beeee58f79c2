#include "harness/report/sample_report.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace goleakstress::report {
namespace {

using google::protobuf::FieldDescriptor;

std::string PathOf(std::string_view file) { return fmt::format("harness/report/testdata/{}", file); }

// Fills every field of the message, also of those below it.
void Poison(google::protobuf::Message* message, const std::string& text) {
  const google::protobuf::Reflection& fields = *message->GetReflection();
  const google::protobuf::Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool list = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        list ? fields.AddString(message, &field, text) : fields.SetString(message, &field, text);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Poison(list ? fields.AddMessage(message, &field) : fields.MutableMessage(message, &field), text);
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        fields.SetDouble(message, &field, -1e308);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        fields.SetInt32(message, &field, INT32_MIN);
        break;
      default:
        break;
    }
  }
}

}  // namespace

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Report SampleReport(std::string_view name) {
  Report report;
  const std::string path = PathOf(fmt::format("{}.textproto", name));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadText(path), &report)) << path;
  return report;
}

void ExpectGolden(std::string_view file, std::string_view actual) {
  if (std::getenv("GLS_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(PathOf(file), std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(ReadText(PathOf(file)), actual) << file;
}

Report HostileReport(size_t size) {
  const std::string text =
      "\x1b[31mred\x1b]0;title\a \rforged\nLEAK line\t\xff\xc3( \xed\xa0\x80 \xe2\x80\xae\xc2\x9b \x7f \"<a "
      "b='c'>"
      "&]]>`%0A::" +
      std::string(size, 'x');
  Report report;
  Poison(&report, text);
  return report;
}

}  // namespace goleakstress::report
