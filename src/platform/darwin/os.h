/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every system call of the Darwin platform, and no other: a table of functions
 * that the system's own fill on a Mac (os.c), and a Mac made of memory in the
 * tests.  What goes through them is octets laid out as abi_*.h say, so nothing
 * above this file knows on which system it was compiled.
 */
#ifndef MIP6_PLATFORM_DARWIN_OS_H
#define MIP6_PLATFORM_DARWIN_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct mip6_addr;
struct mip6_ev_link;
struct mip6_port;
struct mip6_os_run;
struct mip6_port_pcap_options;

/* Each as the system's own of that name: -1 with errno when it fails. */
struct mip6_os {
	/* Not blocking, and closed in programs that are run. */
	int (*socket)(int domain, int type, int protocol);
	int (*connect)(int fd, const void *addr, uint32_t octets);
	int (*getsockopt)(int fd, int level, int option, void *value,
	    uint32_t *octets);
	int (*setsockopt)(int fd, int level, int option, const void *value,
	    uint32_t octets);
	int (*ioctl)(int fd, unsigned long request, void *value);
	int (*close)(int fd);
	ssize_t (*read)(int fd, void *octets, size_t count);
	ssize_t (*write)(int fd, const void *octets, size_t count);
	ssize_t (*readv)(int fd, const struct iovec *v, int count);
	ssize_t (*writev)(int fd, const struct iovec *v, int count);
	int (*sysctl)(const int *name, uint32_t names, void *value,
	    size_t *octets);
	/* Integers alone; `to` NULL: only read. */
	int (*sysctl_int)(const char *name, int *value, const int *to);
	/* 0: none of this name. */
	uint32_t (*if_nametoindex)(const char *name);
	/* A descriptor that is readable from `us` on (< 0: never, 0: now). */
	int (*timer_open)(void);
	int (*timer_set)(int fd, int64_t us);
	int (*run)(struct mip6_os_run *r);
	/* mip6_port_pcap_open_with, and the descriptor frames leave by. */
	struct mip6_port *(*port_open)(const struct mip6_ev_link *link,
	    const struct mip6_port_pcap_options *options, char *err,
	    size_t err_octets);
	int (*port_tx_fd)(const struct mip6_port *port);
	int (*port_homes)(struct mip6_port *port, const struct mip6_addr *home,
	    size_t n);
	/* A word of its own for each start of the host. */
	int (*boot_id)(char *to, size_t cap);
};

/* The one the platform is opened with. */
extern const struct mip6_os mip6_os_system;

#endif
