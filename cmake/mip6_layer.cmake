# SPDX-License-Identifier: BSD-2-Clause
# One static library for each layer of the tree, and its compiler flags.

set(MIP6_PURE_LAYERS base wire crypto core path engine)

set(MIP6_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual
    -Wvla -Wswitch-enum -Wundef -Wformat=2)

# Flags that every object of the project is compiled with.
add_library(mip6-flags INTERFACE)
target_compile_options(mip6-flags INTERFACE ${MIP6_WARNINGS}
    -fno-strict-aliasing -fno-common)
target_include_directories(mip6-flags INTERFACE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(mip6-flags INTERFACE
    MIP6_SYSCONF_DIR="${MIP6_SYSCONF_DIR}" MIP6_RUN_DIR="${MIP6_RUN_DIR}"
    MIP6_STATE_DIR="${MIP6_STATE_DIR}")

if(MIP6_SANITIZE)
	target_compile_options(mip6-flags INTERFACE
	    -fsanitize=${MIP6_SANITIZE} -fno-sanitize-recover=all
	    -fno-omit-frame-pointer)
	target_link_options(mip6-flags INTERFACE -fsanitize=${MIP6_SANITIZE})
	if(MIP6_SANITIZE MATCHES "memory")
		target_compile_options(mip6-flags INTERFACE
		    -fsanitize-memory-track-origins)
	endif()
endif()
if(MIP6_LIBFUZZER)
	target_compile_options(mip6-flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(MIP6_COVERAGE)
	target_compile_options(mip6-flags INTERFACE --coverage)
	target_link_options(mip6-flags INTERFACE --coverage)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	target_compile_options(mip6-flags INTERFACE -fstack-protector-strong)
	target_compile_definitions(mip6-flags INTERFACE _FORTIFY_SOURCE=2)
	if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
		target_link_options(mip6-flags INTERFACE
		    LINKER:-z,relro,-z,now)
	endif()
endif()

# What code that talks to a system may see of it beyond C11.  The pure layers
# see C11 alone.
add_library(mip6-system INTERFACE)
if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
	target_compile_definitions(mip6-system INTERFACE
	    _DARWIN_C_SOURCE __APPLE_USE_RFC_3542)
else()
	target_compile_definitions(mip6-system INTERFACE _DEFAULT_SOURCE)
endif()

# Links `target` with mip6::<name> of each, or says which is missing.
function(mip6_use_system target)
	foreach(name ${ARGN})
		get_property(missing GLOBAL PROPERTY MIP6_MISSING_${name})
		if(missing)
			message(FATAL_ERROR "${target} needs ${missing}, which "
			    "is not installed: run scripts/deps")
		endif()
		target_link_libraries(${target} PUBLIC mip6::${name})
	endforeach()
endfunction()

# mip6_layer(NAME base SOURCES a.c... [DEPS layer...] [SYSTEM library...]
#     [PROGRAM mip6d])
#
# Makes the static library mip6-<NAME> of SOURCES, which may include the
# headers of DEPS and of include/ (checked by the test `layers`).  With
# PROGRAM, a source called main.c stays out of the library and makes that
# program.  A layer without sources, or a dependency without, is skipped, so
# that every state of the tree configures.
function(mip6_layer)
	cmake_parse_arguments(L "" "NAME;PROGRAM" "SOURCES;DEPS;SYSTEM"
	    ${ARGN})
	set(sources ${L_SOURCES})
	set(mains ${L_SOURCES})
	set(deps)
	if(L_PROGRAM)
		list(FILTER sources EXCLUDE REGEX "(^|/)main\\.c$")
		list(FILTER mains INCLUDE REGEX "(^|/)main\\.c$")
	else()
		set(mains)
	endif()
	foreach(dep ${L_DEPS})
		if(TARGET mip6-${dep})
			list(APPEND deps mip6-${dep})
		endif()
	endforeach()
	if(sources)
		add_library(mip6-${L_NAME} STATIC ${sources})
		target_link_libraries(mip6-${L_NAME}
		    PUBLIC mip6-flags ${deps})
		if(NOT L_NAME IN_LIST MIP6_PURE_LAYERS)
			target_link_libraries(mip6-${L_NAME}
			    PRIVATE mip6-system)
		endif()
		mip6_use_system(mip6-${L_NAME} ${L_SYSTEM})
		set(deps mip6-${L_NAME})
	endif()
	if(mains)
		add_executable(${L_PROGRAM} ${mains})
		target_link_libraries(${L_PROGRAM}
		    PRIVATE mip6-flags mip6-system ${deps})
		target_compile_definitions(${L_PROGRAM} PRIVATE
		    MIP6_VERSION="${PROJECT_VERSION}")
	endif()
endfunction()
