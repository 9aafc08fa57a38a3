# What `cmake --install` and the Debian package hold: the program, its manual page and bash completion, the bundled
# scenarios and lessons with their registry and rule files, the schema, and what a person reads first.
include(GNUInstallDirs)

# The manual page names the files that came with the program, so it is made when the place is known: at the installation.
set(manual ${PROJECT_BINARY_DIR}/firedrill.1.gz)
set(completion ${PROJECT_BINARY_DIR}/firedrill.bash-completion)
install(TARGETS firedrill)
install(CODE "
  set(program \"${PROJECT_BINARY_DIR}/firedrill\")
  set(page \"${PROJECT_BINARY_DIR}/firedrill.1\")
  execute_process(COMMAND \"\${program}\" manual --share \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/firedrill\"
                  OUTPUT_FILE \"\${page}\" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND gzip -9nf \"\${page}\" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND \"\${program}\" manual --format bash-completion OUTPUT_FILE \"${completion}\"
                  COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME firedrill)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/firedrill/scenarios)
# A folder without a CMakeLists.txt is a folder of plays, not of machinery.
file(GLOB entries RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *)
foreach(entry ${entries})
  if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${entry} AND NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${entry}/CMakeLists.txt)
    install(DIRECTORY ${entry} DESTINATION ${CMAKE_INSTALL_DATADIR}/firedrill/scenarios)
  endif()
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME firedrill)
set(CPACK_PACKAGE_CONTACT "Firedrill developers <firedrill@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "A simulated packet filter, a fake server and a fake Outlook play scenarios from files,
and say which configurations work, which do not, and why. With scenarios, lessons and the schema of scenario files.")
set(CPACK_STRIP_FILES ON)
# Installed as into /usr, with everything put below a folder of its own.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wireshark | tshark")
include(CPack)
