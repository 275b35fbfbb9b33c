# `cpack -G DEB` in the build's folder: a package of what `cmake --install` installs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME faultline)
set(CPACK_PACKAGE_CONTACT "Faultline developers <faultline@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Two real TCP stacks talk to each other; an interceptor between them drops,
delays, reorders, duplicates, edits and forges exactly the segments that a
case names, and a judge checks what both ends did: their states, their
segments, their answers to the application, and their timing. Comes with a
suite of cases, virtual time, and drivers of Linux, lwIP and gVisor.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What kernels with virtual time are built with; and the stacks beside Linux, and other kernels run.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "bc, bison, flex, gcc, libc6-dev, make, xz-utils")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
    "dpkg-dev, golang-go, golang-gvisor-gvisor-dev, perl, qemu-system-x86")
include(CPack)
