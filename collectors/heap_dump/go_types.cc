#include "collectors/heap_dump/go_types.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <optional>
#include <set>
#include <string_view>

namespace goleakstress::collectors {

struct GoTypes::Handle {
  int fd = -1;
  Dwarf* dwarf = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (dwarf != nullptr) dwarf_end(dwarf);
    if (fd >= 0) close(fd);
  }
};

namespace {

constexpr int kDeepestType = 32;  // of nested structs and arrays

std::string NameOf(Dwarf_Die* die) {
  const char* const name = dwarf_diename(die);
  return name == nullptr ? std::string() : std::string(name);
}

std::optional<Dwarf_Die> TypeOf(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_attr(die, DW_AT_type, &attribute) == nullptr || dwarf_formref_die(&attribute, &type) == nullptr)
    return std::nullopt;
  return type;
}

std::optional<uint64_t> Number(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0)
    return std::nullopt;
  return value;
}

// "map[string]*textbook.Profile" of "map[string]*example.com/textbook.Profile".
std::string WithoutPaths(std::string_view type) {
  std::string out;
  size_t element = 0;  // where the path element being copied begins
  for (const char c : type) {
    if (c == '/') {
      out.resize(element);
      continue;
    }
    out += c;
    const bool in_path = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ||
                         c == '-' || c == '~' || c == '%';
    if (!in_path) element = out.size();
  }
  return out;
}

std::string_view PackageOf(std::string_view name) {
  const size_t slash = name.rfind('/', name.find('['));
  return name.substr(0, name.find('.', slash == std::string_view::npos ? 0 : slash));
}

std::string_view FirstElement(std::string_view package) { return package.substr(0, package.find('/')); }

// What is a whole to the user although it has fields.
bool IsWhole(std::string_view name) {
  constexpr std::array<std::string_view, 5> kBegins = {"map[", "chan ", "[]", "func(", "interface {"};
  for (const std::string_view begin : kBegins) {
    if (name.starts_with(begin)) return true;
  }
  return name == "string" || name == "error";
}

// Whether the code of `home` may name this field.
bool IsVisible(std::string_view home, std::string_view struct_name, std::string_view field) {
  if (!field.empty() && std::isupper(static_cast<unsigned char>(field[0])) != 0) return true;
  const std::string_view package = PackageOf(struct_name);
  return package == home || struct_name.starts_with("struct {") ||
         (home.find('.') < home.find('/') && FirstElement(package) == FirstElement(home));
}

struct Place {
  Dwarf_Die type;
  uint64_t offset = 0;  // within it
};

// Steps into the field or element at the offset. False: this is as deep as it goes.
bool StepInto(Place* place, std::string_view home, std::string* fields) {
  const std::string name = NameOf(&place->type);
  if (IsWhole(name)) return false;
  const int tag = dwarf_tag(&place->type);
  if (tag == DW_TAG_typedef) {
    const auto target = TypeOf(&place->type);
    // Interfaces are typedefs of the runtime's structs.
    if (!target) return false;
    Dwarf_Die type = *target;
    if (NameOf(&type).starts_with("runtime.")) return false;
    place->type = type;
    return true;
  }
  if (tag == DW_TAG_array_type) {
    auto element = TypeOf(&place->type);
    const auto size = element ? Number(&*element, DW_AT_byte_size) : std::nullopt;
    if (!size || *size == 0) return false;
    *place = {*element, place->offset % *size};
    *fields += "[]";
    return true;
  }
  if (tag != DW_TAG_structure_type) return false;
  Dwarf_Die member;
  if (dwarf_child(&place->type, &member) != 0) return false;
  do {
    const auto begin = Number(&member, DW_AT_data_member_location);
    auto type = TypeOf(&member);
    if (dwarf_tag(&member) != DW_TAG_member || !begin || !type || place->offset < *begin) continue;
    const auto size = Number(&*type, DW_AT_byte_size);
    // A typedef has the size of its target, which is where the next member begins at the latest.
    if (size && place->offset - *begin >= *size) continue;
    if (!size) {
      Dwarf_Die next = member;
      if (dwarf_siblingof(&member, &next) == 0) {
        const auto end = Number(&next, DW_AT_data_member_location);
        if (end && place->offset >= *end) continue;
      }
    }
    const std::string field = NameOf(&member);
    if (!IsVisible(home, name, field)) return false;
    *place = {*type, place->offset - *begin};
    *fields += "." + field;
    return true;
  } while (dwarf_siblingof(&member, &member) == 0);
  return false;
}

}  // namespace

GoTypes::~GoTypes() = default;

absl::StatusOr<std::unique_ptr<GoTypes>> GoTypes::Read(const std::string& path) {
  std::unique_ptr<GoTypes> types(new GoTypes);
  types->handle_ = std::make_unique<Handle>();
  Handle& handle = *types->handle_;
  handle.fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle.fd < 0) return absl::ErrnoToStatus(errno, "opening " + path);
  handle.dwarf = dwarf_begin(handle.fd, DWARF_C_READ);
  if (handle.dwarf == nullptr) return absl::InvalidArgumentError(path + " has no debug information");
  Dwarf_CU* unit = nullptr;
  Dwarf_Die unit_die;
  while (dwarf_get_units(handle.dwarf, unit, &unit, nullptr, nullptr, &unit_die, nullptr) == 0) {
    Dwarf_Die die;
    if (dwarf_child(&unit_die, &die) != 0) continue;
    do {
      if (dwarf_tag(&die) == DW_TAG_variable) types->variables_.emplace(NameOf(&die), dwarf_dieoffset(&die));
    } while (dwarf_siblingof(&die, &die) == 0);
  }
  return types;
}

TypePath GoTypes::Follow(const std::string& variable, const std::vector<uint64_t>& offsets) const {
  TypePath path;
  const auto found = variables_.find(variable);
  Dwarf_Die die;
  if (found == variables_.end() || dwarf_offdie(handle_->dwarf, found->second, &die) == nullptr) return path;
  auto type = TypeOf(&die);
  if (!type) return path;
  const std::string home(PackageOf(variable));
  Dwarf_Die here = *type;
  path.type = WithoutPaths(NameOf(&here));
  std::set<uint64_t> seen;  // types pointed to: lists and trees are told by their first element
  for (const uint64_t offset : offsets) {
    Place place = {here, offset};
    std::string fields = path.fields;
    for (int depth = 0; depth < kDeepestType && StepInto(&place, home, &fields); ++depth) {
    }
    auto target = TypeOf(&place.type);
    const bool pointer = dwarf_tag(&place.type) == DW_TAG_pointer_type && target;
    if (pointer && !seen.insert(dwarf_dieoffset(&*target)).second) break;
    path = {.fields = fields, .type = WithoutPaths(NameOf(&place.type))};
    if (!pointer) break;
    here = *target;
  }
  return path;
}

}  // namespace goleakstress::collectors
