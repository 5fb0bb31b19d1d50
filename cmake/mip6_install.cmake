# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` puts where; scripts/check-package looks at the paths.
if(TARGET mip6d)
	install(TARGETS mip6d RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
if(TARGET mip6ctl)
	install(TARGETS mip6ctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
# The pages name the paths of this build.
foreach(section 5 8)
	file(GLOB pages CONFIGURE_DEPENDS
	    ${PROJECT_SOURCE_DIR}/man/*.${section})
	foreach(page ${pages})
		get_filename_component(name ${page} NAME)
		set(installed ${PROJECT_BINARY_DIR}/man/${name})
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
		    ${page})
		file(READ ${page} text)
		string(REPLACE "/etc/mip6d" "${MIP6_SYSCONF_DIR}/mip6d" text
		    "${text}")
		string(REPLACE "/run/mip6d/mip6d." "${MIP6_RUN_DIR}/mip6d." text
		    "${text}")
		file(WRITE ${installed} "${text}")
		install(FILES ${installed}
		    DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
	endforeach()
endforeach()
file(GLOB samples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/conf/*.conf)
install(FILES ${samples} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE
    DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The service, and what keeps others off the virtual home interface.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
	set(MIP6_SYSTEMD_UNIT_DIR lib/systemd/system CACHE STRING
	    "Of mip6d.service; under the prefix, or absolute")
	configure_file(${PROJECT_SOURCE_DIR}/packaging/systemd/mip6d.service.in
	    packaging/mip6d.service @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/packaging/mip6d.service
	    DESTINATION ${MIP6_SYSTEMD_UNIT_DIR})
	install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/mip6d.sysusers
	    DESTINATION lib/sysusers.d RENAME mip6d.conf)
	install(FILES ${PROJECT_SOURCE_DIR}/packaging/systemd/80-mip6d.network
	    DESTINATION lib/systemd/network)
	install(FILES
	    ${PROJECT_SOURCE_DIR}/packaging/NetworkManager/80-mip6d.conf
	    DESTINATION lib/NetworkManager/conf.d)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
	configure_file(
	    ${PROJECT_SOURCE_DIR}/packaging/launchd/org.mip6d.mip6d.plist.in
	    packaging/org.mip6d.mip6d.plist @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/packaging/org.mip6d.mip6d.plist
	    DESTINATION ${CMAKE_INSTALL_DATADIR}/mip6d)
endif()
