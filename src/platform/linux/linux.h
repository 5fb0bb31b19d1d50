/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the Linux platform share.
 *
 * Three kinds of effect.  What the kernel does over rtnetlink (addresses,
 * routes, rules: want.c) ends by an acknowledgement.  What is done by a system
 * call (nft, sysctl, offload, groups) ends at once, and `done` follows from
 * the work descriptor.  What lives on the TUN or on a socket dies with the
 * process and is not in the journal.
 */
#ifndef MIP6_PLATFORM_LINUX_LINUX_H
#define MIP6_PLATFORM_LINUX_LINUX_H

#include "platform/common/group.h"
#include "platform/common/journal.h"
#include "platform/common/want_table.h"
#include "platform/linux/nl.h"
#include "platform/linux/rtmsg.h"
#include "platform/platform.h"

struct nft_ctx;

#define MIP6_SLOT_NONE MIP6_WANT_NONE

/* Actions under way (act.c). */
enum mip6_slot_kind { MIP6_SLOT_PLAIN, MIP6_SLOT_WANT, MIP6_SLOT_ROUTE_GET };

struct mip6_slot {
	uint64_t id;
	uint32_t next; /* in its list */
	uint32_t seq;  /* of the acknowledgement waited for */
	int error;
	enum mip6_slot_kind kind;
	bool quiet; /* nobody waits: something put back */
	bool on, fresh;
	uint32_t want;        /* WANT */
	uint32_t link;        /* ROUTE_GET: links tried; WANT: ifindex before */
	struct mip6_addr dst; /* ROUTE_GET; WANT: gateway before */
	bool has_route;
	struct mip6_route route;
	struct mip6_time deadline; /* settling */
};

struct mip6_slot_list {
	uint32_t head, tail, count;
};

struct mip6_acts {
	struct mip6_slot *slot;
	uint32_t cap;
	bool draining;
	struct mip6_slot_list unused, waiting, settling, ended;
};

/* What the kernel reports (watch.c). */
struct mip6_seen_link {
	struct mip6_ev_link ev;
	bool stale; /* not seen again in this dump yet */
};

struct mip6_seen_addr {
	struct mip6_ev_addr ev;
	bool stale;
};

enum mip6_dump { MIP6_DUMP_IDLE, MIP6_DUMP_LINKS, MIP6_DUMP_ADDRS };

struct mip6_watch {
	struct mip6_seen_link *link;
	uint32_t links, links_cap;
	struct mip6_seen_addr *addr;
	uint32_t addrs, addrs_cap;
	enum mip6_dump dump;
	uint32_t dump_seq;
	bool dump_again;  /* what is under way is not whole */
	bool addrs_again; /* a link is wanted only now */
	bool routes;      /* to be reported */
};

/* The packet filter (nft.c). */
struct mip6_nft_link {
	uint32_t ifindex;
	char name[MIP6_IFNAME_OCTETS];
};

struct mip6_nft_tunnel {
	uint32_t ifindex;
	struct mip6_addr local, remote;
};

struct mip6_addr_list {
	struct mip6_addr *addr;
	uint32_t count, cap;
};

struct mip6_nft {
	struct nft_ctx *ctx;
	struct mip6_nft_link *link;
	uint32_t links;
	struct mip6_nft_tunnel *tunnel;
	uint32_t tunnels;
	struct mip6_addr_list silence, shield;
	bool on;      /* our tables exist */
	bool missing; /* perhaps not any more */
	uint64_t journal;
};

/* Values of /proc/sys (sysctl.c). */
struct mip6_optimistic {
	uint32_t ifindex, users;
	uint64_t journal[2];
};

struct mip6_sysctls {
	uint64_t *forwarding; /* lines of the journal, in order */
	uint32_t forwardings, forwardings_cap;
	struct mip6_optimistic *optimistic;
	uint32_t optimistics;
};

/* Links that bring every multicast packet (group.c). */
#define MIP6_ALLMULTI_MAX 16

struct mip6_allmulti {
	uint32_t link[MIP6_ALLMULTI_MAX];
	uint32_t count;
	int fd; /* their memberships; -1: none was asked for */
};

/* Ports of links (port.c). */
#define MIP6_OFFLOADS_MAX 8

struct mip6_open_port {
	struct mip6_open_port *next;
	struct mip6_port *port;
	uint64_t offload[MIP6_OFFLOADS_MAX]; /* lines of the journal */
	uint32_t offloads;
};

struct mip6_tun {
	struct mip6_port port; /* first: the port is this */
	uint32_t ifindex;
	uint32_t mtu;
	char name[MIP6_IFNAME_OCTETS];
	bool down; /* somebody took it down */
};

struct mip6_plat {
	struct mip6_plat_env env;
	char tun_name[MIP6_IFNAME_OCTETS];
	bool recovered, started;
	struct mip6_journal journal;
	struct mip6_nl req;   /* requests and their acknowledgements */
	struct mip6_nl mon;   /* events, and dumps */
	struct mip6_nl nfmon; /* events of nf_tables */
	struct mip6_nl call;  /* waited for: opening and closing only */
	int work_fd;          /* a timer: ended actions, and putting back */
	struct mip6_acts acts;
	struct mip6_wants wants;
	struct mip6_watch watch;
	struct mip6_nft nft;
	struct mip6_sysctls sysctls;
	struct mip6_groups groups;
	struct mip6_allmulti allmulti;
	struct mip6_open_port *ports;
	struct mip6_tun tun;
	struct mip6_time restore_at;  /* never: nothing to put back */
	struct mip6_time restored_at; /* last time */
	uint64_t restored;
	char warning[MIP6_PLAT_WARNING];
};

/* act.c: a slot for each action, until `done` was called. */
void mip6_acts_init(struct mip6_acts *a);
void mip6_acts_fini(struct mip6_acts *a);
uint32_t mip6_acts_new(struct mip6_plat *p, uint64_t id);
/* Sends; the end follows from the acknowledgement. */
void mip6_acts_send(struct mip6_plat *p, uint32_t slot, struct mip6_nlmsg *m);
void mip6_acts_end(struct mip6_plat *p, uint32_t slot, int error);
/* The end of a slot that MIP6_WANT_SETTLES was said of. */
void mip6_acts_settled(struct mip6_plat *p, uint32_t slot);
void mip6_acts_ready(struct mip6_plat *p); /* p->req */
void mip6_work_ready(struct mip6_plat *p); /* p->work_fd */
/* Something of ours is gone: put back soon, at most once a second. */
void mip6_work_restore(struct mip6_plat *p);

/* want.c; each takes the slot over. */
void mip6_want_addr(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_addr *a);
void mip6_want_route(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_route *a);
void mip6_want_rule(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_rule *a);
/*
 * An acknowledgement; returns what the action ends with, or MIP6_WANT_SETTLES:
 * it ends when the kernel reports the address, or soon after.
 */
#define MIP6_WANT_SETTLES (-1)
int mip6_want_acked(struct mip6_plat *p, uint32_t slot, int error);
void mip6_want_settle_timeout(struct mip6_plat *p, uint32_t want);
/* The kernel says that one of these came or went. */
void mip6_want_seen(struct mip6_plat *p, const struct mip6_want_key *k,
    bool there);
/* All that the kernel had to say has been read. */
void mip6_wants_settle(struct mip6_plat *p);
void mip6_want_link_gone(struct mip6_plat *p, uint32_t ifindex);
/* All are to be looked at: events were lost. */
void mip6_wants_doubt(struct mip6_plat *p);
void mip6_wants_restore(struct mip6_plat *p);

/* watch.c */
int mip6_watch_start(struct mip6_plat *p); /* waits for the first dumps */
void mip6_watch_fini(struct mip6_watch *w);
void mip6_watch_ready(struct mip6_plat *p); /* p->mon */
/* Asks for all links anew; differences are reported. */
void mip6_watch_dump(struct mip6_plat *p);
const struct mip6_ev_link *mip6_watch_link(const struct mip6_plat *p,
    uint32_t ifindex);

/* nft.c; each returns 0 or an errno. */
int mip6_nft_init(struct mip6_plat *p, char *err, size_t err_octets);
void mip6_nft_fini(struct mip6_plat *p);
int mip6_nft_capture(struct mip6_plat *p, uint32_t ifindex, bool on);
int mip6_nft_silence(struct mip6_plat *p, const struct mip6_addr *a, bool on);
int mip6_nft_shield(struct mip6_plat *p, const struct mip6_addr *a, bool on);
/* A 6in6 tunnel of somebody else's, which must go on working. */
void mip6_nft_tunnel(struct mip6_plat *p, uint32_t ifindex,
    const struct mip6_rt_link *l, bool on);
void mip6_nft_rename(struct mip6_plat *p, uint32_t ifindex, const char *name);
void mip6_nft_ready(struct mip6_plat *p); /* p->nfmon */
void mip6_nft_restore(struct mip6_plat *p);
int mip6_nft_remove(struct mip6_plat *p); /* both tables, full or not */

/* sysctl.c; each returns 0 or an errno. */
int mip6_sysctl_forwarding(struct mip6_plat *p, bool on);
/* Optimistic duplicate detection on a link; users are counted. */
int mip6_sysctl_optimistic(struct mip6_plat *p, uint32_t ifindex, bool on);
/* `where`: "all", "default" or a link's name. */
int mip6_sysctl_get(const char *where, const char *leaf, char *value,
    size_t cap);
int mip6_sysctl_set(const char *where, const char *leaf, const char *value);
void mip6_sysctls_fini(struct mip6_sysctls *s);

/* group.c */
int mip6_group_set(struct mip6_plat *p, uint32_t ifindex,
    const struct mip6_addr *a, bool on);
int mip6_allmulti_set(struct mip6_plat *p, uint32_t ifindex, bool on);
void mip6_group_link_gone(struct mip6_plat *p, uint32_t ifindex);
extern const struct mip6_group_calls mip6_group_calls;

/* offload.c */
/* Switches merging of received packets off; lines of the journal in id[]. */
uint32_t mip6_offload_off(struct mip6_plat *p, uint32_t ifindex,
    const char *name, uint64_t id[MIP6_OFFLOADS_MAX]);
int mip6_offload_set(const char *name, const char *feature, bool on);
/* Can this link bring packets larger than its MTU all the same? */
bool mip6_offload_merges(const char *name);

/* tun.c */
int mip6_tun_open(struct mip6_plat *p, char *err, size_t err_octets);
void mip6_tun_close(struct mip6_plat *p);

/* port.c */
void mip6_ports_homes(struct mip6_plat *p); /* the shielded addresses */
void mip6_ports_rename(struct mip6_plat *p, uint32_t ifindex, const char *name);
void mip6_ports_fini(struct mip6_plat *p);

#endif
