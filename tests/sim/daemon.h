/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon's place in the simulation: runs the shipped engine on a simulated
 * host, carries out its actions, and tells it how they ended.
 *
 * Actions of one kind take effect in the order in which they were asked for,
 * each after its own delay; of different kinds in any order.  An action may be
 * made to fail or to be late, by kind: the errno comes back as from a real
 * kernel, and nothing was changed.  What a killed engine leaves on the host is
 * cleaned by the next start, as the journal of the real daemon does.
 */
#ifndef MIP6_SIM_DAEMON_H
#define MIP6_SIM_DAEMON_H

#include "core/conf.h"
#include "core/show.h"
#include "engine/engine.h"
#include "sim/host.h"
#include "sim/store.h"
#include "sim/twin.h"

#define SIM_ACTION_KINDS (MIP6_ACT_RESOLVE + 1)
#define SIM_MOBILES_MAX  8

struct sim_faults {
	uint32_t fail_ppm; /* of host actions */
	uint32_t late_ppm;
	int64_t late_us; /* at the most */
};

#define SIM_NAMES_MAX 4

/* What the domain name system says of a name; the test may change it. */
struct sim_name {
	const char *name;
	int error; /* 0, or an errno */
	struct mip6_addr addr[MIP6_NAME_ADDRS_MAX];
	uint32_t addrs;
	int64_t after_us; /* from question to answer */
	uint32_t asked;
	struct mip6_addr src; /* from which it was asked last */
};

struct sim_daemon {
	struct sim *sim;
	struct sim_host *host;
	struct sim_rng rng;
	struct mip6_engine *engine; /* NULL: not running */
	bool inside;                /* the engine is at work now */
	/* What the test may change, and what the engine was given, by turns. */
	struct mip6_conf conf;
	struct mip6_conf_mobile mobile[SIM_MOBILES_MAX];
	struct {
		struct mip6_conf conf;
		struct mip6_conf_mobile mobile[SIM_MOBILES_MAX];
	} given[2];
	uint32_t turn;
	struct sim_twin *twin;
	struct mip6_log log;
	uint8_t stable_secret[MIP6_SEED_OCTETS];
	struct mip6_engine_limits limits;

	bool asleep;            /* its timers wait: see sim_daemon_sleep */
	int64_t wall_offset_us; /* of its clock from true time */
	bool was_forwarding;
	uint64_t generation;
	uint64_t generation_engine; /* late ends of another are thrown away */
	uint64_t timer_tag;         /* the deadline asked for last */
	int64_t timer_us;
	uint32_t timers_in_place; /* times it ran without time moving on */

	int64_t act_us; /* how long an action takes */
	struct sim_faults faults;
	int fail_next[SIM_ACTION_KINDS]; /* errno for the next of a kind */
	int64_t late_next_us[SIM_ACTION_KINDS];
	int64_t last_us[SIM_ACTION_KINDS];

	/* Every event of its log; may be NULL. */
	void (*on_log)(void *arg, struct sim_daemon *d, const char *event,
	    const struct mip6_kv *kv, size_t count);
	void *on_log_arg;

	struct sim_name name[SIM_NAMES_MAX];
	struct sim_store store; /* outlives the engine */

	uint64_t acted, failed, undone;
	char why[128];      /* of the registration shown last */
	int64_t started_us; /* of the engine that runs now */
	size_t octets;      /* allocated by the engine */
};

void sim_daemon_init(struct sim_daemon *d, struct sim_host *h, uint64_t seed);
void sim_daemon_fini(struct sim_daemon *d);

/* Cleans up after the one before, makes an engine and tells it all. */
void sim_daemon_start(struct sim_daemon *d);
/* Dies where it stands: nothing is undone, nobody told. */
void sim_daemon_kill(struct sim_daemon *d);
/*
 * The host is suspended, or wakes up: clocks go on, the process does not.  The
 * caller has unplugged it before.
 */
void sim_daemon_sleep(struct sim_daemon *d, bool on);
/* Leaves: STOP, what that sends, and everything undone. */
void sim_daemon_stop(struct sim_daemon *d);
/* Gives it d->conf again, changed. */
void sim_daemon_reload(struct sim_daemon *d);
void sim_daemon_command(struct sim_daemon *d, enum mip6_command_kind kind,
    const struct mip6_addr *addr);

/* What the node sees of time. */
struct mip6_now sim_daemon_now(const struct sim_daemon *d);
uint64_t sim_daemon_drops(const struct sim_daemon *d, enum mip6_drop why);

/*
 * The first registration of a mobile node, its texts good until the next call;
 * false: none, or not running.
 */
bool sim_daemon_registration(struct sim_daemon *d,
    struct mip6_show_registration *r);
/* The home agent's entry for `hoa`; false: none. */
bool sim_daemon_binding(const struct sim_daemon *d, const struct mip6_addr *hoa,
    struct mip6_show_binding *b);

#endif
