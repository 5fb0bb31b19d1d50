/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter, kept true to a list of links and three of addresses.
 *
 * Our anchor has rules, and pf is on by a token of ours, only while a role
 * needs them.  The whole anchor is loaded by pfctl, in one transaction, with
 * fixed arguments and its text on standard input, once for all changes that
 * came together; then what pf has is asked for and compared.  Where that
 * fails, the changes are taken back and refused.
 *
 * The journal has the anchor before it is loaded and the token as soon as it
 * is known: a kill in between leaves pf on with nothing in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/common/run.h"
#include "platform/darwin/darwin.h"
#include "platform/darwin/undo.h"

#define PF_PROGRAM   "/sbin/pfctl"
#define PF_OUT       65536
#define PF_ADDRS_MAX 65536
#define PF_LINKS_MAX 64

/* With offloads, a packet taken to the TUN would have no checksum yet. */
static const char *const pf_offloads[] = { "net.inet.tcp.tso",
	"net.link.generic.system.hwcksum_tx" };

/* Runs pfctl; out is NULL when nobody reads what it says. */
static int
pf_run(struct mip6_plat *p, const char *const *argv, const char *in,
    size_t in_octets, char *out, size_t *out_octets)
{
	char *said = out != NULL ? out : malloc(PF_OUT);
	struct mip6_os_run r = { argv, in, in_octets, said, PF_OUT, 0, 0 };
	char why[96] = "";
	int error = 0;

	if (said == NULL)
		return ENOMEM;
	if (p->os->run(&r) != 0)
		error = errno;
	else if (r.status != 0)
		error = EIO;
	mip6_pf_read_complaint(said, r.out_octets, why, sizeof(why));
	if (error != 0)
		MIP6_LOG(p->env.log, WARNING, "plat.pfctl",
		    MIP6_KS("error", why[0] != '\0' ? why : strerror(error)));
	if (out_octets != NULL)
		*out_octets = r.out_octets;
	if (out == NULL)
		free(said);
	return error;
}

static int
pf_load(struct mip6_plat *p, const char *text, size_t octets)
{
	static const char *const load[] = { PF_PROGRAM, "-a", MIP6_PF_ANCHOR,
		"-f", "-", NULL };

	return pf_run(p, load, text, octets, NULL, NULL);
}

/* Has the anchor so many rules? */
static int
pf_check_rules(struct mip6_plat *p, uint32_t rules)
{
	static const char *const show[] = { PF_PROGRAM, "-a", MIP6_PF_ANCHOR,
		"-s", "rules", NULL };
	char *out = malloc(PF_OUT);
	size_t n = 0;
	int error;

	if (out == NULL)
		return ENOMEM;
	error = pf_run(p, show, NULL, 0, out, &n);
	if (error == 0 && mip6_pf_read_rules(out, n) != rules)
		error = ENOENT;
	free(out);
	return error;
}

/* Is pf on, and does its main ruleset come to our anchor? */
static int
pf_check_on(struct mip6_plat *p)
{
	static const char *const info[] = { PF_PROGRAM, "-s", "info", NULL };
	static const char *const show[] = { PF_PROGRAM, "-s", "rules", NULL };
	char *out = malloc(PF_OUT);
	size_t n = 0;
	int error;

	if (out == NULL)
		return ENOMEM;
	error = pf_run(p, info, NULL, 0, out, &n);
	if (error == 0 && !mip6_pf_read_enabled(out, n))
		error = ENOENT;
	if (error == 0)
		error = pf_run(p, show, NULL, 0, out, &n);
	if (error == 0 && !mip6_pf_read_anchor(out, n)) {
		MIP6_LOG(p->env.log, WARNING, "plat.pf-anchor",
		    MIP6_KS("missing", "anchor \"com.apple/*\""));
		error = ENOENT;
	}
	free(out);
	return error;
}

static int
pf_enable(struct mip6_plat *p)
{
	static const char *const enable[] = { PF_PROGRAM, "-E", NULL };
	struct mip6_undo undo = { .kind = MIP6_UNDO_PF_TOKEN };
	char *out = malloc(PF_OUT);
	size_t n = 0;
	int error;

	if (out == NULL)
		return ENOMEM;
	error = pf_run(p, enable, NULL, 0, out, &n);
	if (error == 0 && !mip6_pf_read_token(out, n, &undo.token))
		error = EPROTO;
	free(out);
	if (error != 0)
		return error;
	p->pf.token = mip6_undo_note(p, &undo);
	if (p->pf.token == 0) {
		error = errno;
		(void)mip6_pf_undo_token(p, undo.token);
		return error;
	}
	return pf_check_on(p);
}

int
mip6_pf_undo_anchor(struct mip6_plat *p)
{
	static const char *const flush[] = { PF_PROGRAM, "-a", MIP6_PF_ANCHOR,
		"-F", "all", NULL };

	return pf_run(p, flush, NULL, 0, NULL, NULL);
}

int
mip6_pf_undo_token(struct mip6_plat *p, uint64_t token)
{
	static const char *const show[] = { PF_PROGRAM, "-s", "References",
		NULL };
	char text[24], *out;
	const char *const release[] = { PF_PROGRAM, "-X", text, NULL };
	size_t n = 0;
	int error;

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)token);
	error = pf_run(p, release, NULL, 0, NULL, NULL);
	out = error == 0 ? NULL : malloc(PF_OUT);
	/* Whoever switches pf off for all takes every token away. */
	if (out != NULL && pf_run(p, show, NULL, 0, out, &n) == 0 &&
	    !mip6_pf_read_reference(out, n, token))
		error = 0;
	free(out);
	return error;
}

static int
pf_off(struct mip6_plat *p)
{
	uint64_t *const line[] = { &p->pf.token, &p->pf.journal };
	int error = 0, e;
	size_t i;

	for (i = 0; i < MIP6_COUNT(line); i++) {
		e = *line[i] == 0 ? 0 : mip6_undo_line(p, *line[i]);
		*line[i] = 0;
		error = e != 0 ? e : error;
	}
	p->pf.loaded = 0;
	return error;
}

/* Offloads are off while packets are diverted. */
static int
pf_offload(struct mip6_plat *p, bool off)
{
	int error = 0, e;
	size_t i;

	for (i = 0; i < MIP6_COUNT(pf_offloads); i++) {
		e = 0;
		if (!off && p->pf.offload[i] != 0) {
			e = mip6_undo_line(p, p->pf.offload[i]);
			p->pf.offload[i] = 0;
		} else if (off && p->pf.offload[i] == 0) {
			e = mip6_sysctl_change(p, pf_offloads[i], 0,
			    &p->pf.offload[i]);
		}
		error = e != 0 ? e : error;
	}
	if (error != 0)
		MIP6_LOG(p->env.log, WARNING, "plat.offload",
		    MIP6_KS("error", strerror(error)));
	return error;
}

static int
pf_on(struct mip6_plat *p, const char *text, size_t octets, uint32_t rules)
{
	static const struct mip6_undo undo = { .kind = MIP6_UNDO_PF };
	bool was_on = p->pf.token != 0;
	int error;

	if (p->pf.journal == 0)
		p->pf.journal = mip6_undo_note(p, &undo);
	if (p->pf.journal == 0)
		return errno;
	error = pf_load(p, text, octets);
	if (error == 0)
		error = pf_check_rules(p, rules);
	if (error == 0 && !was_on)
		error = pf_enable(p);
	if (error != 0 && !was_on)
		(void)pf_off(p);
	if (error == 0)
		p->pf.loaded = rules;
	return error;
}

/* Makes pf what the lists say. */
static int
pf_apply(struct mip6_plat *p)
{
	struct mip6_pf_rules r = { p->pf.link, p->pf.links, p->tun.name,
		p->pf.list[MIP6_PF_SILENCE], p->pf.list[MIP6_PF_SHIELD],
		p->pf.list[MIP6_PF_DIVERT], p->pf.weak };
	bool divert = r.divert.count > 0;
	char *text = NULL;
	size_t octets = 0;
	FILE *f = open_memstream(&text, &octets);
	uint32_t rules;
	int error;

	if (f == NULL)
		return errno;
	/* Better no diversion than packets without a checksum. */
	if (divert && pf_offload(p, true) != 0)
		r.divert.count = 0;
	rules = mip6_pf_text(f, &r);
	error = fclose(f) == 0 ? 0 : errno;
	if (error == 0 && rules > 0)
		error = pf_on(p, text, octets, rules);
	else if (error == 0)
		error = pf_off(p);
	free(text);
	if (!divert)
		(void)pf_offload(p, false);
	return error;
}

static uint32_t
pf_find(const struct mip6_pf_list *l, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < l->count; i++) {
		if (mip6_addr_equal(&l->addr[i], a))
			break;
	}
	return i;
}

/* Puts an address into a list or takes it out; 0 or an errno. */
static int
pf_list_set(struct mip6_pf_list *l, const struct mip6_addr *a, bool on)
{
	uint32_t at = pf_find(l, a), cap;
	struct mip6_addr *addr;

	if (on == (at < l->count))
		return 0;
	if (!on) {
		l->addr[at] = l->addr[--l->count];
		return 0;
	}
	if (l->count == l->cap) {
		cap = l->cap == 0 ? 8 : l->cap * 2;
		addr = cap > PF_ADDRS_MAX ?
		    NULL :
		    realloc(l->addr, cap * sizeof(*addr));
		if (addr == NULL)
			return ENOBUFS;
		l->addr = addr;
		l->cap = cap;
	}
	l->addr[l->count++] = *a;
	return 0;
}

static int
pf_link_set(struct mip6_pf *pf, const struct mip6_pf_link *link, bool on)
{
	struct mip6_pf_link *more;
	uint32_t i;

	for (i = 0; i < pf->links; i++) {
		if (pf->link[i].ifindex == link->ifindex)
			break;
	}
	if (on == (i < pf->links))
		return 0;
	if (!on) {
		pf->link[i] = pf->link[--pf->links];
		return 0;
	}
	more = pf->links == PF_LINKS_MAX ?
	    NULL :
	    realloc(pf->link, (pf->links + 1) * sizeof(*more));
	if (more == NULL)
		return ENOBUFS;
	pf->link = more;
	pf->link[pf->links++] = *link;
	return 0;
}

static int
pf_change_set(struct mip6_plat *p, const struct mip6_pf_change *c, bool on)
{
	int error;

	if (c->which == MIP6_PF_CAPTURE)
		return pf_link_set(&p->pf, &c->link, on);
	error = pf_list_set(&p->pf.list[c->which], &c->addr, on);
	if (error == 0 && c->which == MIP6_PF_SHIELD)
		mip6_ports_homes(p);
	return error;
}

/* Takes part in the next loading; ends with it. */
static void
pf_queue(struct mip6_plat *p, struct mip6_pf_change *c)
{
	struct mip6_pf *pf = &p->pf;
	struct mip6_pf_change *change;
	size_t cap;
	int error;

	if (pf->changes == pf->changes_cap) {
		cap = pf->changes_cap == 0 ? 16 : pf->changes_cap * 2;
		change = realloc(pf->change, cap * sizeof(*change));
		if (change == NULL) {
			mip6_acts_end(p, c->id, ENOMEM, NULL);
			return;
		}
		pf->change = change;
		pf->changes_cap = cap;
	}
	if (c->changed) {
		error = pf_change_set(p, c, c->on);
		if (error != 0) {
			mip6_acts_end(p, c->id, error, NULL);
			return;
		}
		pf->dirty = true;
	}
	pf->change[pf->changes++] = *c;
	if (pf->changes == 1)
		mip6_work_arm(p);
}

void
mip6_pf_set(struct mip6_plat *p, uint64_t id, enum mip6_pf_which which,
    const struct mip6_addr *a, bool on)
{
	struct mip6_pf_change c = { .id = id,
		.which = which,
		.addr = *a,
		.on = on };

	if (mip6_addr_is_any(a) || mip6_addr_is_multicast(a) ||
	    mip6_addr_is_loopback(a)) {
		mip6_acts_end(p, id, EINVAL, NULL);
		return;
	}
	c.changed =
	    on != (pf_find(&p->pf.list[which], a) < p->pf.list[which].count);
	pf_queue(p, &c);
}

void
mip6_pf_capture(struct mip6_plat *p, uint64_t id, uint32_t ifindex, bool on)
{
	struct mip6_pf_change c = { .id = id,
		.which = MIP6_PF_CAPTURE,
		.on = on };
	const struct mip6_ev_link *link = mip6_watch_link(p, ifindex);
	uint32_t i;
	bool has = false;

	for (i = 0; i < p->pf.links; i++) {
		if (p->pf.link[i].ifindex == ifindex) {
			has = true;
			c.link = p->pf.link[i];
		}
	}
	if (ifindex == 0 || (on && !has && link == NULL)) {
		mip6_acts_end(p, id, ifindex == 0 ? EINVAL : ENODEV, NULL);
		return;
	}
	if (!has && link != NULL) {
		c.link.ifindex = ifindex;
		memcpy(c.link.name, link->name, sizeof(c.link.name));
	}
	c.changed = on != has;
	pf_queue(p, &c);
}

void
mip6_pf_link_gone(struct mip6_plat *p, uint32_t ifindex)
{
	const struct mip6_pf_link link = { .ifindex = ifindex };
	uint32_t links = p->pf.links;

	(void)pf_link_set(&p->pf, &link, false);
	p->pf.dirty = p->pf.dirty || p->pf.links != links;
	mip6_work_arm(p);
}

void
mip6_pf_weak(struct mip6_plat *p, bool weak)
{
	if (p->pf.weak == weak)
		return;
	p->pf.weak = weak;
	p->pf.dirty = true;
	mip6_work_arm(p);
}

void
mip6_pf_work(struct mip6_plat *p)
{
	struct mip6_pf *pf = &p->pf;
	size_t n = pf->changes, i;
	int error = pf->dirty ? pf_apply(p) : 0;

	pf->dirty = false;
	pf->changes = 0;
	for (i = n; error != 0 && i > 0; i--) {
		if (pf->change[i - 1].changed && !pf->change[i - 1].lenient)
			(void)pf_change_set(p, &pf->change[i - 1],
			    !pf->change[i - 1].on);
	}
	for (i = 0; i < n; i++)
		mip6_acts_end(p, pf->change[i].id,
		    pf->change[i].lenient ? 0 : error, NULL);
}

void
mip6_pf_divert(struct mip6_plat *p, uint64_t id, const struct mip6_addr *a,
    bool on)
{
	struct mip6_pf_change c = { .id = id,
		.which = MIP6_PF_DIVERT,
		.addr = *a,
		.on = on,
		.lenient = true };

	c.changed = on !=
	    (pf_find(&p->pf.list[MIP6_PF_DIVERT], a) <
		p->pf.list[MIP6_PF_DIVERT].count);
	pf_queue(p, &c);
}

void
mip6_pf_doubt(struct mip6_plat *p)
{
	if (p->pf.token == 0)
		return;
	p->pf.doubt = true;
	mip6_work_restore(p);
}

void
mip6_pf_restore(struct mip6_plat *p)
{
	int error;

	if (!p->pf.doubt)
		return;
	p->pf.doubt = false;
	if (p->pf.token != 0 && pf_check_rules(p, p->pf.loaded) == 0 &&
	    pf_check_on(p) == 0)
		return;
	/* A token of a pf that was switched off for all is worth nothing. */
	(void)pf_off(p);
	error = pf_apply(p);
	if (error != 0) {
		p->pf.doubt = true;
		mip6_work_restore(p);
		return;
	}
	if (p->pf.token == 0)
		return;
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored", MIP6_KS("kind", "pf"));
}

void
mip6_pf_fini(struct mip6_pf *pf)
{
	size_t i;

	for (i = 0; i < MIP6_COUNT(pf->list); i++)
		free(pf->list[i].addr);
	free(pf->link);
	free(pf->change);
	memset(pf, 0, sizeof(*pf));
}
