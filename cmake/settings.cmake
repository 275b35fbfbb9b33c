# Two interface targets that every target of ours links: how it is built, and what is warned about.
# Libraries of others never see the warnings.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(faultline_settings INTERFACE)
target_include_directories(faultline_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(faultline_settings INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_PROCESS_V2_HEADER_ONLY)
if(FAULTLINE_SANITIZE)
  target_compile_options(faultline_settings INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(faultline_settings INTERFACE -fsanitize=address,undefined)
endif()

add_library(faultline_warnings INTERFACE)
target_compile_options(faultline_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wno-missing-field-initializers
  $<$<BOOL:${FAULTLINE_WERROR}>:-Werror>)

# faultline_room(NAME SOURCES … USES …): a folder of the harness as one static library.
function(faultline_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC faultline_settings ${ROOM_USES} PRIVATE faultline_warnings)
endfunction()
