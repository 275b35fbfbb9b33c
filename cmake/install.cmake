# `cmake --install`: the program and what it needs, where harness/cli/places.cpp looks for it. The kernel
# is not among it: it is kept in the cache.
install(TARGETS faultline DESTINATION bin)
install(TARGETS faultline_gtest DESTINATION bin OPTIONAL)
install(TARGETS faultline-driver-linux DESTINATION libexec/faultline)
install(DIRECTORY cases DESTINATION share/faultline)
install(DIRECTORY stacks DESTINATION share/faultline FILES_MATCHING PATTERN "*.toml")
install(PROGRAMS harness/kernel/uml/build DESTINATION share/faultline/kernel/uml)
install(FILES harness/kernel/uml/config DESTINATION share/faultline/kernel/uml)
install(FILES LICENSE DESTINATION share/doc/faultline)
