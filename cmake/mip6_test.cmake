# SPDX-License-Identifier: BSD-2-Clause
# How tests are declared.  Labels are the groups of scripts/test: unit, sim,
# fuzz, e2e, style, macos, package.  scripts/test sets MIP6_TEST_PREFIX in the
# builds besides the first, so that names stay apart.
set(MIP6_TEST_PREFIX "" CACHE STRING "Put before the name of each test")
mark_as_advanced(MIP6_TEST_PREFIX)

# mip6_test_links(variable file.c [default-layer])
#
# The layers a test stands on: the words of the line ` * Links: core path` in
# its opening comment; without that line, the layer that has a source of the
# same name (test_wheel.c: the layer of src/*/wheel.c).
function(mip6_test_links variable file)
	set(links)
	file(STRINGS ${file} lines REGEX "^ \\* Links: " LIMIT_COUNT 1)
	if(lines)
		string(REGEX REPLACE "^ \\* Links: *" "" lines "${lines}")
		string(REGEX REPLACE "[ ,]+" ";" links "${lines}")
	else()
		get_filename_component(module ${file} NAME_WE)
		string(REGEX REPLACE "^(test|fuzz)_" "" module ${module})
		file(GLOB found CONFIGURE_DEPENDS
		    ${PROJECT_SOURCE_DIR}/src/*/${module}.[ch]
		    ${PROJECT_SOURCE_DIR}/src/*/*/${module}.[ch])
		foreach(source ${found})
			file(RELATIVE_PATH source ${PROJECT_SOURCE_DIR}/src
			    ${source})
			string(REGEX REPLACE "/.*" "" layer ${source})
			list(APPEND links ${layer})
		endforeach()
		list(REMOVE_DUPLICATES links)
	endif()
	# A new word on that line must be seen without a fresh configuration.
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
	set(${variable} ${links} PARENT_SCOPE)
endfunction()

# Links `target` with the layers (or targets) named.  False in `variable`
# when one of them has no source yet.
function(mip6_test_link target)
	foreach(name ${ARGN})
		if(TARGET mip6-${name})
			target_link_libraries(${target} PRIVATE mip6-${name})
		else()
			target_link_libraries(${target} PRIVATE ${name})
		endif()
	endforeach()
	target_link_libraries(${target} PRIVATE mip6-flags mip6-system)
	target_include_directories(${target} PRIVATE
	    ${PROJECT_SOURCE_DIR}/tests)
	target_compile_definitions(${target} PRIVATE
	    MIP6_TEST_DIR="${PROJECT_SOURCE_DIR}/tests"
	    MIP6_VECTORS_DIR="${MIP6_VECTORS_DIR}")
endfunction()

# Do all layers of a test exist in this configuration?
function(mip6_links_exist variable)
	set(${variable} TRUE PARENT_SCOPE)
	foreach(name ${ARGN})
		if((EXISTS ${PROJECT_SOURCE_DIR}/src/${name} OR
			EXISTS ${PROJECT_SOURCE_DIR}/src/platform/${name})
		    AND NOT TARGET mip6-${name})
			set(${variable} FALSE PARENT_SCOPE)
		endif()
	endforeach()
endfunction()

# mip6_unit_test(NAME test_x SOURCES test_x.c [LIBS layer...] [TIMEOUT s]
#     [LABEL unit])
#
# A cmocka program, registered under NAME.  LIBS: see mip6_test_links when
# absent.
function(mip6_unit_test)
	cmake_parse_arguments(T "" "NAME;TIMEOUT;LABEL" "SOURCES;LIBS" ${ARGN})
	if(NOT T_LABEL)
		set(T_LABEL unit)
	endif()
	if(NOT T_TIMEOUT)
		set(T_TIMEOUT 60)
	endif()
	if(NOT DEFINED T_LIBS)
		list(GET T_SOURCES 0 first)
		get_filename_component(first ${first} ABSOLUTE)
		mip6_test_links(T_LIBS ${first})
	endif()
	mip6_links_exist(exist ${T_LIBS})
	if(NOT exist)
		message(STATUS "${T_NAME} left out: one of `${T_LIBS}' is not "
		    "built here")
		return()
	endif()
	add_executable(${T_NAME} ${T_SOURCES})
	mip6_test_link(${T_NAME} ${T_LIBS})
	mip6_use_system_private(${T_NAME} cmocka)
	set(test ${MIP6_TEST_PREFIX}${T_NAME})
	add_test(NAME ${test} COMMAND ${T_NAME}
	    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
	set_tests_properties(${test} PROPERTIES LABELS ${T_LABEL}
	    TIMEOUT ${T_TIMEOUT})
endfunction()

function(mip6_use_system_private target)
	foreach(name ${ARGN})
		get_property(missing GLOBAL PROPERTY MIP6_MISSING_${name})
		if(missing)
			message(FATAL_ERROR "${target} needs ${missing}, which "
			    "is not installed: run scripts/deps")
		endif()
		target_link_libraries(${target} PRIVATE mip6::${name})
	endforeach()
endfunction()

add_custom_target(mip6-fuzz COMMENT "The fuzz targets")

# mip6_fuzz_target(NAME fuzz_x SOURCES fuzz_x.c [LIBS layer...])
#
# A program around LLVMFuzzerTestOneInput, and a test of the same name that
# runs it over every file of tests/fuzz/corpus/x.  With MIP6_LIBFUZZER the
# program is the fuzzer itself (scripts/fuzz runs it for a time); without, a
# plain main replays.
function(mip6_fuzz_target)
	cmake_parse_arguments(F "" "NAME" "SOURCES;LIBS" ${ARGN})
	if(NOT DEFINED F_LIBS)
		list(GET F_SOURCES 0 first)
		get_filename_component(first ${first} ABSOLUTE)
		mip6_test_links(F_LIBS ${first})
	endif()
	mip6_links_exist(exist ${F_LIBS})
	if(NOT exist)
		message(STATUS "${F_NAME} left out: one of `${F_LIBS}' is not "
		    "built here")
		return()
	endif()
	string(REGEX REPLACE "^fuzz_" "" short ${F_NAME})
	set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${short})
	add_executable(${F_NAME} ${F_SOURCES})
	add_dependencies(mip6-fuzz ${F_NAME})
	mip6_test_link(${F_NAME} ${F_LIBS})
	set(test ${MIP6_TEST_PREFIX}${F_NAME})
	if(MIP6_LIBFUZZER)
		target_link_options(${F_NAME} PRIVATE -fsanitize=fuzzer)
		add_test(NAME ${test}
		    COMMAND ${F_NAME} -runs=0 ${corpus})
	else()
		target_sources(${F_NAME} PRIVATE
		    ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
		add_test(NAME ${test} COMMAND ${F_NAME} ${corpus})
	endif()
	set_tests_properties(${test} PROPERTIES LABELS fuzz TIMEOUT 60)
endfunction()
