/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an operating system must offer, and nothing more: one contract, a
 * folder for each system, chosen by CMake.
 *
 * Each call has one effect and one undo, both named by the same arguments with
 * `on` true and false.  Every effect is written to a journal in the state
 * directory before it is made, so that mip6_plat_recover can undo what a killed
 * daemon left.  A call ends by `done` (never before it returned), with an errno
 * or 0; NULL when nobody waits.  Nothing here blocks but open and close.
 */
#ifndef MIP6_PLATFORM_PLATFORM_H
#define MIP6_PLATFORM_PLATFORM_H

#include "base/log.h"
#include "core/action.h"
#include "core/conf.h"
#include "core/event.h"
#include "mip6/pkt.h"

/* Of the virtual home interface, where the system lets us choose. */
#define MIP6_PLAT_TUN_NAME "mip0"

struct mip6_plat;

typedef void (*mip6_plat_done)(void *arg, uint64_t id, int error,
    const struct mip6_route *route /* ROUTE_GET without error, else NULL */);

struct mip6_plat_env {
	const struct mip6_log *log;
	const char *state_dir; /* journal; exists, ours, mode 0700 */
	const char *tun_name;  /* "mip0"; where the system lets us choose */
	bool (*wants_link)(void *arg, const char *name); /* report this link? */
	/* Reports; the ones of the start come from mip6_plat_start. */
	void (*link)(void *arg, const struct mip6_ev_link *l);
	void (*addr)(void *arg, const struct mip6_ev_addr *a);
	void (*routes)(void *arg);
	mip6_plat_done done;
	void *arg;
};

/*
 * NULL with a message in err[err_octets] when the system does not offer what
 * is needed (no privilege, no TUN, no netfilter ...).
 */
struct mip6_plat *mip6_plat_new(const struct mip6_plat_env *env, char *err,
    size_t err_octets);
/*
 * Undoes everything that is still on, in the opposite order, and closes
 * everything, the ports too.  `done` is not called any more.
 */
void mip6_plat_free(struct mip6_plat *p);

/* Undoes what the journal of an earlier process says. Returns how much. */
int mip6_plat_recover(struct mip6_plat *p);
/* Opens the TUN and begins to report links, addresses and routes. */
int mip6_plat_start(struct mip6_plat *p, char *err, size_t err_octets);

/*
 * Carries out one action of the host kinds (MIP6_ACT_TUN_MTU and after).  Its
 * end comes through `done` with act->id, also when id is 0, exactly once.
 *
 * Asking twice for the same effect, or undoing what is not there, is no error.
 * An address that a link has already is left as it is, and its undo does
 * nothing.  ADDR makes no route; GROUP and ALLMULTI count no users; SILENCE and
 * SHIELD hold on the links of CAPTURE.  Errors: EINVAL for what can never be, ENODEV
 * for a link that is not there, EEXIST for a route of somebody else's,
 * EOPNOTSUPP for another kind, and what else the system says.
 */
void mip6_plat_do(struct mip6_plat *p, const struct mip6_action *act);

/* File descriptors to wait on for reading, and what to call when ready. */
#define MIP6_PLAT_FDS 4
struct mip6_plat_fd {
	int fd;
	void (*ready)(struct mip6_plat *p);
};
size_t mip6_plat_fds(struct mip6_plat *p,
    struct mip6_plat_fd fd[MIP6_PLAT_FDS]);

/* "mip0", "utun4" */
const char *mip6_plat_tun_name(const struct mip6_plat *p);

/*
 * Asks env.wants_link about every link again, after a new configuration;
 * differences are reported later.
 */
void mip6_plat_rescan(struct mip6_plat *p);

/* How often something of ours that others deleted was put back. */
uint64_t mip6_plat_restored(const struct mip6_plat *p);

/*
 * What of others stands in the way just now, for whoever asks how things are;
 * NULL: nothing.  Good until the next call.
 */
#define MIP6_PLAT_WARNING 128 /* octets, NUL included */
#define MIP6_PLAT_OTHER_TUNNEL                                                 \
	"all IPv6 traffic leaves by %s, a tunnel of somebody else's"
const char *mip6_plat_warning(struct mip6_plat *p);

/*
 * Who has a care-of address that the daemon formed, where the configuration
 * leaves it open: the kernel where it takes optimistic addresses from us.
 */
enum mip6_coa_owner mip6_plat_coa_owner(void);

/* Reads the three clocks. */
struct mip6_now mip6_plat_now(void);

/*
 * A port sends and receives bursts on one link, or on the TUN.
 *
 * recv: up to `n` (<= MIP6_PKT_BURST) packets from `pool` into pkt[], from the
 * IPv6 header on, ll_src set; returns how many (0: none now).  What does not
 * fit a buffer is counted by the port and left out.
 * send: frames (link) or bare packets (TUN); all pass to the port, which gives
 * them back to the pool; returns how many the system took.
 */
struct mip6_port;
struct mip6_port_ops {
	size_t (*recv)(struct mip6_port *p, struct mip6_pool *pool,
	    struct mip6_pkt **pkt, size_t n);
	size_t (*send)(struct mip6_port *p, struct mip6_pool *pool,
	    struct mip6_pkt *const *pkt, size_t n);
	void (*close)(struct mip6_port *p);
};
struct mip6_port {
	const struct mip6_port_ops *ops;
	int fd;           /* readable when recv has something */
	uint32_t ifindex; /* 0: the TUN */
	uint64_t received, sent, overflowed, failed;
};

/* The TUN's port; exists after mip6_plat_start. */
struct mip6_port *mip6_plat_tun_port(struct mip6_plat *p);

/*
 * The portable port: libpcap in (immediate, inbound only, kernel filter), and
 * libnet out at the link layer.  NULL with a message on failure.
 */
struct mip6_port *mip6_port_pcap_open(const struct mip6_ev_link *link,
    char *err, size_t err_octets);

/*
 * The system's part of opening a port: GRO/LRO off (journalled), injection
 * mode (Darwin: BIOCSHDRCMPLT).  Called by the daemon for MIP6_ACT_CAPTURE.
 */
struct mip6_port *mip6_plat_port_open(struct mip6_plat *p,
    const struct mip6_ev_link *link, char *err, size_t err_octets);
void mip6_plat_port_close(struct mip6_plat *p, struct mip6_port *port);

#endif
