# Puts text files into the program.
#
#   gls_embed(OUT_CC FUNCTION ns::Name FILES a b ...)
#
# writes OUT_CC, which defines `std::span<const goleakstress::build::EmbeddedFile> ns::Name()`: the files' names (without their
# directories) and contents, in the order given. OUT_CC is made again when a file changes.
function(gls_embed out)
  cmake_parse_arguments(arg "" "FUNCTION" "FILES" ${ARGN})
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFUNCTION=${arg_FUNCTION} "-DFILES=${arg_FILES}"
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${arg_FILES} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE)
  return()
endif()

string(REGEX MATCH "^(.*)::([^:]+)$" whole "${FUNCTION}")
set(namespace ${CMAKE_MATCH_1})
set(name ${CMAKE_MATCH_2})
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(base "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n"
    bytes "${bytes}")
  string(MAKE_C_IDENTIFIER "${base}" id)
  # The closing 0 makes an empty file an array too; it is not part of the contents.
  string(APPEND arrays "constexpr unsigned char k_${id}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${base}\", {reinterpret_cast<const char*>(k_${id}), sizeof(k_${id}) - 1}},\n")
endforeach()
if(rows STREQUAL "")
  set(body "  return {};\n")
else()
  set(body "  static const goleakstress::build::EmbeddedFile files[] = {\n${rows}  };\n  return files;\n")
endif()
file(WRITE "${OUT}" "// Made by cmake/embed.cmake.
#include <span>

#include \"harness/build/embedded_file.h\"

namespace ${namespace} {
namespace {
${arrays}}  // namespace

std::span<const goleakstress::build::EmbeddedFile> ${name}();
std::span<const goleakstress::build::EmbeddedFile> ${name}() {
${body}}

}  // namespace ${namespace}
")
