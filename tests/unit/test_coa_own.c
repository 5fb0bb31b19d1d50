/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A care-of address that the daemon has alone: what it asks, what it answers,
 * when it is used, when it is given up.
 *
 * Links: core
 */
#include "mn_fix.h"

static const char net[] = "2001:db8:a::";
static const struct mip6_lladdr other_ll = { { 2, 0, 0, 0, 0, 0x77 } };

/* On a foreign link, nothing heard yet. */
static struct fix *
own_new(enum mip6_coa_owner conf, enum mip6_coa_owner env)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	x->conf.mn.coa_owner = conf;
	x->node->env.coa_owner = env;
	fix_configure(x);
	x->acts = x->sents = x->seen = 0;
	fix_link(x, true);
	return x;
}

static struct fix *
own_begin(void)
{
	return own_new(MIP6_COA_OWNER_DAEMON, MIP6_COA_OWNER_AUTO);
}

static void
own_end(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

static struct mip6_link *
link_of(struct fix *x)
{
	return link_find(x->node, x->ifindex);
}

/* The one address that is ours now; NULL: none. */
static struct mip6_link_addr *
owned(struct fix *x)
{
	struct mip6_link_addr *a = NULL;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		if (!link_of(x)->addr[k].used || !link_of(x)->addr[k].owned)
			continue;
		assert_null(a);
		a = &link_of(x)->addr[k];
	}
	return a;
}

/* How an effect on `addr` was last asked for: 1, 0; -1: never. */
static int
effect(const struct fix *x, enum mip6_action_kind kind,
    const struct mip6_addr *addr)
{
	size_t i;

	for (i = x->acts; i > 0; i--)
		if (x->act[i - 1].kind == kind &&
		    mip6_addr_equal(&x->act[i - 1].u.set.addr, addr))
			return x->act[i - 1].u.set.on;
	return -1;
}

static size_t
addr_acts(const struct fix *x)
{
	size_t i, count = 0;

	for (i = 0; i < x->acts; i++)
		count += x->act[i].kind == MIP6_ACT_ADDR &&
		    x->act[i].u.addr.ifindex != 0;
	return count;
}

/* A solicitation or advertisement about `target` by another node. */
static void
neighbour_says(struct fix *x, uint8_t type, const char *src,
    const struct mip6_addr *target)
{
	struct mip6_addr group = mip6_addr_solicited_node(target);
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	if (type == MIP6_ND_NS) {
		m.u.ns.target = *target;
		fix_nd(x, src, mip6_addr_text(&group).s, 255, &m);
		return;
	}
	m.u.na.target = *target;
	m.u.na.override = true;
	m.opt.has_tlla = true;
	m.opt.tlla = other_ll;
	fix_nd(x, src, "ff02::1", 255, &m);
}

static const struct fix_sent *
answer(struct fix *x, struct mip6_nd *m)
{
	return fix_next_nd(x, MIP6_ND_NA, m);
}

/*
 * One event: the advertisement.  The question about the address, the group,
 * the shield and the update are asked for in it.
 */
static void
test_at_once(void **state)
{
	struct fix *x = own_begin();
	struct mip6_addr coa, group;
	const struct fix_sent *s;
	struct mip6_nd nd;
	struct mip6_mh m;

	(void)state;
	fix_ra(x, net, 1800);
	assert_non_null(owned(x));
	coa = owned(x)->addr;
	group = mip6_addr_solicited_node(&coa);
	assert_int_equal(addr_acts(x), 0);
	assert_int_equal(effect(x, MIP6_ACT_GROUP, &group), 1);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &coa), 1);
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &coa), 1);
	assert_int_equal(effect(x, MIP6_ACT_SILENCE, &coa), -1);
	s = fix_next_nd(x, MIP6_ND_NS, &nd);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &group));
	assert_true(mip6_addr_equal(&nd.u.ns.target, &coa));
	assert_false(nd.opt.has_slla);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &coa));
	assert_int_equal(s->at.us, x->now.boot.us);
	/* One question, and after a second it is ours. */
	x->seen = 0;
	fix_wait(x, MIP6_SPAN_MS(999));
	assert_int_equal(owned(x)->flags,
	    MIP6_ADDR_TENTATIVE | MIP6_ADDR_OPTIMISTIC);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(owned(x)->flags, 0);
	fix_wait(x, MIP6_SPAN_S(5));
	assert_non_null(fix_next_nd(x, MIP6_ND_NS, &nd));
	while (fix_next_nd(x, MIP6_ND_NS, &nd) != NULL)
		assert_false(mip6_addr_equal(&nd.u.ns.target, &coa));
	own_end(x);
}

struct shown {
	size_t checks, retirements;
};

static void
shown_timer(void *arg, const struct mip6_show_timer *t)
{
	struct shown *s = arg;

	s->checks += strcmp(t->what, "duplicate-address") == 0;
	s->retirements += strcmp(t->what, "retire") == 0;
}

static void
test_shown(void **state)
{
	struct shown s = { 0, 0 };
	struct fix *x = own_begin();

	(void)state;
	fix_ra(x, net, 1800);
	(void)mip6_show_timers(x->node, &x->now, 0, 100, shown_timer, &s);
	assert_int_equal(s.checks, 1);
	assert_int_equal(s.retirements, 0);
	fix_wait(x, MIP6_SPAN_S(1));
	memcpy(x->conf.mn.interface[0], "wlan*", 6);
	fix_configure(x);
	(void)mip6_show_timers(x->node, &x->now, 0, 100, shown_timer, &s);
	assert_int_equal(s.checks, 1);
	assert_int_equal(s.retirements, 1);
	own_end(x);
}

/* Who has it is the configuration's word, else what suits the system. */
static void
test_owner(void **state)
{
	static const struct {
		enum mip6_coa_owner conf, env;
		bool ours;
	} t[] = {
		{ MIP6_COA_OWNER_AUTO, MIP6_COA_OWNER_AUTO, false },
		{ MIP6_COA_OWNER_AUTO, MIP6_COA_OWNER_KERNEL, false },
		{ MIP6_COA_OWNER_AUTO, MIP6_COA_OWNER_DAEMON, true },
		{ MIP6_COA_OWNER_KERNEL, MIP6_COA_OWNER_DAEMON, false },
		{ MIP6_COA_OWNER_DAEMON, MIP6_COA_OWNER_KERNEL, true },
	};
	struct fix *x;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		x = own_new(t[i].conf, t[i].env);
		fix_ra(x, net, 1800);
		assert_int_equal(owned(x) != NULL, t[i].ours);
		assert_int_equal(addr_acts(x), !t[i].ours);
		own_end(x);
	}
}

/* RFC 4429 section 3.2: the router must be within reach without asking. */
static void
test_router_unknown(void **state)
{
	struct fix *x = own_begin();
	struct mip6_addr coa;
	struct mip6_nd m;
	struct mip6_mh mh;

	(void)state;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(net);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_SPAN_S(100);
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(owned(x)->flags, MIP6_ADDR_TENTATIVE);
	coa = owned(x)->addr;
	assert_null(fix_next_mh(x, &mh));
	/* Tentative: nobody is answered who has an address. */
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	x->seen = 0;
	assert_null(answer(x, &m));
	fix_wait(x, MIP6_SPAN_MS(999));
	x->seen = 0;
	assert_null(fix_next_mh(x, &mh));
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_non_null(fix_next_mh(x, &mh));
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	assert_non_null(answer(x, &m));
	own_end(x);

	/* A link-local address of the host can ask. */
	x = own_begin();
	fix_host_addr(x, "fe80::5", 64, 0, false);
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(net);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_SPAN_S(100);
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	assert_true((owned(x)->flags & MIP6_ADDR_OPTIMISTIC) != 0);
	own_end(x);
}

static void
test_answers(void **state)
{
	struct fix *x = own_begin();
	const struct fix_sent *s;
	struct mip6_addr coa;
	struct mip6_nd m;

	(void)state;
	fix_ra(x, net, 1800);
	coa = owned(x)->addr;
	/* Optimistic: solicited, but it overrides nobody's cache. */
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	s = answer(x, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &coa));
	assert_string_equal(mip6_addr_text(&s->ip.ip.dst).s, "fe80::77");
	assert_true(s->act.has_lladdr);
	assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
	assert_true(m.u.na.solicited);
	assert_false(m.u.na.override);
	assert_false(m.u.na.router);
	assert_memory_equal(&m.opt.tlla, &fix_ll, 6);
	fix_wait(x, MIP6_SPAN_S(1));
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	s = answer(x, &m);
	assert_true(m.u.na.solicited && m.u.na.override);
	/* Somebody wants it for himself: all hear that it is ours. */
	neighbour_says(x, MIP6_ND_NS, "::", &coa);
	s = answer(x, &m);
	assert_non_null(s);
	assert_string_equal(mip6_addr_text(&s->ip.ip.dst).s, "ff02::1");
	assert_true(m.u.na.override);
	assert_false(m.u.na.solicited);
	assert_non_null(owned(x));
	/* Who says later that it is his does not get it that way. */
	neighbour_says(x, MIP6_ND_NA, "fe80::77", &coa);
	assert_true(mip6_addr_equal(&owned(x)->addr, &coa));
	assert_non_null(strstr(x->events, "coa.claimed"));
	/* Another address is not answered for. */
	coa.b[15] ^= 1;
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	assert_null(answer(x, &m));
	own_end(x);
}

/* No solicitation has an optimistic address as source (section 3.2). */
static void
test_never_source_while_optimistic(void **state)
{
	struct fix *x = own_begin();
	const struct fix_sent *s;
	struct mip6_addr coa;
	struct mip6_nd m;

	(void)state;
	fix_ra(x, net, 1800);
	coa = owned(x)->addr;
	x->seen = x->sents = 0;
	x->node->now = x->now;
	x->node->out = &x->out;
	mip6_actions_clear(&x->out);
	nd_check(x->node, FIX_IFINDEX, &(struct mip6_addr){ { 0xfe, 0x80 } });
	x->node->out = NULL;
	fix_collect(x);
	fix_wait(x, MIP6_SPAN_MS(900));
	while ((s = fix_next_nd(x, MIP6_ND_NS, &m)) != NULL)
		assert_false(mip6_addr_equal(&s->ip.ip.src, &coa));
	fix_wait(x, MIP6_SPAN_MS(200));
	s = fix_next_nd(x, MIP6_ND_NS, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &coa));
	own_end(x);
}

/* How many updates name `coa`. */
static size_t
updates_from(struct fix *x, const struct mip6_addr *coa)
{
	const struct fix_sent *s;
	struct mip6_mh m;
	size_t count = 0;

	x->seen = 0;
	while ((s = fix_next_mh(x, &m)) != NULL)
		count += mip6_addr_equal(&s->ip.ip.src, coa);
	return count;
}

static void
duplicate(void **state, uint8_t type, const char *src)
{
	struct fix *x = own_begin();
	struct mip6_addr first, second, group;
	struct mip6_nd m;

	(void)state;
	fix_ra(x, net, 1800);
	first = owned(x)->addr;
	group = mip6_addr_solicited_node(&first);
	x->seen = x->sents = 0;
	neighbour_says(x, type, src, &first);
	/* No answer, nothing of it is left, another is there at once. */
	assert_null(answer(x, &m));
	assert_int_equal(effect(x, MIP6_ACT_GROUP, &group), 0);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &first), 0);
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &first), 0);
	assert_true(link_is_duplicate(x->node, FIX_IFINDEX, &first));
	assert_non_null(owned(x));
	second = owned(x)->addr;
	assert_false(mip6_addr_equal(&first, &second));
	assert_false(link_is_duplicate(x->node, FIX_IFINDEX, &second));
	assert_int_equal(updates_from(x, &second), 1);
	/* Nor is anything sent from it later. */
	x->seen = x->sents = 0;
	fix_wait(x, MIP6_SPAN_S(20));
	assert_int_equal(updates_from(x, &first), 0);
	assert_true(mip6_addr_equal(&owned(x)->addr, &second));
	own_end(x);
}

static void
test_duplicate_na(void **state)
{
	duplicate(state, MIP6_ND_NA, "fe80::77");
}

static void
test_duplicate_ns(void **state)
{
	duplicate(state, MIP6_ND_NS, "::");
}

/* Somebody who answers to everything does not make us try for ever. */
static void
test_duplicates_end(void **state)
{
	struct fix *x = own_begin();
	struct mip6_addr coa[8];
	size_t count = 0, i;

	(void)state;
	fix_ra(x, net, 1800);
	while (owned(x) != NULL) {
		assert_true(count < MIP6_COUNT(coa));
		coa[count] = owned(x)->addr;
		for (i = 0; i < count; i++)
			assert_false(mip6_addr_equal(&coa[i], &coa[count]));
		neighbour_says(x, MIP6_ND_NA, "fe80::77", &coa[count++]);
	}
	assert_int_equal(count, 4);
	fix_ra(x, net, 1800);
	assert_null(owned(x));
	/* Another time the link may be another one. */
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, net, 1800);
	assert_true(mip6_addr_equal(&owned(x)->addr, &coa[0]));
	own_end(x);
}

/* Bound to an address that turns out to be another's: no traffic from it. */
static void
test_bound_to_a_duplicate(void **state)
{
	struct fix *x = own_begin();
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	const struct mip6_action *row;
	struct mip6_addr first;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	fix_ra(x, net, 1800);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	first = owned(x)->addr;
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_true(mip6_addr_equal(&row->u.row.local, &first));
	assert_int_not_equal(row->u.row.hop, MIP6_HOP_NONE);
	neighbour_says(x, MIP6_ND_NA, "fe80::77", &first);
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_int_equal(row->u.row.hop, MIP6_HOP_NONE);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_true(mip6_addr_equal(&row->u.row.local, &owned(x)->addr));
	assert_int_not_equal(row->u.row.hop, MIP6_HOP_NONE);
	own_end(x);
}

/* A link that goes takes its addresses; where it comes again, all anew. */
static void
test_link_flaps(void **state)
{
	struct fix *x = own_begin();
	struct mip6_addr coa, group;
	struct mip6_nd m;
	int i;

	(void)state;
	fix_ra(x, net, 1800);
	coa = owned(x)->addr;
	group = mip6_addr_solicited_node(&coa);
	fix_wait(x, MIP6_SPAN_S(2));
	for (i = 0; i < 20; i++) {
		fix_link(x, false);
		assert_null(owned(x));
		assert_int_equal(effect(x, MIP6_ACT_GROUP, &group), 0);
		assert_int_equal(effect(x, MIP6_ACT_SHIELD, &coa), 0);
		assert_int_equal(effect(x, MIP6_ACT_LOCAL, &coa), 0);
		neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
		x->seen = x->sents = x->acts = 0;
		assert_null(answer(x, &m));
		fix_link(x, true);
		assert_null(owned(x));
		fix_ra(x, net, 1800);
		/* Whose it is here is asked again. */
		assert_int_equal(owned(x)->flags,
		    MIP6_ADDR_TENTATIVE | MIP6_ADDR_OPTIMISTIC);
		assert_true(mip6_addr_equal(&owned(x)->addr, &coa));
		assert_int_equal(effect(x, MIP6_ACT_SHIELD, &coa), 1);
		fix_wait(x, MIP6_SPAN_MS(100));
	}
	own_end(x);
}

/* Somebody gives the same address to the host: it is the host's then. */
static void
test_yields_to_the_host(void **state)
{
	struct fix *x = own_begin();
	struct mip6_addr coa, group;
	struct mip6_nd m;

	(void)state;
	fix_ra(x, net, 1800);
	coa = owned(x)->addr;
	group = mip6_addr_solicited_node(&coa);
	/* That the host loses what it never had means nothing. */
	fix_host_addr(x, mip6_addr_text(&coa).s, 64, 0, true);
	assert_non_null(owned(x));
	fix_host_addr(x, mip6_addr_text(&coa).s, 64, 0, false);
	assert_null(owned(x));
	assert_int_equal(effect(x, MIP6_ACT_GROUP, &group), 0);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &coa), 0);
	/* The care-of address is the same. */
	assert_int_equal(effect(x, MIP6_ACT_SILENCE, &coa), 1);
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &coa), 1);
	assert_true(mip6_addr_equal(&home(x)->at.coa, &coa));
	x->seen = x->sents = 0;
	neighbour_says(x, MIP6_ND_NS, "fe80::77", &coa);
	assert_null(answer(x, &m));
	fix_host_addr(x, mip6_addr_text(&coa).s, 64, 0, true);
	assert_int_equal(effect(x, MIP6_ACT_SILENCE, &coa), 0);
	own_end(x);
}

/* What replaced it lets it go after a while. */
static void
test_retires(void **state)
{
	struct fix *x = own_begin();
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct mip6_addr first;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	fix_ra(x, net, 1800);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	first = owned(x)->addr;
	/* The same interface, another network: a router that says so. */
	fix_wait(x, MIP6_SPAN_S(2));
	fix_ra(x, NULL, 0);
	{
		struct mip6_nd ra;

		memset(&ra, 0, sizeof(ra));
		ra.type = MIP6_ND_RA;
		ra.u.ra.router_lifetime = MIP6_SPAN_S(1800);
		ra.opt.has_slla = true;
		ra.opt.slla = other_ll;
		ra.opt.prefix_count = 2;
		ra.opt.prefix[0].addr = fix_addr(net);
		ra.opt.prefix[0].bits = 64;
		ra.opt.prefix[0].on_link = true;
		ra.opt.prefix[1].addr = fix_addr("2001:db8:b::");
		ra.opt.prefix[1].bits = 64;
		ra.opt.prefix[1].on_link = ra.opt.prefix[1].autonomous = true;
		ra.opt.prefix[1].valid = MIP6_SPAN_S(100);
		ra.opt.prefix[1].preferred = MIP6_SPAN_S(100);
		fix_nd(x, "fe80::77", "ff02::1", 255, &ra);
	}
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_false(mip6_addr_equal(&s->ip.ip.src, &first));
	/* Until the answer, and for a while after it, both are there. */
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &first), 1);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &first), 1);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	fix_wait(x, MIP6_SPAN_MS(2900));
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &first), 1);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &first), 1);
	fix_wait(x, MIP6_SPAN_MS(200));
	assert_int_equal(effect(x, MIP6_ACT_LOCAL, &first), 0);
	assert_int_equal(effect(x, MIP6_ACT_SHIELD, &first), 0);
	assert_non_null(owned(x));
	own_end(x);
}

/*
 * The host sends from an address of its own: rules and name queries take one
 * of the link, as soon as there is one.
 */
static void
test_host_addr(void **state)
{
	struct fix *x = own_begin();
	const struct mip6_action *a;
	struct mip6_addr coa, src, own = fix_addr("2001:db8:a::9");

	(void)state;
	fix_ra(x, net, 1800);
	coa = owned(x)->addr;
	a = fix_last(x, MIP6_ACT_RULE);
	assert_true(a == NULL || a->u.rule.table != MIP6_TABLE_COA);
	src = link_host_addr(x->node, FIX_IFINDEX, &coa);
	assert_true(mip6_addr_is_any(&src));
	fix_host_addr(x, "2001:db8:a::9", 64, 0, false);
	src = link_host_addr(x->node, FIX_IFINDEX, &coa);
	assert_true(mip6_addr_equal(&src, &own));
	a = fix_last(x, MIP6_ACT_RULE);
	assert_int_equal(a->u.rule.table, MIP6_TABLE_COA);
	assert_true(a->u.rule.on);
	assert_true(mip6_addr_equal(&a->u.rule.src, &own));
	/* It stays our care-of address all the same. */
	assert_true(mip6_addr_equal(&home(x)->at.coa, &coa));
	fix_host_addr(x, "2001:db8:a::9", 64, 0, true);
	a = fix_last(x, MIP6_ACT_RULE);
	assert_false(a->u.rule.on);
	assert_true(mip6_addr_equal(&a->u.rule.src, &own));
	/* One of the host stands for itself. */
	src = link_host_addr(x->node, FIX_IFINDEX, &own);
	assert_true(mip6_addr_equal(&src, &own));
	own_end(x);
}

/* R11.5.3-03: with a link-local source or none, never a home address. */
static void
test_solicits_without_the_home_address(void **state)
{
	struct fix *x = own_begin();
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	s = fix_next_nd(x, MIP6_ND_RS, &m);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	assert_false(m.opt.has_slla);
	fix_host_addr(x, "fe80::5", 64, MIP6_ADDR_TENTATIVE, false);
	fix_wait(x, MIP6_SPAN_MS(300));
	s = fix_next_nd(x, MIP6_ND_RS, &m);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	x->seen = x->sents;
	fix_host_addr(x, "fe80::5", 64, 0, false);
	fix_wait(x, MIP6_SPAN_S(1));
	s = fix_next_nd(x, MIP6_ND_RS, &m);
	assert_string_equal(mip6_addr_text(&s->ip.ip.src).s, "fe80::5");
	assert_true(m.opt.has_slla);
	own_end(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_router_unknown),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_never_source_while_optimistic),
		cmocka_unit_test(test_duplicate_na),
		cmocka_unit_test(test_duplicate_ns),
		cmocka_unit_test(test_duplicates_end),
		cmocka_unit_test(test_bound_to_a_duplicate),
		cmocka_unit_test(test_link_flaps),
		cmocka_unit_test(test_yields_to_the_host),
		cmocka_unit_test(test_retires),
		cmocka_unit_test(test_host_addr),
		cmocka_unit_test(test_solicits_without_the_home_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
