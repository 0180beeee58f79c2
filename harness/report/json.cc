#include "harness/report/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <utility>

#include "harness/report/json_writer.h"

namespace goleakstress::report {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void WriteMessage(const Message& message, JsonWriter* json);

// report.proto repeats messages and strings only.
void WriteList(const Message& message, const FieldDescriptor& field, JsonWriter* json) {
  const Reflection& fields = *message.GetReflection();
  const int size = fields.FieldSize(message, &field);
  json->BeginArray();
  for (int i = 0; i < size; ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      WriteMessage(fields.GetRepeatedMessage(message, &field, i), json);
    } else {
      json->String(fields.GetRepeatedString(message, &field, i));
    }
  }
  json->EndArray();
}

void WriteOne(const Message& message, const FieldDescriptor& field, JsonWriter* json) {
  const Reflection& fields = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteMessage(fields.GetMessage(message, &field), json);
    case FieldDescriptor::CPPTYPE_INT32:
      return json->Int(fields.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return json->Int(fields.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return json->Int(fields.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return json->Int(static_cast<int64_t>(fields.GetUInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return json->Double(fields.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return json->Double(static_cast<double>(fields.GetFloat(message, &field)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return json->Bool(fields.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return json->String(fields.GetEnum(message, &field)->name());
    case FieldDescriptor::CPPTYPE_STRING:
      return json->String(fields.GetString(message, &field));
  }
}

void WriteMessage(const Message& message, JsonWriter* json) {
  json->BeginObject();
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    json->Key(field.name());
    if (field.is_repeated()) {
      WriteList(message, field, json);
    } else {
      WriteOne(message, field, json);
    }
  }
  json->EndObject();
}

}  // namespace

std::string JsonReport(const Report& report) {
  JsonWriter json;
  WriteMessage(report, &json);
  return std::move(json).Take();
}

}  // namespace goleakstress::report
