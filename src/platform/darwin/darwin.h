/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the Darwin platform share.
 *
 * All that the kernel is asked for is done when the call returns; `done`
 * follows from the work descriptor.  The packet filter is changed by a program,
 * once for all changes that have come together.  What lives on the utun or on
 * a socket dies with the process and is not in the journal.
 */
#ifndef MIP6_PLATFORM_DARWIN_DARWIN_H
#define MIP6_PLATFORM_DARWIN_DARWIN_H

#include "platform/common/group.h"
#include "platform/common/journal.h"
#include "platform/common/want_table.h"
#include "platform/darwin/os.h"
#include "platform/darwin/pf_text.h"
#include "platform/darwin/watch_msg.h"
#include "platform/platform.h"

/* Actions that have ended, until `done` was called (act.c). */
struct mip6_ended {
	uint64_t id;
	int error;
	bool has_route;
	struct mip6_route route;
};

struct mip6_acts {
	struct mip6_ended *ended;
	size_t count, cap;
};

/* What the kernel reports (watch.c). */
struct mip6_seen_link {
	struct mip6_ev_link ev;
	bool stale; /* not seen again in this list yet */
};

struct mip6_seen_addr {
	struct mip6_ev_addr ev;
	bool stale;
};

struct mip6_watch {
	int route_fd, event_fd, ask_fd; /* -1: none; ask_fd: for ioctls */
	struct mip6_seen_link *link;
	uint32_t links, links_cap;
	struct mip6_seen_addr *addr;
	uint32_t addrs, addrs_cap;
	struct mip6_time look_at; /* look again; never: no need */
};

/* The packet filter (pf.c). */
enum mip6_pf_which {
	MIP6_PF_SILENCE,
	MIP6_PF_SHIELD,
	MIP6_PF_DIVERT,
	MIP6_PF_CAPTURE /* a link */
};

struct mip6_pf_change {
	uint64_t id;
	enum mip6_pf_which which;
	struct mip6_addr addr;
	struct mip6_pf_link link;
	bool on;
	bool changed; /* it was not so before */
	bool lenient; /* stays, and ends well, though pf refuses */
};

struct mip6_pf {
	struct mip6_pf_list list[MIP6_PF_CAPTURE];
	struct mip6_pf_link *link;
	uint32_t links;
	bool weak;
	bool dirty;              /* the anchor is not what it should be */
	bool doubt;              /* somebody may have removed it */
	uint32_t loaded;         /* rules in it */
	uint64_t journal, token; /* lines of the journal */
	uint64_t offload[2];
	struct mip6_pf_change *change; /* not carried out yet */
	size_t changes, changes_cap;
};

struct mip6_open_port {
	struct mip6_open_port *next;
	struct mip6_port *port;
};

struct mip6_tun {
	struct mip6_port port; /* first: the port is this */
	const struct mip6_os *os;
	uint32_t ifindex;
	uint32_t mtu;
	char name[MIP6_IFNAME_OCTETS];
	bool down; /* somebody took it down */
	/* Is this an address of the utun? */
	bool (*is_own)(const void *arg, const struct mip6_addr *a);
	const void *arg;
};

/* Questions about routes that have no answer yet (ask.c). */
#define MIP6_ASKS_MAX 64

struct mip6_ask {
	uint64_t id;
	struct mip6_addr dst;
	uint32_t seq;
	uint32_t ifindex; /* asked within its scope; 0: none */
	uint32_t link;    /* how many links were asked */
};

struct mip6_asks {
	int fd;       /* PF_ROUTE: requests, and answers */
	int ioctl_fd; /* requests about links and addresses */
	uint32_t seq;
	struct mip6_ask ask[MIP6_ASKS_MAX];
	uint32_t count;
};

#define MIP6_FORWARDING_SYSCTLS 2

struct mip6_plat {
	const struct mip6_os *os;
	struct mip6_plat_env env;
	bool recovered, started;
	struct mip6_journal journal;
	int work_fd; /* a timer: ended actions, pf, and looking again */
	struct mip6_acts acts;
	struct mip6_asks ask;
	struct mip6_wants wants;
	struct mip6_watch watch;
	struct mip6_pf pf;
	struct mip6_groups groups;
	uint64_t forwarding[MIP6_FORWARDING_SYSCTLS]; /* lines of the journal */
	struct mip6_open_port *ports;
	struct mip6_tun tun;
	bool routes_doubted;          /* messages of theirs were lost */
	struct mip6_time restore_at;  /* never: nothing to put back */
	struct mip6_time restored_at; /* last time */
	uint64_t restored;
	char warning[MIP6_PLAT_WARNING];
};

/* act.c */
void mip6_acts_end(struct mip6_plat *p, uint64_t id, int error,
    const struct mip6_route *route);
void mip6_work_ready(struct mip6_plat *p); /* p->work_fd */
/* Sets the timer to what is to be done next. */
void mip6_work_arm(struct mip6_plat *p);
/* Something of ours is gone: put back soon, at most once a second. */
void mip6_work_restore(struct mip6_plat *p);

/* watch.c; each returns 0 or an errno. */
int mip6_watch_start(struct mip6_plat *p);
void mip6_watch_fini(struct mip6_plat *p);
void mip6_watch_route_ready(struct mip6_plat *p);
void mip6_watch_event_ready(struct mip6_plat *p);
/* Lists all links and addresses; differences are reported. */
void mip6_watch_dump(struct mip6_plat *p);
const struct mip6_ev_link *mip6_watch_link(const struct mip6_plat *p,
    uint32_t ifindex);
/* A list of sysctl (DARWIN_NET_RT_), from malloc; 0 or an errno. */
int mip6_watch_list(struct mip6_plat *p, int list, uint8_t **octets,
    size_t *count);

/* ask.c; each returns 0 or an errno. */
int mip6_ask_open(struct mip6_plat *p);
void mip6_ask_close(struct mip6_plat *p);
void mip6_ask_ready(struct mip6_plat *p); /* p->ask.fd */
/* The action `id` ends with the answer. */
void mip6_route_get(struct mip6_plat *p, uint64_t id,
    const struct mip6_addr *dst);

/* addr.c */
struct mip6_undo;
int mip6_addr_set(struct mip6_plat *p, const struct mip6_act_addr *a);
int mip6_addr_undo(struct mip6_plat *p, const struct mip6_undo *u);
/* Is it one of ours on the utun?  arg: the platform. */
bool mip6_addr_is_own(const void *arg, const struct mip6_addr *a);
/* MIP6_ADDR_ flags of an address of a link; 0 or an errno. */
int mip6_addr_flags(struct mip6_plat *p, const char *link,
    const struct mip6_addr *a, uint8_t *flags);
/* Ours are to be looked at: a list begins, shows one, has been whole. */
void mip6_addrs_doubt(struct mip6_plat *p);
void mip6_addr_seen(struct mip6_plat *p, uint32_t ifindex,
    const struct mip6_addr *a);
void mip6_addrs_settle(struct mip6_plat *p);
int mip6_addr_restore(struct mip6_plat *p, const struct mip6_want *w);

/* route.c */
struct mip6_call_route;
void mip6_route_set(struct mip6_plat *p, uint64_t id,
    const struct mip6_act_route *a);
/* Writes a message, with a number of its own; 0 or an errno. */
int mip6_route_call(struct mip6_plat *p, struct mip6_call_route *r);
int mip6_route_undo(struct mip6_plat *p, const struct mip6_undo *u);
/* Somebody else's hand: a route came, or was changed, or went. */
void mip6_route_seen(struct mip6_plat *p, const struct mip6_watch_route *r,
    bool there);
void mip6_routes_doubt(struct mip6_plat *p); /* messages were lost */
/* Addresses and routes of a link that is gone are no longer ours. */
void mip6_route_link_gone(struct mip6_plat *p, uint32_t ifindex);
/* Puts back what of ours is missing, addresses too. */
void mip6_wants_restore(struct mip6_plat *p);
void mip6_want_drop(struct mip6_plat *p, uint32_t i);

/* group.c */
void mip6_group_init(struct mip6_plat *p);
int mip6_group_set(struct mip6_plat *p, uint32_t ifindex,
    const struct mip6_addr *a, bool on);

/* tun.c; each returns 0 or an errno, but for the first: -1 with a message */
int mip6_tun_open(struct mip6_plat *p, char *err, size_t err_octets);
int mip6_tun_set_mtu(struct mip6_plat *p, uint32_t mtu);
int mip6_tun_up(struct mip6_plat *p);
void mip6_tun_close(struct mip6_plat *p);

/* pf.c; the action `id` ends when the change is made, or was not. */
void mip6_pf_set(struct mip6_plat *p, uint64_t id, enum mip6_pf_which which,
    const struct mip6_addr *a, bool on);
void mip6_pf_capture(struct mip6_plat *p, uint64_t id, uint32_t ifindex,
    bool on);
/*
 * What a host route to the TUN needs besides, for sockets that are bound to
 * an address of a link.  The action ends well though pf refuses: packets then
 * take the long way, as they do without route optimization.
 */
void mip6_pf_divert(struct mip6_plat *p, uint64_t id, const struct mip6_addr *a,
    bool on);
void mip6_pf_link_gone(struct mip6_plat *p, uint32_t ifindex);
void mip6_pf_weak(struct mip6_plat *p, bool weak); /* the host forwards */
void mip6_pf_work(struct mip6_plat *p);  /* carries out what is to change */
void mip6_pf_doubt(struct mip6_plat *p); /* look at it soon */
void mip6_pf_restore(struct mip6_plat *p);
/* What the journal asks for. */
int mip6_pf_undo_anchor(struct mip6_plat *p);
int mip6_pf_undo_token(struct mip6_plat *p, uint64_t token);
void mip6_pf_fini(struct mip6_pf *pf);

/* sysctl.c; `id`: the line of the journal, 0 when nothing was changed. */
int mip6_sysctl_change(struct mip6_plat *p, const char *name, int value,
    uint64_t *id);
int mip6_sysctl_undo(struct mip6_plat *p, const char *name, int was, int now);
int mip6_sysctl_forwarding(struct mip6_plat *p, bool on);

/* port.c */
void mip6_ports_homes(struct mip6_plat *p); /* the shielded addresses */
void mip6_ports_fini(struct mip6_plat *p);

#endif
