/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A simulated host: what a kernel does, as far as mobility meets it.
 *
 * Interfaces, addresses with their states, three routing tables with rules,
 * source address selection, neighbour discovery, forwarding, path MTU, router
 * advertisements both ways, a TUN, capture, and the two filters that keep
 * mobility packets from the kernel.  It behaves like Linux (weak end system):
 * a packet for any of its addresses is taken on any interface, unless a shield
 * says otherwise.  It knows nothing of Mobile IPv6: what reaches it unshielded
 * it answers with a Parameter Problem, and that is counted as `stray`.
 *
 * host.c       packets in, to itself and through
 * host_out.c   routes, source addresses, packets out, ICMPv6 errors
 * host_addr.c  addresses, duplicate detection, autoconfiguration
 * host_nd.c    neighbours and router advertisements
 */
#ifndef MIP6_SIM_HOST_H
#define MIP6_SIM_HOST_H

#include "core/action.h"
#include "core/event.h"
#include "sim/net.h"
#include "wire/ip6.h"
#include "wire/nd.h"

#define SIM_HOST_IFACES  4
#define SIM_HOST_ADDRS   48
#define SIM_HOST_ROUTES  64
#define SIM_HOST_RULES   32
#define SIM_HOST_NEIGHS  48
#define SIM_HOST_GROUPS  32
#define SIM_HOST_FILTERS 32
#define SIM_HOST_PMTUS   16
#define SIM_HOST_UPPERS  8
#define SIM_RA_PREFIXES  2
#define SIM_NEIGH_QUEUE  3

#define SIM_PACKET_OCTETS_MAX 9000

/* Who made an entry: what a stopped daemon leaves behind is known by it. */
enum sim_owner { SIM_BY_ADMIN, SIM_BY_KERNEL, SIM_BY_RA, SIM_BY_DAEMON };

struct sim_addr {
	bool used;
	uint32_t ifindex; /* 0: the TUN */
	struct mip6_addr addr;
	uint8_t bits;
	uint8_t flags; /* enum mip6_addr_flag */
	enum sim_owner owner;
	uint64_t generation; /* of the entry: late duplicate detection */
};

struct sim_route {
	bool used;
	enum mip6_table table;
	struct mip6_prefix dst;
	uint32_t ifindex;
	struct mip6_addr gateway; /* ::: on-link */
	enum sim_owner owner;
	int64_t expires_us;
};

struct sim_rule {
	bool used;
	struct mip6_addr src;
	enum mip6_table table;
};

enum sim_nud {
	SIM_NUD_INCOMPLETE,
	SIM_NUD_REACHABLE,
	SIM_NUD_STALE,
	SIM_NUD_DELAY,
	SIM_NUD_PROBE
};

struct sim_packet {
	size_t count;
	uint8_t octets[];
};

struct sim_neigh {
	bool used;
	uint32_t ifindex;
	struct mip6_addr addr;
	struct mip6_lladdr lladdr;
	enum sim_nud state;
	int64_t confirmed_us;
	uint32_t probes;
	uint64_t generation; /* of its timer */
	struct sim_packet *queue[SIM_NEIGH_QUEUE];
	size_t queued;
};

/* GROUP, CAPTURE, SILENCE, SHIELD: (kind, ifindex, addr) that is on. */
struct sim_filter {
	bool used;
	enum mip6_action_kind kind;
	uint32_t ifindex;
	struct mip6_addr addr;
};

/* Router Advertisements that an interface sends; zero: none. */
struct sim_ra {
	bool on;
	bool home_agent;     /* H */
	int64_t interval_us; /* between unsolicited ones */
	int64_t rs_delay_us; /* answers come after 0 up to this */
	uint16_t lifetime_s; /* as default router */
	uint32_t mtu;        /* 0: no option */
	struct mip6_nd_prefix prefix[SIM_RA_PREFIXES];
	size_t prefixes;
	uint64_t generation;
};

struct sim_host;

/* A packet for `proto` that came to one of the host's addresses. */
typedef void (*sim_upper_fn)(void *arg, struct sim_host *h,
    const struct mip6_ip6_view *v, const uint8_t *octets);

struct sim_host_counters {
	uint64_t stray; /* Parameter Problems about mobility packets */
	uint64_t forwarded, delivered, no_route, too_big, unresolved;
};

struct sim_host {
	struct sim *sim;
	struct sim_net *net;
	char name[SIM_NAME_OCTETS];
	struct sim_iface iface[SIM_HOST_IFACES]; /* ifindex: index + 1 */
	bool up[SIM_HOST_IFACES];
	struct sim_ra ra[SIM_HOST_IFACES];
	size_t ifaces;

	bool forwarding;
	bool accept_ra;        /* default routes and on-link prefixes of RAs */
	bool autoconf;         /* addresses as well (RFC 4862) */
	bool mobility;         /* a puppet here reads mobility packets itself */
	int64_t dad_us;        /* duplicate address detection takes so long */
	uint32_t dad_fail_ppm; /* and fails, this often */
	uint16_t tun_mtu;

	struct sim_addr addr[SIM_HOST_ADDRS];
	struct sim_route route[SIM_HOST_ROUTES];
	struct sim_rule rule[SIM_HOST_RULES];
	struct sim_neigh neigh[SIM_HOST_NEIGHS];
	struct sim_filter filter[SIM_HOST_FILTERS];
	struct {
		struct mip6_addr dst;
		uint16_t mtu;
	} pmtu[SIM_HOST_PMTUS];
	size_t pmtus;
	uint64_t generation;

	struct {
		uint8_t proto;
		sim_upper_fn fn;
		void *arg;
	} upper[SIM_HOST_UPPERS];
	size_t uppers;

	/* Whoever runs on it; NULL where nobody does. */
	void *daemon;
	void (*on_link)(void *daemon, struct sim_iface *i);
	void (*on_addr)(void *daemon, const struct sim_addr *a, bool gone);
	void (*on_routes)(void *daemon);
	void (*on_tun)(void *daemon, const uint8_t *octets, size_t count);
	void (*on_capture)(void *daemon, struct sim_iface *i,
	    const struct mip6_lladdr *ll_src, bool ll_multicast,
	    const uint8_t *octets, size_t count);

	struct sim_host_counters counters;
};

/* ---- host.c ---- */

void sim_host_init(struct sim_host *h, struct sim_net *net, const char *name);
void sim_host_fini(struct sim_host *h);
/* Adds an interface on `seg` (NULL: no carrier yet). */
struct sim_iface *sim_host_iface(struct sim_host *h, struct sim_segment *seg);
struct sim_iface *sim_host_iface_by(struct sim_host *h, uint32_t ifindex);
/* Carrier comes and goes; NULL: goes. */
void sim_host_attach(struct sim_host *h, struct sim_iface *i,
    struct sim_segment *seg);
void sim_host_upper(struct sim_host *h, uint8_t proto, sim_upper_fn fn,
    void *arg);
/* A packet comes from the TUN's file descriptor. */
void sim_host_from_tun(struct sim_host *h, const uint8_t *octets, size_t count);
/* A packet on its way through the host, or to it; ifindex 0: the TUN. */
void sim_host_input(struct sim_host *h, uint32_t ifindex, const uint8_t *octets,
    size_t count);
/* Is (kind, ifindex or 0, addr) on? */
bool sim_host_filtered(const struct sim_host *h, enum mip6_action_kind kind,
    uint32_t ifindex, const struct mip6_addr *addr);
bool sim_host_filter_set(struct sim_host *h, enum mip6_action_kind kind,
    uint32_t ifindex, const struct mip6_addr *addr, bool on);

/* ---- host_out.c ---- */

/* The route for a packet from `src` (:: not chosen yet) to `dst`, or NULL. */
const struct sim_route *sim_host_route(const struct sim_host *h,
    const struct mip6_addr *src, const struct mip6_addr *dst);
bool sim_host_route_set(struct sim_host *h, const struct sim_route *r, bool on);
bool sim_host_rule_set(struct sim_host *h, const struct sim_rule *r, bool on);
/* The source address for `dst`; false: no route, or no address. */
bool sim_host_source(const struct sim_host *h, const struct mip6_addr *dst,
    struct mip6_addr *src);
/* The largest packet that the host believes to fit. */
uint16_t sim_host_mtu(const struct sim_host *h, const struct mip6_addr *src,
    const struct mip6_addr *dst);

/* What sim_host_send can say: the errno of a real socket. */
enum sim_sent { SIM_SENT, SIM_NO_ROUTE, SIM_TOO_BIG };

/*
 * Sends `count` octets of `proto`, its checksum (if it has one) set here.
 * *src may be ::, and is chosen then.
 */
enum sim_sent sim_host_send(struct sim_host *h, struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t proto, uint8_t hop_limit,
    uint8_t *octets, size_t count);
/* Sends a whole packet of the host. */
enum sim_sent sim_host_send_packet(struct sim_host *h, const uint8_t *octets,
    size_t count);
/* A packet of somebody else. */
void sim_host_forward(struct sim_host *h, uint32_t ifindex,
    const struct mip6_ip6_view *v, const uint8_t *octets);
void sim_host_icmp_error(struct sim_host *h, const struct mip6_ip6_view *v,
    const uint8_t *octets, uint8_t type, uint8_t code, uint32_t word);
void sim_host_pmtu(struct sim_host *h, const struct mip6_addr *dst,
    uint16_t mtu);

/* ---- host_addr.c ---- */

/* The entry of an address on an interface (UINT32_MAX: any), or NULL. */
struct sim_addr *sim_host_addr(struct sim_host *h, uint32_t ifindex,
    const struct mip6_addr *a);
/* An address that packets can be sent from and are taken for? */
bool sim_host_is_local(const struct sim_host *h, const struct mip6_addr *a);
/*
 * Adds an address; its prefix becomes a route.  With duplicate detection
 * (`dad`) it is tentative, or optimistic, until that has ended.
 */
bool sim_host_addr_add(struct sim_host *h, uint32_t ifindex,
    const struct mip6_addr *a, uint8_t bits, bool dad, bool optimistic,
    enum sim_owner owner);
void sim_host_addr_del(struct sim_host *h, struct sim_addr *a);
/* Somebody else has it: duplicate detection has failed. */
void sim_host_addr_duplicate(struct sim_host *h, struct sim_addr *a);
/* The kernel's own link-local address of an interface. */
void sim_host_addr_linklocal(struct sim_host *h, struct sim_iface *i);
const struct mip6_addr *sim_host_linklocal(const struct sim_host *h,
    uint32_t ifindex);
void sim_host_addr_ra(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *router, const struct mip6_nd *ra);

/* ---- host_nd.c ---- */

/* Sends a packet to a neighbour, resolving it first. */
void sim_host_nd_send(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *nexthop, const uint8_t *octets, size_t count);
/* Puts an Ethernet header on a packet and sends it. */
void sim_host_frame(struct sim_iface *i, const struct mip6_lladdr *dst,
    const uint8_t *octets, size_t count);
/* An ICMPv6 message of ND came; `v` is its packet. */
void sim_host_nd_input(struct sim_host *h, struct sim_iface *i,
    const struct mip6_ip6_view *v, const uint8_t *octets);
/* Sends one; lladdr NULL: to the multicast address, or by resolving. */
void sim_host_nd_emit(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *src, const struct mip6_addr *dst,
    const struct mip6_lladdr *lladdr, const struct mip6_nd *m);
void sim_host_nd_flush(struct sim_host *h, uint32_t ifindex);
/* The cached link-layer address of a neighbour; false: not resolved. */
bool sim_host_nd_lookup(const struct sim_host *h, uint32_t ifindex,
    const struct mip6_addr *a, struct mip6_lladdr *to);
/* Begins to send Router Advertisements on an interface as ra says. */
void sim_host_ra_start(struct sim_host *h, struct sim_iface *i,
    const struct sim_ra *ra);

#endif
