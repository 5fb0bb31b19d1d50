/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The node: takes an event, hands it to the module that owns the matter, and
 * offers the modules time, actions and counters.
 *
 * Invariants: `now` and `out` are valid only within mip6_node_input; timers
 * fire one by one while the action list has room for another step, so that no
 * event, however many timers are due, asks for more than the list holds.
 */
#include "core/node_int.h"

#include <string.h>

#define NODE_ANSWERS_PER_S 10

struct mip6_node *
mip6_node_new(const struct mip6_node_env *env, const struct mip6_now *now)
{
	struct mip6_node *n;
	uint32_t i;

	n = env->alloc.alloc(env->alloc.arg, sizeof(*n));
	if (n == NULL)
		return NULL;
	n->env = *env;
	n->log = env->log;
	n->crypto = mip6_crypto_new(&env->alloc);
	n->rng = mip6_rng_new(&env->alloc, env->seed);
	if (n->crypto == NULL || n->rng == NULL || !store_init(n)) {
		mip6_node_free(n);
		return NULL;
	}
	mip6_crypto_wipe(n->env.seed, sizeof(n->env.seed));
	for (i = 0; i < MIP6_COUNT(n->hash_key.k); i++)
		n->hash_key.k[i] = mip6_rng_u64(n->rng);
	if (!mip6_index_init(&n->neighbours, &env->alloc,
		MIP6_NEIGHBOURS_MAX)) {
		mip6_node_free(n);
		return NULL;
	}
	mip6_wheel_init(&n->wheel, now->boot);
	n->started = now->boot;
	n->started_wall_us = now->wall_us;
	n->answers[MIP6_ASKED_ANYBODY] = NODE_ANSWERS_PER_S;
	n->answers[MIP6_ASKED_AUTHENTIC] = NODE_ANSWERS_PER_S;
	n->answers_at = now->boot;
	return n;
}

void
mip6_node_free(struct mip6_node *n)
{
	if (n == NULL)
		return;
	mn_free(n);
	ha_free(n);
	cn_free(n);
	direct_free(n);
	mip6_index_fini(&n->neighbours);
	mip6_rng_free(n->rng);
	mip6_crypto_free(n->crypto);
	mip6_crypto_wipe(n->env.stable_secret, sizeof(n->env.stable_secret));
	n->env.alloc.release(n->env.alloc.arg, n, sizeof(*n));
}

void
node_timer_init(struct mip6_ntimer *t, enum mip6_timer_kind kind,
    uint32_t index)
{
	memset(t, 0, sizeof(*t));
	MIP6_ASSERT(index >> MIP6_TIMER_INDEX_BITS == 0);
	t->t.tag = (uint32_t)kind << MIP6_TIMER_INDEX_BITS | index;
}

void
node_timer_arm(struct mip6_node *n, struct mip6_ntimer *t, struct mip6_time at)
{
	mip6_wheel_arm(&n->wheel, &t->t, at);
}

void
node_timer_in(struct mip6_node *n, struct mip6_ntimer *t, struct mip6_span in)
{
	mip6_wheel_arm(&n->wheel, &t->t, mip6_time_add(n->now.boot, in));
}

void
node_timer_stop(struct mip6_node *n, struct mip6_ntimer *t)
{
	mip6_wheel_stop(&n->wheel, &t->t);
}

/*
 * An id says who waits: 8 bits of kind, 32 of index, 24 of the generation of
 * that entry, so that the end of an action for a former owner is recognised.
 */
uint64_t
node_action_id(enum mip6_wait_kind who, uint32_t index, uint32_t gen)
{
	return (uint64_t)who << 56 | (uint64_t)index << 24 | (gen & 0xffffffu);
}

struct mip6_action *
node_act(struct mip6_node *n, enum mip6_action_kind kind)
{
	struct mip6_action *a = mip6_actions_add(n->out, kind);

	if (kind >= MIP6_ACT_TUN_MTU)
		a->id = node_action_id(MIP6_WAIT_NOBODY, (uint32_t)kind, 0);
	return a;
}

void
node_act_set(struct mip6_node *n, enum mip6_action_kind kind, uint32_t ifindex,
    const struct mip6_addr *addr, bool on)
{
	struct mip6_action *a = node_act(n, kind);

	a->u.set.ifindex = ifindex;
	if (addr != NULL)
		a->u.set.addr = *addr;
	a->u.set.on = on;
}

void
node_act_route(struct mip6_node *n, enum mip6_table table,
    const struct mip6_prefix *dst, uint32_t ifindex,
    const struct mip6_addr *gateway, bool on, uint64_t id)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_ROUTE);

	a->u.route.table = table;
	a->u.route.dst = *dst;
	a->u.route.ifindex = ifindex;
	if (gateway != NULL)
		a->u.route.gateway = *gateway;
	a->u.route.on = on;
	if (id != 0)
		a->id = id;
}

void
node_act_rule(struct mip6_node *n, const struct mip6_addr *src,
    enum mip6_table table, bool on)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_RULE);

	a->u.rule.src = *src;
	a->u.rule.table = table;
	a->u.rule.on = on;
}

void
node_act_row(struct mip6_node *n, const struct mip6_fwd_row *row)
{
	node_act(n, MIP6_ACT_ROW_SET)->u.row = *row;
}

void
node_act_row_del(struct mip6_node *n, const struct mip6_addr *home,
    const struct mip6_addr *other)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_ROW_DEL);

	a->u.row.home = *home;
	a->u.row.other = *other;
}

void
node_send(struct mip6_node *n, uint32_t ifindex, uint32_t hop,
    const struct mip6_lladdr *lladdr, const uint8_t *octets, size_t count)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_SEND);
	uint8_t *copy = mip6_actions_octets(n->out, count);

	memcpy(copy, octets, count);
	a->u.send.ifindex = ifindex;
	a->u.send.hop = hop;
	if (lladdr != NULL) {
		a->u.send.has_lladdr = true;
		a->u.send.lladdr = *lladdr;
	}
	a->u.send.octets = copy;
	a->u.send.count = count;
}

void
node_drop(struct mip6_node *n, enum mip6_drop why,
    const struct mip6_addr *whose)
{
	n->drops.count[why]++;
	if (whose != NULL)
		MIP6_LOG(n->log, INFO, "drop",
		    MIP6_KS("why", mip6_drop_name(why)),
		    MIP6_KA("from", whose));
	else
		MIP6_LOG(n->log, INFO, "drop",
		    MIP6_KS("why", mip6_drop_name(why)));
}

bool
node_answer_allowed(struct mip6_node *n, enum mip6_asked by)
{
	struct mip6_span since = mip6_time_sub(n->now.boot, n->answers_at);

	if (since.us >= 1000000) {
		n->answers[MIP6_ASKED_ANYBODY] = NODE_ANSWERS_PER_S;
		n->answers[MIP6_ASKED_AUTHENTIC] = NODE_ANSWERS_PER_S;
		n->answers_at = n->now.boot;
	}
	if (n->answers[by] == 0) {
		n->drops.count[MIP6_DROP_MH_RATE]++;
		return false;
	}
	n->answers[by]--;
	return true;
}

static void
node_config(struct mip6_node *n, const struct mip6_conf *conf)
{
	const struct mip6_conf *old = n->conf;
	bool ok = true;

	n->conf = conf;
	if (n->mn != NULL || conf->mn.on)
		ok = mn_configure(n, conf);
	if (ok && (n->ha != NULL || conf->ha.on))
		ok = ha_configure(n, conf);
	if (ok && (n->cn != NULL || conf->cn.on))
		ok = cn_configure(n, conf);
	if (!ok)
		MIP6_LOG(n->log, ERROR, "node.no-memory",
		    MIP6_KS("what", "configuration"));
	link_reconfigure(n);
	MIP6_LOG(n->log, INFO, "node.configured",
	    MIP6_KS("mn", conf->mn.on ? "yes" : "no"),
	    MIP6_KS("ha", conf->ha.on ? "yes" : "no"),
	    MIP6_KS("cn", conf->cn.on ? "yes" : "no"),
	    MIP6_KS("again", old != NULL ? "yes" : "no"));
}

static void
node_done(struct mip6_node *n, const struct mip6_ev_done *d)
{
	uint64_t id = d->action;
	enum mip6_wait_kind who = (enum mip6_wait_kind)(id >> 56);
	uint32_t index = (uint32_t)(id >> 24);
	uint32_t gen = (uint32_t)id & 0xffffffu;

	if (who == MIP6_WAIT_WISH) {
		id = host_done(n, index, gen, d->error);
		who = (enum mip6_wait_kind)(id >> 56);
		index = (uint32_t)(id >> 24);
		gen = (uint32_t)id & 0xffffffu;
		if (id == 0)
			return;
	} else if (who == MIP6_WAIT_NOBODY && d->error != 0) {
		host_refused(n, (enum mip6_action_kind)index, d->error);
	}
	switch (who) {
	case MIP6_WAIT_NOBODY:
	case MIP6_WAIT_WISH:
		break;
	case MIP6_WAIT_CAPTURE:
		link_captured(n, index);
		break;
	case MIP6_WAIT_COA:
		link_addr_done(n, index, gen, d->error);
		break;
	case MIP6_WAIT_BINDING:
		ha_binding_done(n, index, gen, d->error);
		break;
	case MIP6_WAIT_BINDING_ROUTE:
		ha_binding_route(n, index, gen, d->error, &d->route);
		break;
	case MIP6_WAIT_BINDING_REROUTE:
		ha_binding_rerouted(n, index, gen, d->error, &d->route);
		break;
	case MIP6_WAIT_BINDING_STORE:
		ha_binding_stored(n, index, gen, d->error);
		break;
	case MIP6_WAIT_CN:
		cn_done(n, index, gen, d);
		break;
	case MIP6_WAIT_MN_STORE:
	case MIP6_WAIT_NAME: /* its end is an event of its own */
		break;
	}
}

static void
node_command(struct mip6_node *n, const struct mip6_ev_command *c)
{
	uint32_t i;

	switch (c->kind) {
	case MIP6_CMD_FLUSH_BINDING:
		if (n->ha != NULL)
			ha_flush(n, &c->addr);
		if (n->cn != NULL)
			cn_flush(n, &c->addr);
		break;
	case MIP6_CMD_FLUSH_NEIGHBOURS:
		nd_flush_all(n);
		break;
	case MIP6_CMD_FLUSH_ROUTES:
		ha_routes_changed(n);
		cn_routes_changed(n);
		break;
	case MIP6_CMD_FLUSH_REGISTRATION:
		if (n->mn != NULL)
			mn_flush(n, &c->addr);
		break;
	case MIP6_CMD_MOVE:
		for (i = 0; i < MIP6_LINKS_MAX; i++)
			if (n->link[i].used && n->link[i].is_mn &&
			    n->link[i].ev.up &&
			    (c->ifindex == 0 ||
				c->ifindex == n->link[i].ev.ifindex))
				router_link_up(n, &n->link[i]);
		break;
	}
}

/* Neighbour Discovery messages, validated once for everybody. */
static void
node_nd(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	enum mip6_parse parse;
	struct mip6_nd m;

	/* P-ND: out of a tunnel is on no link. Test: test_nd_tunnel */
	if (!mip6_addr_is_any(&h->tunnel_peer)) {
		node_drop(n, MIP6_DROP_ND_SOURCE, &ip->ip.src);
		return;
	}
	parse = mip6_nd_receive(h->octets + ip->upper_at, ip->upper_octets,
	    &ip->ip.src, &ip->ip.dst, ip->ip.hop_limit, &m, NULL);
	/* RFC4861-6.1.2: what is not valid is dropped. Test: test_nd_core */
	if (parse != MIP6_PARSE_OK) {
		node_drop(n,
		    parse == MIP6_PARSE_BAD_HOP_LIMIT ? MIP6_DROP_ND_HOP_LIMIT :
			parse == MIP6_PARSE_BAD_SOURCE ?
							MIP6_DROP_ND_SOURCE :
			parse == MIP6_PARSE_BAD_CHECKSUM ?
							MIP6_DROP_BAD_CHECKSUM :
							MIP6_DROP_ND_INVALID,
		    &ip->ip.src);
		return;
	}
	if (m.type == MIP6_ND_RA) {
		router_input_ra(n, h, ip, &m);
		if (n->ha != NULL) {
			ha_input_ra(n, h, ip, &m);
			ha_mpd_heard(n, h, &m);
		}
	} else if (m.type == MIP6_ND_RS && n->ha != NULL)
		ha_input_rs(n, h, ip, &m);
	else if (m.type == MIP6_ND_NS)
		nd_input_ns(n, h, ip, &m);
	else if (m.type == MIP6_ND_NA)
		nd_input_na(n, h, ip, &m);
}

/* ICMPv6 of mobility: whole, with the right checksum, in the right role. */
static void
node_icmp6(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	struct mip6_icmp6 m;

	if (mip6_icmp6_receive(h->octets + ip->upper_at, ip->upper_octets,
		&ip->eff_src, &ip->eff_dst, &m, NULL) != MIP6_PARSE_OK) {
		node_drop(n, MIP6_DROP_BAD_CHECKSUM, &ip->ip.src);
		return;
	}
	switch (m.type) {
	case MIP6_ICMP6_DHAAD_REQUEST:
		if (n->ha != NULL)
			ha_input_dhaad(n, h, ip);
		break;
	case MIP6_ICMP6_MPS:
		if (n->ha != NULL)
			ha_input_mps(n, h, ip);
		break;
	case MIP6_ICMP6_DHAAD_REPLY:
		if (n->mn != NULL)
			mn_input_dhaad(n, h, ip);
		break;
	case MIP6_ICMP6_MPA:
		if (n->mn != NULL)
			mn_input_mpa(n, h, ip);
		break;
	case MIP6_ICMP6_MLD_QUERY:
	case MIP6_ICMP6_MLD_REPORT:
	case MIP6_ICMP6_MLD_DONE:
	case MIP6_ICMP6_MLD2_REPORT:
		if (n->ha != NULL)
			ha_input_mld(n, h, ip);
		if (n->mn != NULL)
			mn_input_mld(n, h, ip);
		break;
	default:
		break;
	}
}

static void
node_packet(struct mip6_node *n, const struct mip6_hint *h)
{
	struct mip6_ip6_view ip;

	if (mip6_ip6_view(h->octets, h->count, &ip, NULL) != MIP6_PARSE_OK ||
	    mip6_ip6_is_fragment(&ip)) {
		node_drop(n, MIP6_DROP_BAD_CHAIN, NULL);
		return;
	}
	if (ip.upper == MIP6_NH_MH)
		mh_input(n, h, &ip);
	else if (ip.upper == MIP6_NH_ICMPV6 && ip.upper_octets > 0 &&
	    mip6_nd_is_nd(h->octets[ip.upper_at]))
		node_nd(n, h, &ip);
	else if (ip.upper == MIP6_NH_ICMPV6)
		node_icmp6(n, h, &ip);
}

static void
node_hint(struct mip6_node *n, const struct mip6_hint *h)
{
	switch (h->kind) {
	case MIP6_HINT_NO_ROW:
		if (n->mn != NULL)
			mn_no_row(n, h);
		if (n->mn != NULL)
			mn_ro_no_row(n, h);
		if (n->cn != NULL)
			cn_no_row(n, h);
		break;
	case MIP6_HINT_ROW_USED:
		if (n->mn != NULL)
			mn_row_used(n, h);
		if (n->mn != NULL)
			mn_ro_row_used(n, h);
		if (n->cn != NULL)
			cn_row_used(n, h);
		break;
	case MIP6_HINT_HOP:
		nd_asked(n, h->hop);
		break;
	case MIP6_HINT_HAO:
		cn_hao(n, h);
		break;
	case MIP6_HINT_ICMP_ERROR:
		if (n->mn != NULL)
			mn_icmp_error(n, h);
		if (n->ha != NULL)
			ha_icmp_error(n, h);
		if (n->cn != NULL)
			cn_icmp_error(n, h);
		if (n->direct != NULL)
			direct_icmp_error(n, h);
		break;
	case MIP6_HINT_PACKET:
		node_packet(n, h);
		break;
	}
}

static void
node_timer(struct mip6_node *n, const struct mip6_ntimer *t)
{
	uint32_t index = node_timer_index(t);

	switch (node_timer_kind(t)) {
	case MIP6_TIMER_NEIGHBOUR:
		nd_timer(n, index);
		break;
	case MIP6_TIMER_ROUTER:
		router_timer(n, index);
		break;
	case MIP6_TIMER_ROUTER_SILENT:
		router_silent_timer(n, index);
		break;
	case MIP6_TIMER_PREFIX:
		router_prefix_timer(n, index);
		break;
	case MIP6_TIMER_SOLICIT:
		router_solicit_timer(n, index);
		break;
	case MIP6_TIMER_LINK_ADDR:
		link_addr_timer(n, index);
		break;
	case MIP6_TIMER_COA_OWN:
		coa_own_timer(n, index);
		break;
	case MIP6_TIMER_MN_EVALUATE:
	case MIP6_TIMER_MN_SEND:
	case MIP6_TIMER_MN_REFRESH:
	case MIP6_TIMER_MN_EXPIRY:
	case MIP6_TIMER_MN_ANNOUNCE:
	case MIP6_TIMER_MN_HOME:
		mn_timer(n, t);
		break;
	case MIP6_TIMER_BINDING:
		ha_binding_timer(n, index);
		break;
	case MIP6_TIMER_HA_ANNOUNCE:
		ha_announce_timer(n, index);
		break;
	case MIP6_TIMER_HA_REROUTE:
		ha_reroute_timer(n);
		break;
	case MIP6_TIMER_MN_RO:
		mn_ro_timer(n, index);
		break;
	case MIP6_TIMER_CN_BINDING:
		cn_binding_timer(n, index);
		break;
	case MIP6_TIMER_CN:
		cn_timer(n, index);
		break;
	case MIP6_TIMER_DIRECT:
		direct_timer(n);
		break;
	case MIP6_TIMER_WISH:
		host_timer(n, index);
		break;
	case MIP6_TIMER_HA_DAD:
		ha_dad_timer(n, index);
		break;
	case MIP6_TIMER_HA_RA:
		ha_ra_timer(n, index);
		break;
	case MIP6_TIMER_HA_LIST:
		ha_list_timer(n, index);
		break;
	case MIP6_TIMER_HA_MPD:
		ha_mpd_timer(n, index);
		break;
	case MIP6_TIMER_HA_MCAST:
		ha_mcast_timer(n, index);
		break;
	case MIP6_TIMER_MN_AGENT:
		mn_agent_timer(n, index);
		break;
	case MIP6_TIMER_MN_PREFIX:
		mn_prefix_timer(n, index);
		break;
	}
}

/* What is due, while the action list has room for another step. */
static void
node_timers(struct mip6_node *n)
{
	struct mip6_timer *t;

	while (mip6_actions_room(n->out, MIP6_STEP_ACTIONS, MIP6_STEP_OCTETS)) {
		t = mip6_wheel_expire(&n->wheel, n->now.boot);
		if (t == NULL)
			return;
		node_timer(n, (const struct mip6_ntimer *)(const void *)t);
	}
}

static void
node_stop(struct mip6_node *n)
{
	n->stopping = true;
	if (n->mn != NULL)
		mn_stop(n);
	if (n->ha != NULL)
		ha_stop(n);
	if (n->cn != NULL)
		cn_stop(n);
}

void
mip6_node_input(struct mip6_node *n, const struct mip6_now *now,
    const struct mip6_event *ev, struct mip6_actions *out)
{
	MIP6_ASSERT(out->count == 0);
	n->now = *now;
	n->out = out;
	switch (ev->kind) {
	case MIP6_EV_CONFIG:
		node_config(n, ev->u.conf);
		break;
	case MIP6_EV_LINK:
		link_input(n, &ev->u.link);
		break;
	case MIP6_EV_ADDR:
		link_addr_input(n, &ev->u.addr);
		break;
	case MIP6_EV_ROUTES:
		ha_routes_changed(n);
		cn_routes_changed(n);
		break;
	case MIP6_EV_HINT:
		node_hint(n, &ev->u.hint);
		break;
	case MIP6_EV_TIMER:
		break;
	case MIP6_EV_DONE:
		node_done(n, &ev->u.done);
		break;
	case MIP6_EV_COMMAND:
		node_command(n, &ev->u.command);
		break;
	case MIP6_EV_RESTORE:
		node_restore(n, &ev->u.restore);
		break;
	case MIP6_EV_NAME:
		if (n->mn != NULL)
			mn_name(n, &ev->u.name);
		break;
	case MIP6_EV_STOP:
		node_stop(n);
		break;
	}
	/* In the same turn: what an event made due for now is not put off. */
	node_timers(n);
	host_note(n);
	n->out = NULL;
}

void
mip6_node_ahead(const struct mip6_node *n, const struct mip6_hint *h,
    unsigned int step)
{
	if (n->ha != NULL && h->kind == MIP6_HINT_PACKET)
		ha_ahead(n, h, step);
}

struct mip6_time
mip6_node_deadline(const struct mip6_node *n)
{
	return mip6_wheel_next(&n->wheel);
}

const struct mip6_drops *
mip6_node_drops(const struct mip6_node *n)
{
	return &n->drops;
}
