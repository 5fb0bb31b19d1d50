/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Mac made of memory: what its kernel and pfctl do with what the Darwin
 * platform asks of them, as far as it asks, from the same facts.  It fills
 * `mip6_os_system`.
 *
 * Its state is shared with child processes and outlives them; what a process
 * had open (utun, groups) goes with it, killed or not.
 */
#ifndef TESTS_DARWIN_MAC_H
#define TESTS_DARWIN_MAC_H

#include <sys/types.h>

#include "base/addr.h"

#define MAC_MAX       64
#define MAC_NAME      16
#define MAC_PF_OCTETS 8192
#define MAC_MAIN_RULES                                                         \
	"scrub-anchor \"com.apple/*\" all\nanchor \"com.apple/*\" all\n"

struct mac_link {
	bool used, carrier;
	uint32_t ifindex, mtu, flags;
	uint8_t type;
	char name[MAC_NAME];
	struct mip6_lladdr lladdr;
	pid_t owner; /* of a utun; 0: a link of the host's */
};

struct mac_addr {
	bool used;
	uint32_t ifindex;
	struct mip6_addr addr;
	uint8_t bits;
	uint32_t flags; /* DARWIN_IN6_IFF_ */
	int64_t until_us, dad_us;
};

struct mac_route {
	bool used;
	uint32_t ifindex, flags;
	struct mip6_prefix dst;
	struct mip6_addr gateway; /* ::: on-link */
};

struct mac_group {
	bool used;
	pid_t owner;
	int fd;
	uint32_t ifindex;
	struct mip6_addr addr;
};

struct mac_sysctl {
	char name[48];
	int value;
};

struct mac {
	struct mac_link link[MAC_MAX];
	struct mac_addr addr[MAC_MAX];
	struct mac_route route[MAC_MAX];
	struct mac_group group[MAC_MAX];
	struct mac_sysctl sysctl[4];
	uint32_t next_ifindex;
	bool pf_on;
	char pf_main[256];           /* the main ruleset */
	char pf_text[MAC_PF_OCTETS]; /* our anchor */
	uint64_t pf_token[MAC_MAX];  /* 0: none */
	uint64_t pf_next;
	uint64_t pfctl_runs;
	/* The call of this number fails with fail_errno; 0: none does. */
	uint64_t calls, fail_at;
	int fail_errno;
	char failed[32]; /* its name */
};

/* A fresh one; what it was is forgotten. */
void mac_new(void);
/* As it is now, for this process too. */
void mac_look(void);
extern struct mac *mac;
/* What is between is done, or was not, if the process is killed meanwhile. */
void mac_begin(void);
void mac_commit(void);

/* The host's own doings; each is told to whoever listens. */
struct mac_link *mac_link_add(const char *name, const struct mip6_lladdr *ll);
struct mac_link *mac_link(const char *name); /* NULL: none */
void mac_link_del(const char *name);
void mac_link_changed(const struct mac_link *l, bool carrier);
int mac_addr_set(uint32_t ifindex, const struct mip6_addr *a, uint8_t bits,
    uint32_t flags, uint32_t valid_s, bool on);
int mac_route_set(const struct mac_route *r, bool on);
/* All of the above, told at once. */
void mac_tell_route(uint8_t type, const struct mac_route *r, pid_t pid,
    uint32_t seq, int error);
/* Goes over what ended with its process or its time. */
void mac_reap(void);

#endif
