/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Darwin platform: opening, closing, and who carries out which action.
 *
 * Invariants: while a mip6_plat exists it holds the lock of the state
 * directory; nothing on the host is changed before the journal is ours; what
 * is closed is closed in the opposite order, and the journal is then empty.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/darwin/darwin.h"
#include "platform/darwin/undo.h"

#define PLAT_TUN_MTU_MIN 1280
#define PLAT_TUN_MTU_MAX 65520

static void
plat_say(char *err, size_t err_octets, const char *what, int error)
{
	(void)snprintf(err, err_octets, "%s: %s", what, strerror(error));
}

/* "PID BOOT": who we are, and since when the host runs. */
static void
plat_owner(const struct mip6_plat *p, char *owner, size_t cap)
{
	char boot[64];

	if (p->os->boot_id(boot, sizeof(boot)) != 0)
		(void)snprintf(boot, sizeof(boot), "-");
	(void)snprintf(owner, cap, "%ld %s", (long)getpid(), boot);
}

static bool
plat_same_boot(const char *a, const char *b)
{
	const char *x = strchr(a, ' '), *y = strchr(b, ' ');

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static int
plat_open_journal(struct mip6_plat *p, char *err, size_t err_octets)
{
	const char *dir = p->env.state_dir;
	int error = mip6_journal_open(&p->journal, dir);

	if (error == EWOULDBLOCK)
		(void)snprintf(err, err_octets,
		    "another mip6d is running with state directory %s", dir);
	else if (error != 0)
		plat_say(err, err_octets, dir, error);
	return error;
}

struct mip6_plat *
mip6_plat_new(const struct mip6_plat_env *env, char *err, size_t err_octets)
{
	struct mip6_plat *p = calloc(1, sizeof(*p));
	int error = 0;

	if (p == NULL) {
		(void)snprintf(err, err_octets, "no memory");
		return NULL;
	}
	p->os = &mip6_os_system;
	p->env = *env;
	p->journal.dir_fd = p->journal.lock_fd = p->journal.fd = -1;
	p->watch.route_fd = p->watch.event_fd = p->watch.ask_fd = -1;
	p->work_fd = p->tun.port.fd = p->ask.fd = p->ask.ioctl_fd = -1;
	p->restore_at = p->watch.look_at = MIP6_TIME_NEVER;
	mip6_group_init(p);
	if (plat_open_journal(p, err, err_octets) != 0) {
		mip6_plat_free(p);
		return NULL;
	}
	p->work_fd = p->os->timer_open();
	if (p->work_fd < 0 || !mip6_wants_init(&p->wants))
		error = errno;
	if (error == 0)
		error = mip6_ask_open(p);
	if (error != 0) {
		plat_say(err, err_octets, "sockets", error);
		mip6_plat_free(p);
		return NULL;
	}
	return p;
}

void
mip6_plat_free(struct mip6_plat *p)
{
	if (p == NULL)
		return;
	mip6_ports_fini(p);
	if (p->recovered)
		(void)mip6_undo_all(p);
	mip6_groups_fini(&p->groups);
	mip6_tun_close(p);
	mip6_watch_fini(p);
	mip6_pf_fini(&p->pf);
	mip6_ask_close(p);
	mip6_wants_fini(&p->wants);
	free(p->acts.ended);
	if (p->work_fd >= 0)
		(void)p->os->close(p->work_fd);
	mip6_journal_close(&p->journal);
	free(p);
}

int
mip6_plat_recover(struct mip6_plat *p)
{
	char self[MIP6_JOURNAL_OWNER];
	bool here;
	int undone = 0;

	if (p->recovered)
		return 0;
	plat_owner(p, self, sizeof(self));
	here = plat_same_boot(p->journal.owner, self);
	if (p->journal.count > 0 && here) {
		undone = mip6_undo_all(p);
		MIP6_LOG(p->env.log, DEBUG, "plat.recovered",
		    MIP6_KU("effects", (uint64_t)undone));
	}
	/* What was done before a reboot is gone. */
	while (p->journal.count > 0 && !here)
		mip6_journal_del(&p->journal,
		    p->journal.live[p->journal.count - 1].id);
	p->recovered = mip6_journal_own(&p->journal, self) == 0;
	return undone;
}

int
mip6_plat_start(struct mip6_plat *p, char *err, size_t err_octets)
{
	int error;

	(void)mip6_plat_recover(p);
	if (!p->recovered) {
		(void)snprintf(err, err_octets,
		    "the journal in the state directory: %s", strerror(errno));
		return -1;
	}
	if (mip6_tun_open(p, err, err_octets) != 0)
		return -1;
	p->started = true;
	error = mip6_watch_start(p);
	if (error != 0) {
		plat_say(err, err_octets, "links and addresses", error);
		return -1;
	}
	return 0;
}

static int
plat_rule(const struct mip6_act_rule *r)
{
	/* The kernel does by itself what a rule asks for: see route.c. */
	return mip6_addr_is_any(&r->src) || mip6_addr_is_multicast(&r->src) ||
		(r->table != MIP6_TABLE_HOME && r->table != MIP6_TABLE_COA) ?
	    EINVAL :
	    0;
}

static int
plat_tun_mtu(struct mip6_plat *p, uint16_t mtu)
{
	if (mtu < PLAT_TUN_MTU_MIN || mtu > PLAT_TUN_MTU_MAX)
		return EINVAL;
	return mip6_tun_set_mtu(p, mtu);
}

static int
plat_forwarding(struct mip6_plat *p, bool on)
{
	int error = mip6_sysctl_forwarding(p, on);

	if (error == 0)
		mip6_pf_weak(p, on);
	return error;
}

/* The kinds that are done when they return. */
static int
plat_do_now(struct mip6_plat *p, const struct mip6_action *act)
{
	const struct mip6_act_set *s = &act->u.set;

	if (act->kind == MIP6_ACT_TUN_MTU)
		return plat_tun_mtu(p, s->mtu);
	if (act->kind == MIP6_ACT_ADDR)
		return mip6_addr_set(p, &act->u.addr);
	if (act->kind == MIP6_ACT_RULE)
		return plat_rule(&act->u.rule);
	if (act->kind == MIP6_ACT_GROUP)
		return mip6_group_set(p, s->ifindex, &s->addr, s->on);
	if (act->kind == MIP6_ACT_FORWARDING)
		return plat_forwarding(p, s->on);
	return EOPNOTSUPP;
}

void
mip6_plat_do(struct mip6_plat *p, const struct mip6_action *act)
{
	const struct mip6_act_set *s = &act->u.set;

	if (!p->started)
		mip6_acts_end(p, act->id, ENODEV, NULL);
	else if (act->kind == MIP6_ACT_ROUTE)
		mip6_route_set(p, act->id, &act->u.route);
	else if (act->kind == MIP6_ACT_ROUTE_GET)
		mip6_route_get(p, act->id, &act->u.dst);
	else if (act->kind == MIP6_ACT_CAPTURE)
		mip6_pf_capture(p, act->id, s->ifindex, s->on);
	else if (act->kind == MIP6_ACT_SILENCE)
		mip6_pf_set(p, act->id, MIP6_PF_SILENCE, &s->addr, s->on);
	else if (act->kind == MIP6_ACT_SHIELD)
		mip6_pf_set(p, act->id, MIP6_PF_SHIELD, &s->addr, s->on);
	else
		mip6_acts_end(p, act->id, plat_do_now(p, act), NULL);
}

size_t
mip6_plat_fds(struct mip6_plat *p, struct mip6_plat_fd fd[MIP6_PLAT_FDS])
{
	fd[0] = (struct mip6_plat_fd){ p->work_fd, mip6_work_ready };
	fd[1] = (struct mip6_plat_fd){ p->ask.fd, mip6_ask_ready };
	fd[2] =
	    (struct mip6_plat_fd){ p->watch.route_fd, mip6_watch_route_ready };
	fd[3] =
	    (struct mip6_plat_fd){ p->watch.event_fd, mip6_watch_event_ready };
	return 4;
}

const char *
mip6_plat_tun_name(const struct mip6_plat *p)
{
	return p->tun.name;
}

struct mip6_port *
mip6_plat_tun_port(struct mip6_plat *p)
{
	return p->started ? &p->tun.port : NULL;
}

void
mip6_plat_rescan(struct mip6_plat *p)
{
	mip6_watch_dump(p);
}

uint64_t
mip6_plat_restored(const struct mip6_plat *p)
{
	return p->restored;
}
