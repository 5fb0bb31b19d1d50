/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Linux platform: opening, closing, and who carries out which action.
 *
 * Invariants: while a mip6_plat exists it holds the lock of the state
 * directory; nothing on the host is changed before the journal is ours; what
 * is closed is closed in the opposite order, and the journal is then empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

#define PLAT_TUN_MTU_MIN 1280
#define PLAT_TUN_MTU_MAX 65520

static void
plat_say(char *err, size_t err_octets, const char *what, int error)
{
	(void)snprintf(err, err_octets, "%s: %s", what, strerror(error));
}

/* The first word of a small file, or "-". */
static void
plat_read_word(const char *path, char *to, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, to, cap - 1);

	if (fd >= 0)
		close(fd);
	to[n > 0 ? n : 0] = '\0';
	to[strcspn(to, " \t\n")] = '\0';
	if (to[0] == '\0')
		(void)snprintf(to, cap, "-");
}

/* When process `pid` was started, in ticks since boot; 0: there is none. */
static unsigned long long
plat_process_start(unsigned long pid)
{
	char path[64], text[1024];
	unsigned long long start = 0;
	const char *at;
	ssize_t n;
	int fd, field;

	(void)snprintf(path, sizeof(path), "/proc/%lu/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* The name, in parentheses, may hold anything: behind the last. */
	at = strrchr(text, ')');
	for (field = 2; at != NULL && field < 22; field++) {
		at = strchr(at, ' ');
		if (at != NULL)
			at++;
	}
	if (at != NULL)
		start = strtoull(at, NULL, 10);
	return start;
}

/* "PID START BOOT NAMESPACE": who we are, and where. */
static void
plat_owner(char *owner, size_t cap)
{
	char boot[64];
	struct stat ns;

	plat_read_word("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
	if (stat("/proc/self/ns/net", &ns) != 0)
		ns.st_ino = 0;
	(void)snprintf(owner, cap, "%ld %llu %s %llu", (long)getpid(),
	    plat_process_start((unsigned long)getpid()), boot,
	    (unsigned long long)ns.st_ino);
}

/* What follows the process's own two words: boot and namespace. */
static const char *
plat_owner_place(const char *owner)
{
	const char *at = strchr(owner, ' ');

	at = at != NULL ? strchr(at + 1, ' ') : NULL;
	return at != NULL ? at + 1 : "";
}

static bool
plat_owner_lives(const char *owner)
{
	unsigned long pid;
	unsigned long long start;
	char *end;

	pid = strtoul(owner, &end, 10);
	start = strtoull(end, NULL, 10);
	return pid != 0 && pid != (unsigned long)getpid() && start != 0 &&
	    plat_process_start(pid) == start;
}

static int
plat_open_journal(struct mip6_plat *p, const char *dir, char *err,
    size_t err_octets)
{
	char self[MIP6_JOURNAL_OWNER];
	int error = mip6_journal_open(&p->journal, dir);

	plat_owner(self, sizeof(self));
	if (error == EWOULDBLOCK ||
	    (error == 0 && p->journal.count > 0 &&
		strcmp(plat_owner_place(p->journal.owner),
		    plat_owner_place(self)) == 0 &&
		plat_owner_lives(p->journal.owner))) {
		(void)snprintf(err, err_octets,
		    "another mip6d is running with state directory %s", dir);
		return -1;
	}
	if (error != 0) {
		plat_say(err, err_octets, dir, error);
		return -1;
	}
	return 0;
}

static int
plat_open_sockets(struct mip6_plat *p, char *err, size_t err_octets)
{
	int error = mip6_nl_open(&p->req, NETLINK_ROUTE);

	if (error == 0)
		error = mip6_nl_open(&p->mon, NETLINK_ROUTE);
	if (error == 0)
		error = mip6_nl_open(&p->call, NETLINK_ROUTE);
	if (error != 0) {
		plat_say(err, err_octets, "netlink", error);
		return -1;
	}
	p->work_fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (p->work_fd < 0 || !mip6_wants_init(&p->wants)) {
		plat_say(err, err_octets, "timer", errno);
		return -1;
	}
	return 0;
}

struct mip6_plat *
mip6_plat_new(const struct mip6_plat_env *env, char *err, size_t err_octets)
{
	struct mip6_plat *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		(void)snprintf(err, err_octets, "no memory");
		return NULL;
	}
	p->env = *env;
	(void)snprintf(p->tun_name, sizeof(p->tun_name), "%s", env->tun_name);
	p->journal.dir_fd = p->journal.lock_fd = p->journal.fd = -1;
	p->req.fd = p->mon.fd = p->nfmon.fd = p->call.fd = -1;
	p->work_fd = p->tun.port.fd = p->allmulti.fd = -1;
	mip6_groups_init(&p->groups, &mip6_group_calls, NULL);
	p->restore_at = MIP6_TIME_NEVER;
	mip6_acts_init(&p->acts);
	if (plat_open_journal(p, env->state_dir, err, err_octets) != 0 ||
	    plat_open_sockets(p, err, err_octets) != 0 ||
	    mip6_nft_init(p, err, err_octets) != 0) {
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
	if (p->allmulti.fd >= 0)
		close(p->allmulti.fd);
	mip6_tun_close(p);
	mip6_nft_fini(p);
	mip6_watch_fini(&p->watch);
	mip6_wants_fini(&p->wants);
	mip6_sysctls_fini(&p->sysctls);
	mip6_acts_fini(&p->acts);
	mip6_nl_close(&p->req);
	mip6_nl_close(&p->mon);
	mip6_nl_close(&p->nfmon);
	mip6_nl_close(&p->call);
	if (p->work_fd >= 0)
		close(p->work_fd);
	mip6_journal_close(&p->journal);
	free(p);
}

int
mip6_plat_recover(struct mip6_plat *p)
{
	char self[MIP6_JOURNAL_OWNER];
	int undone = 0;
	bool here;

	if (p->recovered)
		return 0;
	plat_owner(self, sizeof(self));
	here = strcmp(plat_owner_place(p->journal.owner),
		   plat_owner_place(self)) == 0;
	if (p->journal.count > 0 && here) {
		undone = mip6_undo_all(p);
		MIP6_LOG(p->env.log, DEBUG, "plat.recovered",
		    MIP6_KU("effects", (uint64_t)undone));
	}
	/* What was done before a reboot, or in another namespace, is gone. */
	while (p->journal.count > 0)
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

static void
plat_tun_mtu(struct mip6_plat *p, uint32_t slot, uint16_t mtu)
{
	struct mip6_nlmsg m;

	if (mtu < PLAT_TUN_MTU_MIN || mtu > PLAT_TUN_MTU_MAX) {
		mip6_acts_end(p, slot, EINVAL);
		return;
	}
	if (p->tun.mtu < mtu)
		p->tun.mtu = mtu;
	mip6_rtmsg_link_set(&m, p->tun.ifindex, mtu, 0, false);
	mip6_acts_send(p, slot, &m);
}

static void
plat_route_get(struct mip6_plat *p, uint32_t slot, const struct mip6_addr *dst)
{
	struct mip6_nlmsg m;

	if (mip6_addr_is_any(dst) || mip6_addr_is_multicast(dst)) {
		mip6_acts_end(p, slot, EINVAL);
		return;
	}
	p->acts.slot[slot].kind = MIP6_SLOT_ROUTE_GET;
	p->acts.slot[slot].dst = *dst;
	mip6_rtmsg_route_get(&m, dst, 0);
	mip6_acts_send(p, slot, &m);
}

/* The kinds that are done when they return. */
static int
plat_do_now(struct mip6_plat *p, enum mip6_action_kind kind,
    const struct mip6_act_set *s)
{
	if (kind == MIP6_ACT_GROUP)
		return mip6_group_set(p, s->ifindex, &s->addr, s->on);
	if (kind == MIP6_ACT_ALLMULTI)
		return mip6_allmulti_set(p, s->ifindex, s->on);
	if (kind == MIP6_ACT_CAPTURE)
		return mip6_nft_capture(p, s->ifindex, s->on);
	if (kind == MIP6_ACT_SILENCE)
		return mip6_nft_silence(p, &s->addr, s->on);
	if (kind == MIP6_ACT_SHIELD)
		return mip6_nft_shield(p, &s->addr, s->on);
	if (kind == MIP6_ACT_FORWARDING)
		return mip6_sysctl_forwarding(p, s->on);
	return EOPNOTSUPP;
}

void
mip6_plat_do(struct mip6_plat *p, const struct mip6_action *act)
{
	uint32_t slot;

	/*
	 * The kernel has carried out what it was asked before; its answers
	 * are read first, so that this one is judged by how things are.
	 */
	if (p->acts.waiting.count > 0)
		mip6_acts_ready(p);
	slot = mip6_acts_new(p, act->id);
	if (!p->started) {
		mip6_acts_end(p, slot, ENODEV);
		return;
	}
	switch (act->kind) {
	case MIP6_ACT_TUN_MTU:
		plat_tun_mtu(p, slot, act->u.set.mtu);
		return;
	case MIP6_ACT_ADDR:
		mip6_want_addr(p, slot, &act->u.addr);
		return;
	case MIP6_ACT_ROUTE:
		mip6_want_route(p, slot, &act->u.route);
		return;
	case MIP6_ACT_RULE:
		mip6_want_rule(p, slot, &act->u.rule);
		return;
	case MIP6_ACT_ROUTE_GET:
		plat_route_get(p, slot, &act->u.dst);
		return;
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
	case MIP6_ACT_FORWARDING:
	case MIP6_ACT_ALLMULTI:
		mip6_acts_end(p, slot, plat_do_now(p, act->kind, &act->u.set));
		return;
	case MIP6_ACT_STORE:
	case MIP6_ACT_RESOLVE:
	case MIP6_ACT_SEND:
	case MIP6_ACT_SEND_TUNNELLED:
	case MIP6_ACT_ROW_SET:
	case MIP6_ACT_ROW_DEL:
	case MIP6_ACT_HOP_SET:
	case MIP6_ACT_LOCAL:
	case MIP6_ACT_MEMBER:
	case MIP6_ACT_MCAST:
		break;
	}
	mip6_acts_end(p, slot, EOPNOTSUPP);
}

size_t
mip6_plat_fds(struct mip6_plat *p, struct mip6_plat_fd fd[MIP6_PLAT_FDS])
{
	fd[0] = (struct mip6_plat_fd){ p->work_fd, mip6_work_ready };
	fd[1] = (struct mip6_plat_fd){ p->req.fd, mip6_acts_ready };
	fd[2] = (struct mip6_plat_fd){ p->mon.fd, mip6_watch_ready };
	fd[3] = (struct mip6_plat_fd){ p->nfmon.fd, mip6_nft_ready };
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
