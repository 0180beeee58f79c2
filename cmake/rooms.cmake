# How every room declares its libraries and tests, with one set of warnings for all of them.

add_library(gls_flags INTERFACE)
target_include_directories(gls_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(gls_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
if(GOLEAKSTRESS_SANITIZE)
  target_compile_options(gls_flags INTERFACE -fsanitize=${GOLEAKSTRESS_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(gls_flags INTERFACE -fsanitize=${GOLEAKSTRESS_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(gls_flags INTERFACE -Wno-maybe-uninitialized)  # g++ 12 sees ghosts in <regex> under sanitizers
  endif()
endif()

# gls_library(NAME SOURCES a.cc b.cc [DEPS ...]): a static library of one room.
function(gls_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC gls_flags ${arg_DEPS})
endfunction()

# gls_test(NAME SOURCES a_test.cc [DEPS ...] [TIMEOUT seconds] [LABELS ...]): one GoogleTest binary, one ctest entry.
# Tests find their data below ${CMAKE_SOURCE_DIR}, which is the working directory.
function(gls_test name)
  if(NOT GOLEAKSTRESS_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE gls_flags ${arg_DEPS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
