#include "harness/report/json.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "harness/report/escape.h"

namespace goleakstress::report {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Number(double value) {
  constexpr double kLargest = 1e300;
  if (std::isnan(value)) return "0";
  return fmt::format("{}", std::clamp(value, -kLargest, kLargest));
}

class Printer {
 public:
  void Print(const Message& message, int level) {
    out_ += '{';
    const google::protobuf::Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (i > 0) out_ += ',';
      NewLine(level + 1);
      fmt::format_to(std::back_inserter(out_), "\"{}\": ", field.name());
      if (field.is_repeated()) {
        PrintList(message, field, level + 1);
      } else {
        PrintOne(message, field, level + 1);
      }
    }
    NewLine(level);
    out_ += '}';
  }

  std::string Take() && { return std::move(out_); }

 private:
  void NewLine(int level) {
    out_ += '\n';
    out_.append(static_cast<size_t>(level) * 2, ' ');
  }

  // report.proto repeats messages and strings only.
  void PrintList(const Message& message, const FieldDescriptor& field, int level) {
    const Reflection& fields = *message.GetReflection();
    const int size = fields.FieldSize(message, &field);
    out_ += '[';
    for (int i = 0; i < size; ++i) {
      if (i > 0) out_ += ',';
      NewLine(level + 1);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Print(fields.GetRepeatedMessage(message, &field, i), level + 1);
      } else {
        out_ += JsonString(fields.GetRepeatedString(message, &field, i));
      }
    }
    if (size > 0) NewLine(level);
    out_ += ']';
  }

  void PrintOne(const Message& message, const FieldDescriptor& field, int level) {
    const Reflection& fields = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Print(fields.GetMessage(message, &field), level);
      case FieldDescriptor::CPPTYPE_INT32:
        out_ += fmt::format("{}", fields.GetInt32(message, &field));
        return;
      case FieldDescriptor::CPPTYPE_UINT32:
        out_ += fmt::format("{}", fields.GetUInt32(message, &field));
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        out_ += fmt::format("{}", fields.GetInt64(message, &field));
        return;
      case FieldDescriptor::CPPTYPE_UINT64:
        out_ += fmt::format("{}", fields.GetUInt64(message, &field));
        return;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        out_ += Number(fields.GetDouble(message, &field));
        return;
      case FieldDescriptor::CPPTYPE_FLOAT:
        out_ += Number(static_cast<double>(fields.GetFloat(message, &field)));
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        out_ += fields.GetBool(message, &field) ? "true" : "false";
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        out_ += JsonString(fields.GetEnum(message, &field)->name());
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        out_ += JsonString(fields.GetString(message, &field));
        return;
    }
  }

  std::string out_;
};

}  // namespace

std::string JsonString(const std::string& text) {
  std::string out = "\"";
  for (const char c : ValidUtf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      // A terminal that shows the file shall not obey it.
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string JsonReport(const Report& report) {
  Printer printer;
  printer.Print(report, 0);
  return std::move(printer).Take() + '\n';
}

}  // namespace goleakstress::report
