# Everything comes from Debian 12. Boost is headers only and must be 1.81 or newer (Process v2);
# where the system has an older one, `cmake/setup.sh` unpacks the newer headers beside the build.

find_package(PkgConfig REQUIRED)
pkg_check_modules(NETLINK REQUIRED IMPORTED_TARGET libmnl libnftnl libnetfilter_queue)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(Threads REQUIRED)

find_path(BOOST_INCLUDE_DIR boost/process/v2.hpp
  HINTS ${PROJECT_SOURCE_DIR}/build/deps/boost/usr/include REQUIRED
  DOC "Boost headers, 1.81 or newer")
add_library(faultline_boost INTERFACE)
target_include_directories(faultline_boost SYSTEM INTERFACE ${BOOST_INCLUDE_DIR})
target_link_libraries(faultline_boost INTERFACE Threads::Threads)
