/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Octets as a life of a node: each few octets are an event for
 * mip6_node_input.  Packets are raw octets, or built and signed here from a
 * few choices, so that the script gets past the checksums and the keys; ends
 * of actions are of those outstanding, in any order, well or badly.
 *
 * Whatever comes: every packet that the node sends is one that our parsers
 * take; it asks for no more than the list holds; its deadline moves on; what
 * it shows is whole; and at its end it has given back every octet.
 *
 * Links: core
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/node_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

/* How often a deadline may be "now" before time has to move on. */
#define NODE_IN_PLACE_MAX 200

static struct node_script script; /* large: not on the stack */

static void
node_need(bool cond)
{
	if (!cond)
		abort();
}

static void *
node_alloc(void *arg, size_t octets)
{
	struct node_script *s = arg;

	s->octets += octets;
	return calloc(1, octets);
}

static void
node_release(void *arg, void *mem, size_t octets)
{
	struct node_script *s = arg;

	if (mem == NULL)
		return;
	node_need(s->octets >= octets);
	s->octets -= octets;
	free(mem);
}

static void
node_aborted(const char *what, const char *file, int line)
{
	(void)what;
	(void)file;
	(void)line;
	abort();
}

/* What the node sends has to be right, to the last checksum. */
static void
node_check_sent(struct node_script *s, const uint8_t *octets, size_t count)
{
	struct mip6_ip6_view v;
	struct mip6_icmp6 icmp;
	struct mip6_mh mh;
	struct mip6_nd nd;

	node_need(mip6_ip6_view(octets, count, &v, NULL) == MIP6_PARSE_OK);
	node_need(v.octets == count && v.fault == MIP6_IP6_FAULT_NONE);
	node_need(!mip6_addr_is_multicast(&v.ip.src));
	switch (v.upper) {
	case MIP6_NH_MH:
		node_need(
		    mip6_mh_receive(octets + v.upper_at, v.upper_octets,
			&v.eff_src, &v.eff_dst, &mh, NULL) == MIP6_PARSE_OK);
		if (mh.type == MIP6_MH_BU)
			node_script_saw_update(s, &v, &mh);
		break;
	case MIP6_NH_ICMPV6:
		node_need(
		    mip6_icmp6_receive(octets + v.upper_at, v.upper_octets,
			&v.eff_src, &v.eff_dst, &icmp, NULL) == MIP6_PARSE_OK);
		node_script_saw_asking(s, &v, octets);
		if (mip6_nd_is_nd(icmp.type))
			node_need(
			    mip6_nd_receive(octets + v.upper_at, v.upper_octets,
				&v.ip.src, &v.ip.dst, v.ip.hop_limit, &nd,
				NULL) == MIP6_PARSE_OK);
		break;
	default:
		abort(); /* it has nothing else to say */
	}
}

static void
node_check_action(struct node_script *s, const struct mip6_action *a)
{
	switch (a->kind) {
	case MIP6_ACT_SEND:
	case MIP6_ACT_SEND_TUNNELLED:
		node_check_sent(s, a->u.send.octets, a->u.send.count);
		break;
	case MIP6_ACT_ROW_SET:
		node_need(!mip6_addr_is_any(&a->u.row.home));
		break;
	case MIP6_ACT_ROW_DEL:
	case MIP6_ACT_HOP_SET:
	case MIP6_ACT_LOCAL:
	case MIP6_ACT_MEMBER:
	case MIP6_ACT_MCAST:
		break;
	case MIP6_ACT_TUN_MTU:
		node_need(a->u.set.mtu >= MIP6_IP6_MTU_MIN);
		node_script_asked(s, a);
		break;
	case MIP6_ACT_ADDR:
	case MIP6_ACT_ROUTE:
	case MIP6_ACT_RULE:
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
	case MIP6_ACT_FORWARDING:
	case MIP6_ACT_ROUTE_GET:
	case MIP6_ACT_ALLMULTI:
	case MIP6_ACT_RESOLVE:
		node_script_asked(s, a);
		break;
	case MIP6_ACT_STORE:
		node_script_saw_store(s, &a->u.store);
		node_script_asked(s, a);
		break;
	}
}

static void
node_input(struct node_script *s, const struct mip6_event *ev)
{
	struct mip6_time at;
	size_t i;

	mip6_actions_clear(&s->out);
	mip6_node_input(s->node, &s->now, ev, &s->out);
	node_need(s->out.count <= MIP6_ACTIONS_MAX);
	node_need(s->out.used <= MIP6_ACTIONS_ARENA);
	for (i = 0; i < s->out.count; i++)
		node_check_action(s, &s->out.v[i]);
	at = mip6_node_deadline(s->node);
	if (mip6_time_before(s->now.boot, at))
		s->in_place = 0;
}

/* Time goes on, and at each deadline on the way the node is asked. */
static void
node_pass(struct node_script *s, int64_t us)
{
	struct mip6_time end = mip6_time_add(s->now.boot, MIP6_SPAN_US(us));
	struct mip6_event ev = { .kind = MIP6_EV_TIMER };
	struct mip6_time at;
	uint32_t k;

	for (k = 0; k < NODE_SCRIPT_TIMERS_MAX; k++) {
		at = mip6_node_deadline(s->node);
		if (mip6_time_before(end, at))
			break;
		if (mip6_time_before(s->now.boot, at))
			node_script_clock(s, at);
		else
			node_need(++s->in_place < NODE_IN_PLACE_MAX);
		node_input(s, &ev);
	}
	if (mip6_time_before(s->now.boot, end))
		node_script_clock(s, end);
}

/* ---- what it shows ---- */

static void
node_show_binding(void *arg, const struct mip6_show_binding *r)
{
	if (r->state == NULL)
		abort();
	++*(size_t *)arg;
}

static void
node_show_registration(void *arg, const struct mip6_show_registration *r)
{
	if (r->state == NULL || r->why == NULL || r->left.us < 0)
		abort();
	++*(size_t *)arg;
}

static void
node_show_neighbour(void *arg, const struct mip6_show_neighbour *r)
{
	if (r->state == NULL)
		abort();
	++*(size_t *)arg;
}

static void
node_show(struct node_script *s)
{
	char text[256];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	size_t rows = 0, all;

	mip6_show_why(s->node, &s->now, &f);
	all = mip6_show_bindings(s->node, &s->now, 0, SIZE_MAX,
	    node_show_binding, &rows);
	all += mip6_show_registrations(s->node, &s->now, 0, SIZE_MAX,
	    node_show_registration, &rows);
	all += mip6_show_neighbours(s->node, &s->now, 0, SIZE_MAX,
	    node_show_neighbour, &rows);
	if (rows != all)
		abort();
}

static void
node_begin(struct node_script *s)
{
	struct mip6_node_env env;

	memset(&env, 0, sizeof(env));
	env.alloc = (struct mip6_alloc){ node_alloc, node_release, s };
	env.seed[0] = s->lives++;
	s->node = mip6_node_new(&env, &s->now);
	node_need(s->node != NULL);
	s->asked_count = 0;
	s->in_place = 0;
}

static void
node_end(struct node_script *s)
{
	node_show(s);
	mip6_node_free(s->node);
	s->node = NULL;
	node_need(s->octets == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct node_script *s = &script;
	struct mip6_event ev;
	int64_t us;

	mip6_base_set_abort(node_aborted);
	node_script_init(s, octets, count);
	node_begin(s);
	while (node_script_next(s, &ev, &us)) {
		if (us > 0) {
			node_pass(s, us);
		} else if (us < 0) {
			node_end(s);
			node_begin(s);
		} else {
			node_input(s, &ev);
		}
	}
	node_end(s);
	node_script_fini(s);
	return 0;
}
