/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fixture of the platform's contract test (see fix.h).
 */
#include "fix.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
fix_wants(void *arg, const char *name)
{
	(void)arg;
	return name[0] == 'w';
}

static void
fix_on_link(void *arg, const struct mip6_ev_link *l)
{
	struct fix *f = arg;
	size_t i;

	f->link_reports++;
	if (strcmp(l->name, HOST_TUN) == 0)
		f->any_tun = true;
	for (i = 0; i < f->links && f->link[i].ifindex != l->ifindex; i++)
		;
	if (l->gone) {
		FIX_CHECK(i < f->links);
		f->link[i] = f->link[--f->links];
		return;
	}
	FIX_CHECK(i < FIX_MAX);
	f->link[i] = *l;
	if (i == f->links)
		f->links++;
}

static void
fix_on_addr(void *arg, const struct mip6_ev_addr *a)
{
	struct fix *f = arg;
	size_t i;

	f->addr_reports++;
	for (i = 0; i < f->links && f->link[i].ifindex != a->ifindex; i++)
		;
	/* Never before its link, never after it. */
	f->early += i == f->links;
	for (i = 0; i < f->addrs; i++) {
		if (f->addr[i].ifindex == a->ifindex &&
		    mip6_addr_equal(&f->addr[i].addr, &a->addr))
			break;
	}
	if (a->gone) {
		FIX_CHECK(i < f->addrs);
		f->addr[i] = f->addr[--f->addrs];
		return;
	}
	FIX_CHECK(i < FIX_MAX);
	f->addr[i] = *a;
	if (i == f->addrs)
		f->addrs++;
}

static void
fix_on_routes(void *arg)
{
	((struct fix *)arg)->routes++;
}

static void
fix_on_done(void *arg, uint64_t id, int error, const struct mip6_route *route)
{
	struct fix *f = arg;

	FIX_CHECK(!f->in_do);
	FIX_CHECK(id < MIP6_COUNT(f->done));
	FIX_CHECK(error >= 0);
	f->done[id]++;
	f->error[id] = error;
	if (route != NULL)
		f->route = *route;
}

static pid_t fix_parent;

_Noreturn void
fix_fail(const char *what, const char *file, int line)
{
	if (getpid() != fix_parent) {
		fprintf(stderr, "child: %s (%s:%d)\n", what, file, line);
		_exit(2);
	}
	print_error("not so: %s\n", what);
	_fail(file, line);
	abort();
}

int
fix_setup(void **state)
{
	struct fix *f = calloc(1, sizeof(*f));

	if (f == NULL || !host_enter())
		return -1;
	fix_parent = getpid();
	f->folder = host_folder();
	f->next = 1;
	*state = f;
	return 0;
}

int
fix_teardown(void **state)
{
	struct fix *f = *state;

	if (f->plat != NULL)
		mip6_plat_free(f->plat);
	host_folder_del(f->folder);
	free(f);
	return 0;
}

static void
fix_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	size_t i;

	(void)arg;
	(void)level;
	if (getenv("MIP6_TEST_VERBOSE") == NULL)
		return;
	fprintf(stderr, "ev=%s", event);
	for (i = 0; i < count; i++) {
		if (kv[i].kind == MIP6_KV_STR)
			fprintf(stderr, " %s=%s", kv[i].key, kv[i].v.str);
	}
	fprintf(stderr, "\n");
}

struct mip6_plat *
fix_new(struct fix *f, char *err, size_t err_octets)
{
	static const struct mip6_log log = { fix_log, NULL, MIP6_LOG_DEBUG };
	const struct mip6_plat_env env = { &log, f->folder, HOST_TUN, fix_wants,
		fix_on_link, fix_on_addr, fix_on_routes, fix_on_done, f };

	return mip6_plat_new(&env, err, err_octets);
}

void
fix_start(struct fix *f)
{
	char err[256] = "";

	f->links = f->addrs = 0;
	f->plat = fix_new(f, err, sizeof(err));
	if (f->plat == NULL || mip6_plat_start(f->plat, err, sizeof(err)) != 0)
		fix_fail(err, __FILE__, __LINE__);
}

void
fix_stop(struct fix *f)
{
	mip6_plat_free(f->plat);
	f->plat = NULL;
}

void
fix_pump(struct fix *f, int ms)
{
	struct mip6_plat_fd fd[MIP6_PLAT_FDS];
	struct pollfd wait[MIP6_PLAT_FDS];
	size_t n = mip6_plat_fds(f->plat, fd), i;

	host_tick();
	for (i = 0; i < n; i++)
		wait[i] = (struct pollfd){ fd[i].fd, POLLIN, 0 };
	if (poll(wait, (nfds_t)n, ms) <= 0)
		return;
	for (i = 0; i < n; i++) {
		if (wait[i].revents != 0)
			fd[i].ready(f->plat);
	}
}

uint64_t
fix_do_async(struct fix *f, struct mip6_action act)
{
	act.id = f->next++;
	f->in_do = true;
	mip6_plat_do(f->plat, &act);
	f->in_do = false;
	FIX_CHECK(f->done[act.id] == 0);
	return act.id;
}

int
fix_do(struct fix *f, struct mip6_action act)
{
	uint64_t id = fix_do_async(f, act);

	FIX_WAIT(f, f->done[id] > 0);
	return f->error[id];
}

const struct mip6_ev_link *
fix_link(const struct fix *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->links; i++) {
		if (strcmp(f->link[i].name, name) == 0)
			return &f->link[i];
	}
	return NULL;
}

const struct mip6_ev_addr *
fix_addr(const struct fix *f, const char *addr)
{
	struct mip6_addr a = fix_a(addr);
	size_t i;

	for (i = 0; i < f->addrs; i++) {
		if (mip6_addr_equal(&f->addr[i].addr, &a))
			return &f->addr[i];
	}
	return NULL;
}

struct mip6_addr
fix_a(const char *text)
{
	struct mip6_addr a = mip6_addr_any;

	FIX_CHECK(mip6_addr_parse(text, &a));
	return a;
}

struct mip6_prefix
fix_p(const char *text)
{
	struct mip6_prefix p = { mip6_addr_any, 0 };

	FIX_CHECK(mip6_prefix_parse(text, &p));
	return p;
}

/* Shows the first line that differs. */
void
fix_same(const char *a, const char *b, const char *what)
{
	size_t at, line = 0, n;

	for (at = 0; a[at] == b[at] && a[at] != '\0'; at++) {
		if (a[at] == '\n')
			line = at + 1;
	}
	if (a[at] == b[at])
		return;
	n = strcspn(a + line, "\n");
	fail_msg("%s: the host is not as before:\n- %.*s\n+ %.*s", what, (int)n,
	    a + line, (int)strcspn(b + line, "\n"), b + line);
}

const char *const fix_effect_name[FIX_EFFECTS] = {
	"address on the TUN",
	"address on a link",
	"optimistic address on a link",
	"half of the default route",
	"route of a prefix",
	"default of the home table",
	"default of the care-of table",
	"rule of a home address",
	"rule of a care-of address",
	"group",
	"capture",
	"silence",
	"shield",
	"forwarding",
	"every group",
};

static struct mip6_action
fix_effect_addr(size_t i, bool on)
{
	static const char *const addr[] = { "2001:db8:1::100",
		"2001:db8:a::100", "2001:db8:a::101" };
	struct mip6_action act = { .kind = MIP6_ACT_ADDR };

	act.u.addr.ifindex = i == 0 ? 0 : host_ifindex(HOST_LINK);
	act.u.addr.addr = fix_a(addr[i]);
	act.u.addr.bits = i == 0 ? 128 : 64;
	act.u.addr.optimistic = i == 2;
	act.u.addr.valid.us = act.u.addr.preferred.us = INT64_MAX;
	act.u.addr.on = on;
	return act;
}

static struct mip6_action
fix_effect_route(size_t i, bool on)
{
	static const char *const dst[] = { "::/1", "2001:db8:1:8000::/65",
		"::/0", "::/0" };
	struct mip6_action act = { .kind = MIP6_ACT_ROUTE };

	act.u.route.table = i < 2 ? MIP6_TABLE_MAIN :
	    i == 2                ? MIP6_TABLE_HOME :
				    MIP6_TABLE_COA;
	act.u.route.dst = fix_p(dst[i]);
	act.u.route.ifindex = i == 3 ? host_ifindex(HOST_LINK) : 0;
	if (i == 3)
		act.u.route.gateway = fix_a(HOST_ROUTER);
	act.u.route.on = on;
	return act;
}

struct mip6_action
fix_effect(size_t i, bool on)
{
	static const enum mip6_action_kind set[] = { MIP6_ACT_GROUP,
		MIP6_ACT_CAPTURE, MIP6_ACT_SILENCE, MIP6_ACT_SHIELD,
		MIP6_ACT_FORWARDING, MIP6_ACT_ALLMULTI };
	static const char *const addr[] = { "ff02::1:ff00:100", "2001:db8:a::9",
		HOST_ADDR, "2001:db8:1::100", "2001:db8:a::9", "::" };
	struct mip6_action act;

	if (i < 3)
		return fix_effect_addr(i, on);
	if (i < 7)
		return fix_effect_route(i - 3, on);
	memset(&act, 0, sizeof(act));
	if (i < 9) {
		act.kind = MIP6_ACT_RULE;
		act.u.rule.src =
		    fix_a(i == 7 ? "2001:db8:1::100" : "2001:db8:a::100");
		act.u.rule.table = i == 7 ? MIP6_TABLE_HOME : MIP6_TABLE_COA;
		act.u.rule.on = on;
		return act;
	}
	act.kind = set[i - 9];
	act.u.set.ifindex = host_ifindex(HOST_LINK);
	act.u.set.addr = fix_a(addr[i - 9]);
	act.u.set.on = on;
	return act;
}

int
fix_effect_end(size_t i)
{
	return i == 14 && host_lacks(HOST_LACK_ALLMULTI) ? EOPNOTSUPP : 0;
}

bool
fix_effect_shows(size_t i)
{
	if (i == 7 || i == 8)
		return !host_lacks(HOST_LACK_RULES);
	/* Capture, silence, shield: a filter that some need, and together. */
	if (i >= 10 && i <= 12)
		return !host_lacks(HOST_LACK_INGRESS);
	return fix_effect_end(i) == 0;
}

void
fix_all_on(struct fix *f)
{
	char err[256] = "";
	size_t i;

	for (i = 0; i < FIX_EFFECTS; i++)
		FIX_CHECK(fix_do(f, fix_effect(i, true)) == fix_effect_end(i));
	FIX_CHECK(mip6_plat_port_open(f->plat, fix_link(f, HOST_LINK), err,
		      sizeof(err)) != NULL);
}
