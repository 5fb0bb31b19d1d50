# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` puts where; scripts/package-check looks at the paths.
if(TARGET mip6d)
	install(TARGETS mip6d RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
if(TARGET mip6ctl)
	install(TARGETS mip6ctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
foreach(section 5 8)
	file(GLOB pages CONFIGURE_DEPENDS
	    ${PROJECT_SOURCE_DIR}/man/*.${section})
	if(pages)
		install(FILES ${pages}
		    DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
	endif()
endforeach()
file(GLOB samples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/conf/*.conf)
if(samples)
	install(FILES ${samples} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
endif()
foreach(text README.md LICENSE)
	if(EXISTS ${PROJECT_SOURCE_DIR}/${text})
		install(FILES ${PROJECT_SOURCE_DIR}/${text}
		    DESTINATION ${CMAKE_INSTALL_DOCDIR})
	endif()
endforeach()
