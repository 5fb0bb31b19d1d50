# SPDX-License-Identifier: BSD-2-Clause
# The libraries outside the project, as targets mip6::<name>.
#
# A layer names what it needs with SYSTEM (mip6_layer); what is missing is
# only an error for the layer that uses it.  scripts/deps installs them all.
find_package(PkgConfig QUIET)

# mip6_find_library(NAME pkg-config-module library header)
function(mip6_find_library name module library header)
	if(PKG_CONFIG_FOUND)
		pkg_check_modules(MIP6_PC_${name} QUIET IMPORTED_TARGET GLOBAL
		    ${module})
	endif()
	add_library(mip6::${name} INTERFACE IMPORTED GLOBAL)
	if(MIP6_PC_${name}_FOUND)
		target_link_libraries(mip6::${name} INTERFACE
		    PkgConfig::MIP6_PC_${name})
		# The cache alone, so that no library can add warnings' noise.
		target_include_directories(mip6::${name} SYSTEM INTERFACE
		    ${MIP6_PC_${name}_INCLUDE_DIRS})
		return()
	endif()
	find_library(MIP6_LIB_${name} ${library})
	find_path(MIP6_INC_${name} ${header})
	mark_as_advanced(MIP6_LIB_${name} MIP6_INC_${name})
	if(MIP6_LIB_${name} AND MIP6_INC_${name})
		target_link_libraries(mip6::${name} INTERFACE
		    ${MIP6_LIB_${name}})
		target_include_directories(mip6::${name} SYSTEM INTERFACE
		    ${MIP6_INC_${name}})
	else()
		set_property(GLOBAL PROPERTY MIP6_MISSING_${name} ${module})
	endif()
endfunction()

mip6_find_library(crypto libcrypto crypto openssl/evp.h)
mip6_find_library(cmocka cmocka cmocka cmocka.h)
if(NOT MIP6_PURE_ONLY)
	mip6_find_library(event libevent_core event_core event2/event.h)
	mip6_find_library(event_extra libevent_extra event_extra event2/dns.h)
	mip6_find_library(pcap libpcap pcap pcap.h)
	mip6_find_library(net libnet net libnet.h)
	mip6_find_library(confuse libconfuse confuse confuse.h)
	mip6_find_library(jansson jansson jansson jansson.h)
	mip6_find_library(sqlite sqlite3 sqlite3 sqlite3.h)
	if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
		mip6_find_library(nftables libnftables nftables
		    nftables/libnftables.h)
	endif()
endif()

# Python's modules (pytest, scapy, pyroute2) are the system's own.
find_program(MIP6_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(MIP6_PYTHON python3)
