# `cmake --install`: the program and what it needs, where harness/cli/places.cpp looks for it. The kernels
# and what stacks' builds make are not among it: they are kept in the cache.
install(TARGETS faultline DESTINATION bin)
install(TARGETS faultline_gtest DESTINATION bin OPTIONAL)
install(TARGETS faultline-driver-linux DESTINATION libexec/faultline)
install(DIRECTORY cases DESTINATION share/faultline)
# Of the stacks that are built on demand everything: their sources also name what the cache holds.
install(DIRECTORY stacks/linux stacks/remote DESTINATION share/faultline/stacks
        FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY stacks/lwip stacks/gvisor stacks/defective DESTINATION share/faultline/stacks
        USE_SOURCE_PERMISSIONS)
install(PROGRAMS harness/kernel/uml/build DESTINATION share/faultline/kernel/uml)
install(FILES harness/kernel/uml/config DESTINATION share/faultline/kernel/uml)

# For people. A container's build leaves the documents out (.dockerignore).
install(FILES packaging/copyright DESTINATION share/doc/faultline)
install(FILES packaging/completion.bash DESTINATION share/bash-completion/completions
        RENAME faultline)
if(EXISTS ${PROJECT_SOURCE_DIR}/docs)
  install(DIRECTORY docs/ DESTINATION share/doc/faultline PATTERN man EXCLUDE)
  install(FILES README.md DESTINATION share/doc/faultline)
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/action.yml)
  install(FILES action.yml DESTINATION share/doc/faultline/examples)
endif()

# install_compressed(FILE NAME FOLDER): by gzip, without time and name, so that the same file comes out.
function(install_compressed file name folder)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/${file}
                  OUTPUT_FILE ${CMAKE_BINARY_DIR}/${name} COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${CMAKE_BINARY_DIR}/${name} DESTINATION ${folder})
endfunction()
install_compressed(packaging/changelog changelog.gz share/doc/faultline)
if(EXISTS ${PROJECT_SOURCE_DIR}/docs/man)
  install_compressed(docs/man/faultline.1 faultline.1.gz share/man/man1)
endif()
