# SPDX-License-Identifier: BSD-2-Clause
# Where the programs look for what is not theirs.  A Mac with Homebrew keeps
# configurations under its prefix, a Linux system in /etc.
if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
	set(etc ${CMAKE_INSTALL_FULL_SYSCONFDIR})
	set(state /var/db/mip6d)
	set(run /var/run)
else()
	set(etc /etc)
	set(state /var/lib/mip6d)
	set(run /run/mip6d)
endif()
set(MIP6_SYSCONF_DIR ${etc} CACHE PATH "mip6d/mip6.conf is in here")
set(MIP6_RUN_DIR ${run} CACHE PATH "Control socket and pid file")
set(MIP6_STATE_DIR ${state} CACHE PATH "What a daemon remembers")
